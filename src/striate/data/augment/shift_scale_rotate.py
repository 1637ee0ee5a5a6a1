"""ShiftScaleRotate: pictures moved, zoomed, turned and slanted a little."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from striate import _check
from striate.data.augment.matrices import about_middle, moved, product
from striate.data.augment.transform import Geometric, between, often

__all__ = ["ShiftScaleRotate"]


@dataclass(frozen=True)
class ShiftScaleRotate(Geometric):
    """Slants a picture, turns it and zooms about its middle, then moves it.

    Each amount is drawn evenly between its two ends, whatever the others are.

    Args:
        shift: greatest move as a part of width and of height, 0..1.
        scale: things become 1 - scale to 1 + scale times as large, 0 <= scale < 1.
        rotate: greatest turn in degrees, either way.
        shear: greatest slant in degrees, of the verticals, either way, 0..60.
        p: part of the pictures that are changed. Default 1.

    Raises:
        ArgumentError: an amount outside its range.

    Example:
        >>> print(ShiftScaleRotate(shift=0.05, rotate=10).describe())
        Moved by up to 5 % of the sides and turned by up to 10° either way: every picture.
    """

    shift: float = 0.0
    scale: float = 0.0
    rotate: float = 0.0
    shear: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        place = "ShiftScaleRotate"
        _check.number(place, "shift", self.shift, 0.0, 1.0)
        _check.fraction(place, "scale", self.scale)
        _check.number(place, "rotate", self.rotate, 0.0, 180.0)
        _check.number(place, "shear", self.shear, 0.0, 60.0)

    @property
    def draws(self) -> int:
        return 6

    def matrices(self, drawn: Tensor, size: tuple[int, int]) -> Tensor:
        right, down, scale, turn, slant = drawn[:, 1:].unbind(1)
        right, down = between(right, self.shift), between(down, self.shift)
        larger = 1.0 + between(scale, self.scale)
        angle = between(turn, math.radians(self.rotate))
        cos, sin = angle.cos() / larger, angle.sin() / larger
        one, zero = torch.ones_like(cos), torch.zeros_like(cos)
        slant = between(slant, math.radians(self.shear)).tan()
        slanted = about_middle(((one, slant), (zero, one)), size)
        turned = about_middle(((cos, -sin), (sin, cos)), size)
        return product(product(slanted, turned), moved(right * size[1], down * size[0]))

    def describe(self) -> str:
        parts = []
        if self.shear:
            parts.append(f"slanted by up to {self.shear:g}° either way")
        if self.rotate:
            parts.append(f"turned by up to {self.rotate:g}° either way")
        if self.scale:
            parts.append(f"zoomed to {1 - self.scale:g} to {1 + self.scale:g} of their size")
        if self.shift:
            parts.insert(0, f"moved by up to {self.shift * 100:.3g} % of the sides")
        said = " and ".join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts)
        return f"{(said or 'left where they are').capitalize()}: {often(self.p)}."
