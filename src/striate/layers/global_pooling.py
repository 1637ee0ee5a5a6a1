"""GlobalAveragePooling2D and GlobalMaxPooling2D: each whole feature map becomes one number."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from .. import _check, ops, shapes
from ..shapes import Cost, Shape
from .base import Layer, register_layer

__all__ = ["GlobalAveragePooling2D", "GlobalMaxPooling2D"]


class _GlobalPooling2D(Layer):
    """What the two have in common: argument, shape and cost."""

    def __init__(self, *, keepdims: bool = False, **base: Any) -> None:
        super().__init__(**base)
        self.keepdims = _check.flag(self.place, "keepdims", keepdims)

    def output_shape(self, input_shape: Shape) -> Shape:
        """(n, c) or (n, 1, 1, c)."""
        self.check_input(input_shape)
        n, _, _, c = input_shape
        return (n, 1, 1, c) if self.keepdims else (n, c)

    def cost(self, input_shape: Shape) -> Cost:
        """No parameters and no multiply-adds: only the bytes of the result."""
        output = self.output_shape(input_shape)
        return Cost(output, 0, 0, shapes.tensor_bytes(output))

    def check_input(self, shape: Any) -> None:
        """Refuses an input that the layer cannot take."""
        _check.rank(self.place, shape, 4, "(n, h, w, c)")


@register_layer("GlobalAveragePooling2D")
class GlobalAveragePooling2D(_GlobalPooling2D):
    """Takes the mean of each whole feature map.

    Args:
        keepdims: whether height and width stay as 1 x 1. Default False.

    Shape:
        input  (n, h, w, c)
        output (n, c), or (n, 1, 1, c) with keepdims

    Raises:
        ShapeError: an input that is not 4-dimensional.

    Example:
        >>> import torch
        >>> GlobalAveragePooling2D()(torch.ones(1, 7, 7, 3))
        tensor([[1., 1., 1.]])

    Reference:
        Lin, Chen, Yan, "Network in network", ICLR 2014, arXiv 1312.4400, section 3.2.
    """

    def call(self, x: Tensor) -> Tensor:
        """The mean over height and width."""
        return ops.global_avg_pool(x, keepdims=self.keepdims)


@register_layer("GlobalMaxPooling2D")
class GlobalMaxPooling2D(_GlobalPooling2D):
    """Keeps the largest value of each whole feature map.

    Equal largest values share the gradient.

    Args:
        keepdims: whether height and width stay as 1 x 1. Default False.

    Shape:
        input  (n, h, w, c)
        output (n, c), or (n, 1, 1, c) with keepdims

    Raises:
        ShapeError: an input that is not 4-dimensional.

    Example:
        >>> import torch
        >>> GlobalMaxPooling2D()(torch.arange(4.0).reshape(1, 2, 2, 1))
        tensor([[3.]])
    """

    def call(self, x: Tensor) -> Tensor:
        """The largest over height and width."""
        return ops.global_max_pool(x, keepdims=self.keepdims)
