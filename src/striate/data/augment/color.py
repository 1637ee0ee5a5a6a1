"""Brightness, Contrast, Saturation, Hue: the colours of pictures, each by its own amount.

All are linear, so that several of them are one matrix a picture, and colours are cut off at 0 and
255 once, after the last: what one pushes out of range, the next can bring back.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from striate import _check
from striate.data.augment.matrices import stacked
from striate.data.augment.transform import Coloring, between, often

__all__ = [
    "LUMA",
    "Brightness",
    "Contrast",
    "Hue",
    "Saturation",
    "brighter",
    "contrasting",
    "saturated",
]

LUMA = (0.299, 0.587, 0.114)
"""The parts of red, green and blue in how bright a colour is (ITU-R BT.601, as in Pillow)."""

_CHROMA = ((0.595716, -0.274453, -0.321263), (0.211456, -0.522591, 0.311135))
"""I and Q of the colour space YIQ, whose Y is the brightness."""

Row = Sequence[Tensor | float]

_KEPT: tuple[Row, ...] = ((0.0, 0.0, 0.0, 1.0, 0.0), (0.0, 0.0, 0.0, 0.0, 1.0))
"""The last rows of a map that leaves the mean brightness as it is."""


def brighter(factor: Tensor) -> Tensor:
    """(n, 5, 5) maps that multiply colours: 0 gives black, 1 changes nothing."""
    one = torch.ones_like(factor)
    return torch.diag_embed(torch.stack([factor, factor, factor, factor, one], dim=1))


def contrasting(factor: Tensor) -> Tensor:
    """(n, 5, 5) maps away from the mean brightness m: x factor + m (1 - factor)."""
    rest = 1.0 - factor
    rows: list[Row] = list(_KEPT)
    for c in range(3):
        own = [factor if k == c else 0.0 for k in range(3)]
        rows.insert(c, [*own, rest, 0.0])
    return stacked(rows, factor)


def saturated(factor: Tensor) -> Tensor:
    """(n, 5, 5) maps away from the grey of the same brightness: 0 gives grey pictures."""
    rest = 1.0 - factor
    rows: list[Row] = list(_KEPT)
    for c in range(3):
        linear = [part * rest + (factor if k == c else 0.0) for k, part in enumerate(LUMA)]
        rows.insert(c, [*linear, 0.0, 0.0])
    return stacked(rows, factor)


@dataclass(frozen=True)
class _Amount(Coloring):
    """A colour transform of one amount."""

    amount: float = 0.2

    def __post_init__(self) -> None:
        super().__post_init__()
        _check.number(type(self).__name__, "amount", self.amount, 0.0, self._most())

    def _most(self) -> float:
        return 1.0

    @property
    def draws(self) -> int:
        return 2

    def _factor(self, drawn: Tensor) -> Tensor:
        return 1.0 + between(drawn[:, 1], self.amount)

    def _said(self, what: str) -> str:
        low, high = 1 - self.amount, 1 + self.amount
        return f"{what} times {low:g} to {high:g}: {often(self.p)}."


@dataclass(frozen=True)
class Brightness(_Amount):
    """Multiplies colours by a factor drawn evenly from 1 - amount to 1 + amount.

    Args:
        amount: 0..1. Default 0.2.
        p: part of the pictures that are changed. Default 1.

    Raises:
        ArgumentError: amount or p outside 0..1.

    Example:
        >>> Brightness(0.3).describe()
        'Brightness times 0.7 to 1.3: every picture.'
    """

    def maps(self, drawn: Tensor) -> Tensor:
        return brighter(self._factor(drawn))

    def describe(self) -> str:
        return self._said("Brightness")


@dataclass(frozen=True)
class Contrast(_Amount):
    """Moves colours away from the picture's mean brightness m: x f + m (1 - f).

    The factor f is drawn evenly from 1 - amount to 1 + amount.

    Args:
        amount: 0..1. Default 0.2.
        p: part of the pictures that are changed. Default 1.

    Raises:
        ArgumentError: amount or p outside 0..1.

    Example:
        >>> Contrast(0.3).describe()
        'Contrast times 0.7 to 1.3: every picture.'
    """

    def maps(self, drawn: Tensor) -> Tensor:
        return contrasting(self._factor(drawn))

    def describe(self) -> str:
        return self._said("Contrast")


@dataclass(frozen=True)
class Saturation(_Amount):
    """Moves colours away from the grey g of the same brightness: x f + g (1 - f).

    The factor f is drawn evenly from 1 - amount to 1 + amount. Grey pictures stay as they are.

    Args:
        amount: 0..1. Default 0.2.
        p: part of the pictures that are changed. Default 1.

    Raises:
        ArgumentError: amount or p outside 0..1.

    Example:
        >>> Saturation(0.3, p=0.5).describe()
        'Saturation times 0.7 to 1.3: 50 % of the pictures.'
    """

    def maps(self, drawn: Tensor) -> Tensor:
        return saturated(self._factor(drawn))

    def describe(self) -> str:
        return self._said("Saturation")


@dataclass(frozen=True)
class Hue(_Amount):
    """Turns colours about the axis of greys, in the plane of equal brightness of YIQ.

    Brightness stays as it is. (A turn in HSV, which is not linear, changes brightness.) Grey
    pictures stay as they are.

    Args:
        amount: greatest turn as a part of the whole circle, either way, 0..0.5. Default 0.2.
        p: part of the pictures that are changed. Default 1.

    Raises:
        ArgumentError: amount outside 0..0.5, p outside 0..1.

    Example:
        >>> Hue(0.05).describe()
        'Hue turned by up to 18° either way: every picture.'
    """

    def _most(self) -> float:
        return 0.5

    def maps(self, drawn: Tensor) -> Tensor:
        angle = between(drawn[:, 1], 2 * math.pi * self.amount)
        cos, sin = angle.cos(), angle.sin()
        flat, turned = _PLANE, _QUARTER
        rows: list[Row] = list(_KEPT)
        for r in range(3):
            linear = [LUMA[c] + flat[r][c] * cos + turned[r][c] * sin for c in range(3)]
            rows.insert(r, [*linear, 0.0, 0.0])
        return stacked(rows, cos)

    def describe(self) -> str:
        return f"Hue turned by up to {self.amount * 360:.3g}° either way: {often(self.p)}."


def _turns() -> tuple[list[list[float]], list[list[float]]]:
    """The part of a colour that lies in the plane of equal brightness, and that after 90°."""
    to_yiq = torch.tensor([LUMA, *_CHROMA], dtype=torch.float64)
    back = torch.linalg.inv(to_yiq)
    quarter = torch.tensor([[0.0, 0, 0], [0, 0, -1], [0, 1, 0]], dtype=torch.float64)
    plane = torch.eye(3, dtype=torch.float64) - torch.tensor([LUMA] * 3, dtype=torch.float64)
    turned: list[list[float]] = (back @ quarter @ to_yiq).tolist()
    return plane.tolist(), turned


_PLANE, _QUARTER = _turns()
