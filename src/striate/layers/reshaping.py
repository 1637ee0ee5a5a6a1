"""Flatten: the numbers of a sample in one row."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from .. import _check, shapes
from ..shapes import Cost, Shape
from .base import Layer, register_layer

__all__ = ["Flatten"]


@register_layer("Flatten")
class Flatten(Layer):
    """Puts all numbers of a sample in one row, in the order height, width, channel.

    It is a view: no number is copied. Nets of other worlds flatten channel first; their Dense
    weights need another order.

    Shape:
        input  (n, ...)
        output (n, product of the rest)

    Raises:
        ShapeError: an input without a batch dimension.

    Example:
        >>> import torch
        >>> Flatten()(torch.zeros(2, 3, 3, 128)).shape
        torch.Size([2, 1152])
    """

    def call(self, x: Tensor) -> Tensor:
        """One row a sample."""
        return x.flatten(1) if x.dim() > 1 else x[:, None]

    def output_shape(self, input_shape: Shape) -> Shape:
        """(n, product of the rest)."""
        self.check_input(input_shape)
        return (input_shape[0], shapes.element_count(input_shape[1:]))

    def cost(self, input_shape: Shape) -> Cost:
        """Nothing: the result is a view."""
        return Cost(self.output_shape(input_shape), 0, 0, 0)

    def check_input(self, shape: Any) -> None:
        """Refuses an input that the layer cannot take."""
        if not shape:
            _check.shape_fail(self.place, "have a batch dimension (n, ...)", shape)
