"""The rule that every sliding window keeps: it fits its input at least once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import _check, shapes
from ..shapes import AxisPadding

__all__ = ["check_window"]


def check_window(
    place: str,
    shape: Any,
    kernel: Sequence[int],
    padding: Sequence[AxisPadding],
    dilation: Sequence[int] = (1, 1),
) -> None:
    """Refuses an input (n, h, w, c) that is smaller than the window; open sizes pass.

    Raises:
        ShapeError: names the input and the smallest one that fits.
    """
    for size, k, side, d in zip(shape[1:3], kernel, padding, dilation, strict=True):
        places = shapes.output_size(size, kernel=k, dilation=d, padding=side)
        if type(places) is int and places < 1:
            extent = tuple(
                shapes.kernel_extent(a, b) for a, b in zip(kernel, dilation, strict=True)
            )
            rule = f"be at least as large as the window, {extent[0]}x{extent[1]} with its padding"
            _check.shape_fail(place, rule, shape, 'Use padding="same" or a larger picture.')
