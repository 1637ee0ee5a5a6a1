"""What a policy is made of: records that say how far each picture is changed."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar

from torch import Tensor

from striate import _check

__all__ = ["Coloring", "Geometric", "Pixelwise", "Transform", "between", "often"]


@dataclass(frozen=True)
class Transform:
    """One change of pictures, as a fact: its amounts, and for what part of the pictures.

    Each picture gets `draws` numbers in [0, 1) for it. The first decides whether the picture is
    changed at all; how far, the others say.

    Args:
        p: part of the pictures that are changed, 0..1.

    Raises:
        ArgumentError: p outside 0..1.
    """

    p: float = field(default=1.0, kw_only=True)

    stage: ClassVar[int]
    """When it is its turn: geometry 0, colour 1, mixed operations 2, erasing 3, mixing 4."""

    def __post_init__(self) -> None:
        _check.number(type(self).__name__, "p", self.p, 0.0, 1.0)

    @property
    def draws(self) -> int:
        """How many numbers a picture gets for it."""
        return 1

    @abstractmethod
    def describe(self) -> str:
        """What it does, in one sentence."""


@dataclass(frozen=True)
class Geometric(Transform):
    """A transform that moves the pixels of a picture: boxes and masks move along."""

    stage = 0

    @abstractmethod
    def matrices(self, drawn: Tensor, size: tuple[int, int]) -> Tensor:
        """Where each pixel of the result comes from.

        Args:
            drawn: (n, draws) float64.
            size: (height, width) of the pictures in pixels.

        Returns:
            (n, 3, 3) maps of (x, y, 1) in pixels, of the result to those of the picture.
        """


@dataclass(frozen=True)
class Coloring(Transform):
    """A transform that gives each pixel a colour that is a linear function of its own.

    A colour is the vector (red, green, blue, m, 1), of 0..255, with m the mean brightness of the
    picture as it was before the transform.
    """

    stage = 1

    @abstractmethod
    def maps(self, drawn: Tensor) -> Tensor:
        """The maps of colours.

        Args:
            drawn: (n, draws) float64.

        Returns:
            (n, 5, 5) matrices.
        """


@dataclass(frozen=True)
class Pixelwise(Transform):
    """A transform of pixels where they are, that no matrix says."""

    @abstractmethod
    def change(self, images: Tensor, drawn: Tensor) -> tuple[Tensor, Tensor | None]:
        """The changed pictures; only those that are to be changed come here.

        Args:
            images: (n, h, w, c) uint8.
            drawn: (n, draws) float64.

        Returns:
            The pictures, and (n, h, w) where pixels lost what they showed, or None.
        """


def between(drawn: Tensor, amount: float) -> Tensor:
    """Numbers in [0, 1) as numbers from -amount to amount.

    Example:
        >>> import torch
        >>> between(torch.tensor([0.0, 0.5]), 3.0).tolist()
        [-3.0, 0.0]
    """
    return (drawn * 2.0 - 1.0) * amount


def often(p: float) -> str:
    """How many of the pictures, in words.

    Example:
        >>> often(1.0), often(0.25)
        ('every picture', '25 % of the pictures')
    """
    return "every picture" if p == 1.0 else f"{p * 100:.3g} % of the pictures"
