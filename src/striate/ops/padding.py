"""What the word for a padding means in pixels. The rule of "same" itself is in `shapes`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from .. import _check
from ..shapes import AxisPadding, Size, same_padding

__all__ = ["PaddingPx", "padding_px", "parse_padding"]

PaddingPx = tuple[tuple[Size, Size], tuple[Size, Size]]
"""((top, bottom), (left, right)) in pixels."""

_RULE = 'be "valid", "same", a number of pixels, (h, w), or ((top, bottom), (left, right))'


def parse_padding(place: str, padding: Any) -> tuple[AxisPadding, AxisPadding]:
    """One AxisPadding for each of height and width, from any of the five ways to write it.

    Example:
        >>> parse_padding("Conv2D", 3), parse_padding("Conv2D", "same")
        (((3, 3), (3, 3)), ('same', 'same'))
    """
    if isinstance(padding, str):
        if padding not in ("valid", "same"):
            near = _check.nearest(padding, ("valid", "same"), 1)[0]
            _check.fail(place, "padding", _RULE, padding, f'Did you mean "{near}"?')
        return padding, padding
    sides = tuple(padding) if isinstance(padding, list | tuple) else (padding, padding)
    pairs = tuple(tuple(s) if isinstance(s, list | tuple) else (s, s) for s in sides)
    if len(pairs) != 2 or not all(len(p) == 2 and all(_is_pixels(v) for v in p) for p in pairs):
        _check.fail(place, "padding", _RULE, padding)
    return pairs


def _is_pixels(value: Any) -> bool:
    return hasattr(value, "__index__") and not isinstance(value, bool) and value.__index__() >= 0


def padding_px(
    sizes: Sequence[Size],
    padding: Sequence[AxisPadding],
    *,
    kernel: Sequence[int],
    strides: Sequence[int] = (1, 1),
    dilation: Sequence[int] = (1, 1),
) -> PaddingPx:
    """The pixels that are added to an input of (h, w); sizes may be symbolic."""
    sides: list[tuple[Size, Size]] = []
    for size, side, k, s, d in zip(sizes, padding, kernel, strides, dilation, strict=True):
        if side == "same":
            sides.append(same_padding(size, kernel=k, stride=s, dilation=d, max=torch.sym_max))
        else:
            sides.append((0, 0) if isinstance(side, str) else side)
    return sides[0], sides[1]
