"""AdaptiveAveragePooling2D: a map of any size becomes one of a given size."""

from __future__ import annotations

from typing import Any

from torch import Tensor
from torch.nn import functional

from .. import _check, shapes
from ..shapes import Cost, Shape
from .base import Layer, register_layer

__all__ = ["AdaptiveAveragePooling2D"]


@register_layer("AdaptiveAveragePooling2D")
class AdaptiveAveragePooling2D(Layer):
    """Cuts each feature map into a fixed number of windows and takes the mean of each.

    Row i of h' covers the rows from floor(i h / h') to ceil((i + 1) h / h') of the input's h; so
    windows may overlap, and a map that is smaller than the result is repeated.

    Args:
        output_size: height and width of the result, in pixels.

    Shape:
        input  (n, h, w, c)
        output (n, *output_size, c)

    Raises:
        ArgumentError: a size below 1.
        ShapeError: an input that is not 4-dimensional.

    Example:
        >>> import torch
        >>> x = torch.arange(5.0).reshape(1, 5, 1, 1)
        >>> AdaptiveAveragePooling2D((2, 1))(x).flatten()
        tensor([1., 3.])
    """

    def __init__(self, output_size: int | tuple[int, int], **base: Any) -> None:
        super().__init__(**base)
        self.output_size = _check.pair(self.place, "output_size", output_size)

    def call(self, x: Tensor) -> Tensor:
        """The mean of each window."""
        x_nchw = x.permute(0, 3, 1, 2)
        return functional.adaptive_avg_pool2d(x_nchw, self.output_size).permute(0, 2, 3, 1)

    def output_shape(self, input_shape: Shape) -> Shape:
        """(n, *output_size, c)."""
        self.check_input(input_shape)
        return (input_shape[0], *self.output_size, input_shape[-1])

    def cost(self, input_shape: Shape) -> Cost:
        """No parameters and no multiply-adds: only the bytes of the result."""
        output = self.output_shape(input_shape)
        return Cost(output, 0, 0, shapes.tensor_bytes(output))

    def check_input(self, shape: Any) -> None:
        """Refuses an input that the layer cannot take."""
        _check.rank(self.place, shape, 4, "(n, h, w, c)")
