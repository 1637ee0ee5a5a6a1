"""RandAugment: some operations out of a list, all of one strength, for each picture its own."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from striate import _check
from striate.data.augment.color import brighter, contrasting, saturated
from striate.data.augment.matrices import about_middle, moved, product
from striate.data.augment.resample import recolor
from striate.data.augment.tones import autocontrast, equalize, posterize, sharpen, solarize
from striate.data.augment.transform import Geometric, Pixelwise, often

__all__ = ["RAND_AUGMENT_OPERATIONS", "RandAugment"]

RAND_AUGMENT_OPERATIONS = (
    "identity",
    "autocontrast",
    "equalize",
    "rotate",
    "solarize",
    "color",
    "posterize",
    "contrast",
    "brightness",
    "sharpness",
    "shear_x",
    "shear_y",
    "translate_x",
    "translate_y",
)
"""In the paper's order."""

_STRONGEST = 30


@dataclass(frozen=True)
class RandAugment(Geometric, Pixelwise):
    """Changes each picture by `count` operations, drawn with equal chances from 14.

    At magnitude 30 a turn is by 30°, a slant by 0.3, a move by 150/331 of the side, colour,
    contrast, brightness and sharpness are times 1 - 0.9 or 1 + 0.9, solarize turns all numbers
    over, and posterize keeps 4 bits; at m it is m/30 of that. Which way is drawn. Turns, slants and
    moves join those of the policy in one reading of the picture, slants about its middle; the
    others follow in the order in which they were drawn.

    Args:
        count: operations a picture. Default 2, as in the paper.
        magnitude: strength, 0..30. Default 9, as in the paper for ResNet-50.
        p: part of the pictures that are changed. Default 1.

    Raises:
        ArgumentError: count below 1, magnitude outside 0..30, p outside 0..1.

    Example:
        >>> RandAugment().describe()
        'RandAugment: 2 of 14 operations of magnitude 9 of 30: every picture.'

    Reference:
        Cubuk et al., "RandAugment: Practical automated data augmentation with a reduced search
        space", NeurIPS 2020, arXiv 1909.13719; ranges as in Cubuk et al., "AutoAugment", CVPR
        2019, arXiv 1805.09501, table 6.
    """

    count: int = 2
    magnitude: float = 9.0

    stage = 2

    def __post_init__(self) -> None:
        super().__post_init__()
        _check.positive_int("RandAugment", "count", self.count)
        _check.number("RandAugment", "magnitude", self.magnitude, 0.0, float(_STRONGEST))

    @property
    def draws(self) -> int:
        return 1 + 2 * self.count

    def matrices(self, drawn: Tensor, size: tuple[int, int]) -> Tensor:
        strength = self.magnitude / _STRONGEST
        parts = [self._matrix(chosen, sign * strength, size) for chosen, sign in self._slots(drawn)]
        return functools.reduce(product, parts)

    def _slots(self, drawn: Tensor) -> list[tuple[Tensor, Tensor]]:
        """(number of the operation, -1 or 1), each (n,), for each of the picture's operations."""
        chosen = (drawn[:, 1 : 1 + self.count] * len(RAND_AUGMENT_OPERATIONS)).to(torch.int64)
        signs = torch.where(drawn[:, 1 + self.count :] < 0.5, -1.0, 1.0).to(torch.float64)
        return list(zip(chosen.unbind(1), signs.unbind(1), strict=True))

    def _matrix(self, chosen: Tensor, strength: Tensor, size: tuple[int, int]) -> Tensor:
        def where(name: str, most: float) -> Tensor:
            own = chosen == RAND_AUGMENT_OPERATIONS.index(name)
            return torch.where(own, strength * most, 0.0)

        angle = where("rotate", math.radians(30.0))
        cos, sin = angle.cos(), angle.sin()
        linear = ((cos, where("shear_x", 0.3) - sin), (where("shear_y", 0.3) + sin, cos))
        move = 150 / 331
        right, down = where("translate_x", move * size[1]), where("translate_y", move * size[0])
        return product(about_middle(linear, size), moved(right, down))

    def change(self, images: Tensor, drawn: Tensor) -> tuple[Tensor, Tensor | None]:
        y = images.clone()
        for chosen, sign in self._slots(drawn):
            factors = 1.0 + sign * (0.9 * self.magnitude / _STRONGEST)
            numbers = chosen.cpu()
            for number in numbers.unique().tolist():
                operation = self._operation(RAND_AUGMENT_OPERATIONS[number])
                if operation is not None:
                    rows = (numbers == number).nonzero()[:, 0].to(y.device)
                    y[rows] = operation(y[rows], factors[rows])
        return y, None

    def _operation(self, name: str) -> Callable[[Tensor, Tensor], Tensor] | None:
        """What an operation does to pictures by their factors; None where it leaves the pixels."""
        part = self.magnitude / _STRONGEST
        table: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
            "autocontrast": lambda x, _: autocontrast(x),
            "equalize": lambda x, _: equalize(x),
            "solarize": lambda x, _: solarize(x, 255.0 * (1.0 - part)),
            "posterize": lambda x, _: posterize(x, 8 - round(4 * part)),
            "color": lambda x, factors: recolor(x, saturated(factors)),
            "contrast": lambda x, factors: recolor(x, contrasting(factors)),
            "brightness": lambda x, factors: recolor(x, brighter(factors)),
            "sharpness": sharpen,
        }
        return table.get(name)

    def describe(self) -> str:
        return (
            f"RandAugment: {self.count} of {len(RAND_AUGMENT_OPERATIONS)} operations of magnitude "
            f"{self.magnitude:g} of {_STRONGEST}: {often(self.p)}."
        )
