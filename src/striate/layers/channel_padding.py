"""ZeroChannels: further channels of zeros, so that a map can be added to a wider one."""

from __future__ import annotations

from typing import Any

from torch import Tensor
from torch.nn import functional

from .. import _check, shapes
from ..shapes import Cost, Shape
from .base import Layer, register_layer

__all__ = ["ZeroChannels"]


@register_layer("ZeroChannels")
class ZeroChannels(Layer):
    """Puts channels of zeros before and after those of the input.

    Args:
        before, after: how many.

    Shape:
        input  (n, ..., c)
        output (n, ..., before + c + after)

    Raises:
        ArgumentError: a number that is not whole or below 0.
        ShapeError: an input without channels.

    Example:
        >>> import torch
        >>> ZeroChannels(1, 2)(torch.ones(1, 1, 1, 1)).flatten()
        tensor([0., 1., 0., 0.])

    Reference:
        He et al., "Deep Residual Learning for Image Recognition", CVPR 2016, arXiv 1512.03385,
        section 3.3, option A of the shortcuts.
    """

    sees_pixels = True

    def __init__(self, before: int, after: int, **base: Any) -> None:
        super().__init__(**base)
        self.before = _check.whole(self.place, "before", before, 0)
        self.after = _check.whole(self.place, "after", after, 0)

    def call(self, x: Tensor) -> Tensor:
        """x with the further channels."""
        return functional.pad(x, (self.before, self.after))

    def output_shape(self, input_shape: Shape) -> Shape:
        """(n, ..., before + c + after)."""
        self.check_input(input_shape)
        return (*input_shape[:-1], input_shape[-1] + self.before + self.after)

    def cost(self, input_shape: Shape) -> Cost:
        """No parameters and no multiply-adds: only the bytes of the result."""
        output = self.output_shape(input_shape)
        return Cost(output, 0, 0, shapes.tensor_bytes(output))

    def check_input(self, shape: Any) -> None:
        """Refuses an input that the layer cannot take."""
        if len(shape) < 2:
            _check.shape_fail(self.place, "have 2 dimensions (n, c) or more", shape)
