"""Lighting: AlexNet's change of colours along the principal components of ImageNet's."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from striate import _check
from striate.data.augment.color import LUMA, Row
from striate.data.augment.matrices import stacked
from striate.data.augment.transform import Coloring, often

__all__ = ["Lighting"]

_VALUES = (0.2175, 0.0188, 0.0045)
_VECTORS = ((-0.5675, 0.7192, 0.4009), (-0.5808, -0.0045, -0.8140), (-0.5836, -0.6948, 0.4203))
"""Of red, green and blue of 0..1, a column for each component. The paper prints no numbers; these
are the ones in general use, first published with Facebook's fb.resnet.torch."""


@dataclass(frozen=True)
class Lighting(Coloring):
    """Adds to all pixels of a picture the same colour: p1 a1 l1 + p2 a2 l2 + p3 a3 l3.

    p are the principal components of the colours of ImageNet, l their values, and each a is drawn
    from a normal distribution. Grey pictures get the brightness of that colour.

    Args:
        std: standard deviation of a. Default 0.1, as in the paper.
        p: part of the pictures that are changed. Default 1.

    Raises:
        ArgumentError: std below 0, p outside 0..1.

    Example:
        >>> Lighting().describe()
        "Light of another colour (AlexNet's PCA, deviation 0.1): every picture."

    Reference:
        Krizhevsky, Sutskever, Hinton, "ImageNet Classification with Deep Convolutional Neural
        Networks", NIPS 2012, section 4.1.
    """

    std: float = 0.1

    def __post_init__(self) -> None:
        super().__post_init__()
        _check.number("Lighting", "std", self.std, 0.0)

    @property
    def draws(self) -> int:
        return 7

    def maps(self, drawn: Tensor) -> Tensor:
        length = (-2.0 * (1.0 - drawn[:, 1:4]).log()).sqrt()  # Box and Muller
        amounts = length * (drawn[:, 4:7] * (2 * math.pi)).cos() * self.std
        rows: list[Row] = []
        brightness = torch.zeros_like(amounts[:, 0])
        for c in range(3):
            added = torch.zeros_like(brightness)
            for k, value in enumerate(_VALUES):
                added = added + amounts[:, k] * (255.0 * value * _VECTORS[c][k])
            rows.append([*(float(k == c) for k in range(3)), 0.0, added])
            brightness = brightness + added * LUMA[c]
        mean = (0.0, 0.0, 0.0, 1.0, brightness)
        return stacked([*rows, mean, (0.0, 0.0, 0.0, 0.0, 1.0)], brightness)

    def describe(self) -> str:
        return f"Light of another colour (AlexNet's PCA, deviation {self.std:g}): {often(self.p)}."
