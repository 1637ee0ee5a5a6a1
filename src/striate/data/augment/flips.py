"""HorizontalFlip and VerticalFlip: pictures mirrored."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

from striate.data.augment.matrices import stacked
from striate.data.augment.transform import Geometric, often

__all__ = ["Flip", "HorizontalFlip", "VerticalFlip"]


@dataclass(frozen=True)
class Flip(Geometric):
    """Base of the two flips."""

    p: float = field(default=0.5, kw_only=True)


@dataclass(frozen=True)
class HorizontalFlip(Flip):
    """Left and right change places.

    Args:
        p: part of the pictures that are mirrored. Default 0.5.

    Raises:
        ArgumentError: p outside 0..1.

    Example:
        >>> HorizontalFlip().describe()
        'Left and right change places in 50 % of the pictures.'
    """

    def matrices(self, drawn: Tensor, size: tuple[int, int]) -> Tensor:
        one = torch.ones_like(drawn[:, 0])
        rows = ((-one, 0.0, float(size[1] - 1)), (0.0, one, 0.0), (0.0, 0.0, 1.0))
        return stacked(rows, one)

    def describe(self) -> str:
        return f"Left and right change places in {often(self.p)}."


@dataclass(frozen=True)
class VerticalFlip(Flip):
    """Top and bottom change places.

    Args:
        p: part of the pictures that are mirrored. Default 0.5.

    Raises:
        ArgumentError: p outside 0..1.

    Example:
        >>> VerticalFlip(p=0.25).describe()
        'Top and bottom change places in 25 % of the pictures.'
    """

    def matrices(self, drawn: Tensor, size: tuple[int, int]) -> Tensor:
        one = torch.ones_like(drawn[:, 0])
        rows = ((one, 0.0, 0.0), (0.0, -one, float(size[0] - 1)), (0.0, 0.0, 1.0))
        return stacked(rows, one)

    def describe(self) -> str:
        return f"Top and bottom change places in {often(self.p)}."
