"""Dropout: a part of the numbers is set to zero in training."""

from __future__ import annotations

from typing import Any

import torch.nn.functional as F
from torch import Tensor

from .. import _check
from ..shapes import Shape
from .base import register_layer
from .drawing import Drawing

__all__ = ["Dropout"]


@register_layer("Dropout")
class Dropout(Drawing):
    """Sets a random part of the numbers to zero in training; in inference it does nothing.

    What stays is divided by 1 - rate, so that the expectation is the input.

    Args:
        rate: part that is set to zero, 0 <= rate < 1.

    Shape:
        input  (n, ...)
        output (n, ...)

    Raises:
        ArgumentError: a rate outside 0 <= rate < 1.

    Example:
        >>> import torch
        >>> Dropout(0.5)(torch.ones(1, 3))
        tensor([[1., 1., 1.]])

    Reference:
        Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting",
        JMLR 2014.
    """

    def __init__(self, rate: float, **base: Any) -> None:
        super().__init__(**base)
        self.rate = _check.fraction(self.place, "rate", rate)

    def call(self, x: Tensor, training: bool | None = None) -> Tensor:
        """The thinned input in training, the input itself otherwise."""
        if not training or self.rate == 0.0:
            return x
        if not self.in_step:
            return F.dropout(x, self.rate)
        kept = self.draw(x.shape[1:], x) >= self.rate
        return x * kept.to(x.dtype).div_(1.0 - self.rate)

    def output_shape(self, input_shape: Shape) -> Shape:
        """The input's."""
        return tuple(input_shape)
