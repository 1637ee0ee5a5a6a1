"""DepthPooling2D: groups of feature maps become one."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from .. import _check, ops, shapes
from ..shapes import Cost, Shape
from .base import Layer, register_layer

__all__ = ["DepthPooling2D"]


@register_layer("DepthPooling2D")
class DepthPooling2D(Layer):
    """Keeps the largest value of each group of neighbouring channels, pixel by pixel.

    After filters that see one pattern in several turns, the largest says that it is there,
    however it is turned. Equal values share the gradient.

    Args:
        pool_size: channels in a group. Default 2.

    Shape:
        input  (n, h, w, c)
        output (n, h, w, c / pool_size)

    Raises:
        ArgumentError: a size below 1.
        ShapeError: an input that is not 4-dimensional, or channels that the size does not divide.

    Example:
        >>> import torch
        >>> DepthPooling2D(3)(torch.zeros(2, 70, 120, 60)).shape
        torch.Size([2, 70, 120, 20])

    Reference:
        Géron, "Hands-on machine learning", 3rd edition, 2022, chapter 14.
    """

    sees_pixels = True

    def __init__(self, pool_size: int = 2, **base: Any) -> None:
        super().__init__(**base)
        self.pool_size = _check.positive_int(self.place, "pool_size", pool_size)

    def call(self, x: Tensor) -> Tensor:
        """The largest value of each group."""
        return ops.depth_pool(x, self.pool_size)

    def output_shape(self, input_shape: Shape) -> Shape:
        """(n, h, w, c / pool_size)."""
        self.check_input(input_shape)
        *rest, channels = input_shape
        return (*rest, shapes.floor_div(channels, self.pool_size))

    def cost(self, input_shape: Shape) -> Cost:
        """No parameters and no multiply-adds: only the bytes of the result."""
        output = self.output_shape(input_shape)
        return Cost(output, 0, 0, shapes.tensor_bytes(output))

    def check_input(self, shape: Any) -> None:
        """Refuses an input that the layer cannot take."""
        _check.rank(self.place, shape, 4, "(n, h, w, c)")
        if shape[-1] is not None and shape[-1] % self.pool_size:
            rule = f"have channels that pool_size={self.pool_size} divides"
            fix = "Choose a pool_size that divides the channels."
            _check.shape_fail(self.place, rule, shape, fix)
