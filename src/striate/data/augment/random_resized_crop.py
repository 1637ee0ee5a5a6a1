"""RandomResizedCrop: windows of pictures, enlarged to the size of the pictures."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from striate import _check
from striate.data.augment.matrices import stacked
from striate.data.augment.transform import Geometric, often

__all__ = ["RandomResizedCrop"]

_TRIES = 10


@dataclass(frozen=True)
class RandomResizedCrop(Geometric):
    """Cuts a window out of a picture and enlarges it to the picture's size, by Inception's rule.

    The window's area is drawn evenly, and the logarithm of its proportions too. Of ten such draws
    the first that fits into the picture is taken, at a place drawn evenly among whole pixels. If
    none fits, it is the largest window in the middle whose proportions lie between the two.

    Args:
        scale: (least, greatest) area of the window as a part of the picture's, 0 < part <= 1.
        ratio: (least, greatest) width of the window divided by its height, above 0.
        p: part of the pictures that are cropped. Default 1.

    Raises:
        ArgumentError: no pair, an end outside its range, or the least above the greatest.

    Example:
        >>> print(RandomResizedCrop((0.25, 1.0)).describe())
        A window of 25 % to 100 % of the area, 0.75 to 1.33 times as wide as high, fills the whole:
        every picture.

    Reference:
        Szegedy et al., "Going Deeper with Convolutions", CVPR 2015, arXiv 1409.4842, section 6.
    """

    scale: tuple[float, float] = (0.08, 1.0)
    ratio: tuple[float, float] = (3 / 4, 4 / 3)

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, high in (("scale", 1.0), ("ratio", math.inf)):
            ends = _check.numbers("RandomResizedCrop", name, getattr(self, name), 0.0, high)
            if len(ends) != 2 or not 0.0 < ends[0] <= ends[1]:
                rule = "be a pair 0 < least <= greatest"
                _check.fail("RandomResizedCrop", name, rule, getattr(self, name))
            object.__setattr__(self, name, tuple(ends))

    @property
    def draws(self) -> int:
        return 3 + 2 * _TRIES

    def windows(self, drawn: Tensor, size: tuple[int, int]) -> tuple[Tensor, ...]:
        """(n,) whole numbers, as float64: left, top, width and height of each window in pixels."""
        h, w = size
        low, high = self.scale
        area = (drawn[:, 3 : 3 + _TRIES] * (high - low) + low) * (h * w)
        flat, steep = (math.log(end) for end in self.ratio)
        ratio = (drawn[:, 3 + _TRIES :] * (steep - flat) + flat).exp()
        widths, heights = (area * ratio).sqrt().round(), (area / ratio).sqrt().round()
        fits = (widths <= w) & (heights <= h) & (widths >= 1) & (heights >= 1)
        first = fits.to(torch.uint8).argmax(dim=1, keepdim=True)
        middle_w, middle_h = self._middle(size)
        found = fits.any(dim=1)
        width = torch.where(found, widths.gather(1, first)[:, 0], middle_w)
        height = torch.where(found, heights.gather(1, first)[:, 0], middle_h)
        left = torch.where(found, (drawn[:, 1] * (w - width + 1)).floor(), (w - middle_w) // 2)
        top = torch.where(found, (drawn[:, 2] * (h - height + 1)).floor(), (h - middle_h) // 2)
        return left, top, width, height

    def _middle(self, size: tuple[int, int]) -> tuple[float, float]:
        """Width and height of the window that is taken where none fits."""
        h, w = size
        narrowest, widest = self.ratio
        if w / h < narrowest:
            return float(w), float(max(1, round(w / narrowest)))
        if w / h > widest:
            return float(max(1, round(h * widest))), float(h)
        return float(w), float(h)

    def matrices(self, drawn: Tensor, size: tuple[int, int]) -> Tensor:
        left, top, width, height = self.windows(drawn, size)
        across, down = width / size[1], height / size[0]
        rows = (
            (across, 0.0, left + 0.5 * across - 0.5),
            (0.0, down, top + 0.5 * down - 0.5),
            (0.0, 0.0, 1.0),
        )
        return stacked(rows, left)

    def describe(self) -> str:
        low, high = (f"{part * 100:.3g} %" for part in self.scale)
        narrow, wide = (f"{part:.3g}" for part in self.ratio)
        return (
            f"A window of {low} to {high} of the area, {narrow} to {wide} times as wide as high, "
            f"fills the whole: {often(self.p)}."
        )
