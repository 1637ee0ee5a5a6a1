"""Erasing: a rectangle of each picture is covered with noise."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import torch
from torch import Tensor

from striate import _check
from striate.data.augment.bytes import choose
from striate.data.augment.transform import Pixelwise, often
from striate.ops.random import bits, element_words

__all__ = ["Erasing"]

_TRIES = 10
_WORDS = (0x2545F491, 0x6A09E667)


@dataclass(frozen=True)
class Erasing(Pixelwise):
    """Covers a rectangle of a picture with noise, each number of each pixel drawn from 0..255.

    The rectangle's area is drawn evenly, and the logarithm of its proportions too. Of ten such
    draws the first that fits into the picture is taken; if none does, nothing is erased. Masks
    are ignored there; boxes stay.

    Args:
        area: (least, greatest) part of the picture's area. Default as in the paper.
        ratio: (least, greatest) height of the rectangle divided by its width. Default as there.
        p: part of the pictures in which something is erased. Default 0.5.

    Raises:
        ArgumentError: no pair, an end outside its range, or the least above the greatest.

    Example:
        >>> print(Erasing(p=0.25).describe())
        A rectangle of 2 % to 40 % of the area becomes noise: 25 % of the pictures.

    Reference:
        Zhong et al., "Random Erasing Data Augmentation", AAAI 2020, arXiv 1708.04896. (There the
        proportions themselves are drawn evenly.)
    """

    area: tuple[float, float] = (0.02, 0.4)
    ratio: tuple[float, float] = (0.3, 1 / 0.3)
    p: float = field(default=0.5, kw_only=True)

    stage = 3

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, high in (("area", 1.0), ("ratio", math.inf)):
            ends = _check.numbers("Erasing", name, getattr(self, name), 0.0, high)
            if len(ends) != 2 or not 0.0 < ends[0] <= ends[1]:
                _check.fail("Erasing", name, "be a pair 0 < least <= greatest", getattr(self, name))
            object.__setattr__(self, name, tuple(ends))

    @property
    def draws(self) -> int:
        return 4 + 2 * _TRIES

    def rectangles(self, drawn: Tensor, size: tuple[int, int]) -> tuple[Tensor, ...]:
        """(n,) whole numbers: top, left, height, width in pixels, 0 high where nothing fits."""
        h, w = size
        low, high = self.area
        area = (drawn[:, 4 : 4 + _TRIES] * (high - low) + low) * (h * w)
        flat, steep = (math.log(end) for end in self.ratio)
        ratio = (drawn[:, 4 + _TRIES :] * (steep - flat) + flat).exp()
        heights, widths = (area * ratio).sqrt().round(), (area / ratio).sqrt().round()
        fits = (heights <= h) & (widths <= w) & (heights >= 1) & (widths >= 1)
        first = fits.to(torch.uint8).argmax(dim=1, keepdim=True)
        height = heights.gather(1, first)[:, 0] * fits.any(dim=1)
        width = widths.gather(1, first)[:, 0]
        top = (drawn[:, 1] * (h - height + 1)).floor()
        left = (drawn[:, 2] * (w - width + 1)).floor()
        return tuple(part.to(torch.int64) for part in (top, left, height, width))

    def change(self, images: Tensor, drawn: Tensor) -> tuple[Tensor, Tensor | None]:
        n, h, w, c = images.shape
        top, left, height, width = (part[:, None] for part in self.rectangles(drawn, (h, w)))
        row = torch.arange(h, device=images.device)
        column = torch.arange(w, device=images.device)
        rows = (row >= top) & (row < top + height)
        columns = (column >= left) & (column < left + width)
        lost = rows[:, :, None] & columns[:, None, :]
        starts = (drawn[:, 3] * (h * w * c)).to(torch.int64)
        noise = _noise(h * w * c, images.device).index_select(0, starts).reshape(n, h, w, c)
        return choose(lost[..., None], noise, images), lost

    def describe(self) -> str:
        low, high = (f"{part * 100:.3g} %" for part in self.area)
        return f"A rectangle of {low} to {high} of the area becomes noise: {often(self.p)}."


def _noise(count: int, device: torch.device) -> Tensor:
    """(count, count) bytes, evenly spread: each row is a window of the same 2 count ones."""
    words = torch.tensor([_WORDS], dtype=torch.int32, device=device)
    drawn = bits((words[:, :1], words[:, 1:] | 1), element_words(2 * count, device))
    line = (drawn.flatten() >> 24).bitwise_and(255).to(torch.uint8)
    return line.as_strided((count, count), (1, 1))
