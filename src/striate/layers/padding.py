"""ZeroPadding2D and Cropping2D: rows and columns added around a picture, or taken off."""

from __future__ import annotations

from typing import Any

import torch.nn.functional as F
from torch import Tensor

from .. import _check, shapes
from ..shapes import Cost, Shape
from ..windows import Window, Windows
from .base import Layer, register_layer

__all__ = ["Cropping2D", "ZeroPadding2D"]


def _with_sides(shape: Shape, sides: Any) -> Shape:
    """(n, top + h + bottom, left + w + right, c): a window of one pixel sees as many places."""
    one = (1, 1)
    return shapes.spatial_output(shape, kernel=one, strides=one, padding=sides, channels=shape[-1])


@register_layer("ZeroPadding2D")
class ZeroPadding2D(Layer):
    """Puts rows and columns of zeros around each picture.

    Before a convolution it costs a copy of the picture, which the convolution's own `padding`,
    that has the same forms, does not.

    Args:
        padding: pixels on every side, (h, w), or ((top, bottom), (left, right)). Default (1, 1).

    Shape:
        input  (n, h, w, c)
        output (n, top + h + bottom, left + w + right, c)

    Raises:
        ArgumentError: something else than pixels in one of the three forms.
        ShapeError: an input that is not 4-dimensional.

    Example:
        >>> import torch
        >>> ZeroPadding2D(((0, 1), (2, 0)))(torch.ones(1, 1, 1, 1))[0, ..., 0]
        tensor([[0., 0., 1.],
                [0., 0., 0.]])
    """

    def __init__(self, padding: Any = (1, 1), **base: Any) -> None:
        super().__init__(**base)
        self.padding = _check.sides(self.place, "padding", padding)
        (top, bottom), (left, right) = self.padding
        self._flat = (0, 0, left, right, top, bottom)

    def call(self, x: Tensor) -> Tensor:
        """The pictures with zeros around them."""
        return F.pad(x, self._flat)

    def output_shape(self, input_shape: Shape) -> Shape:
        """(n, top + h + bottom, left + w + right, c)."""
        self.check_input(input_shape)
        return _with_sides(input_shape, self.padding)

    def windows(self, input_shape: Any) -> Windows | None:
        """The pixel at the place less what was added before it."""
        rows, columns = (Window(before=a, after=b) for a, b in self.padding)
        return rows, columns

    def cost(self, input_shape: Shape) -> Cost:
        """No parameters and no multiply-adds: only the bytes of the result."""
        output = self.output_shape(input_shape)
        return Cost(output, 0, 0, shapes.tensor_bytes(output))

    def check_input(self, shape: Any) -> None:
        """Refuses an input that the layer cannot take."""
        _check.rank(self.place, shape, 4, "(n, h, w, c)")


@register_layer("Cropping2D")
class Cropping2D(Layer):
    """Takes rows and columns off each picture. It is a view: no number is copied.

    Args:
        cropping: pixels off every side, (h, w), or ((top, bottom), (left, right)). Default none.

    Shape:
        input  (n, h, w, c)
        output (n, h - top - bottom, w - left - right, c)

    Raises:
        ArgumentError: something else than pixels in one of the three forms.
        ShapeError: an input that is not 4-dimensional, or of which nothing would be left.

    Example:
        >>> import torch
        >>> Cropping2D(((2, 2), (4, 4)))(torch.zeros(2, 28, 28, 3)).shape
        torch.Size([2, 24, 20, 3])
    """

    def __init__(self, cropping: Any = ((0, 0), (0, 0)), **base: Any) -> None:
        super().__init__(**base)
        self.cropping = _check.sides(self.place, "cropping", cropping)
        self._negative = tuple((-before, -after) for before, after in self.cropping)
        rows, columns = (slice(a, -b if b else None) for a, b in self.cropping)
        self._window = (slice(None), rows, columns)

    def call(self, x: Tensor) -> Tensor:
        """The pictures without the rows and columns."""
        return x[self._window]

    def output_shape(self, input_shape: Shape) -> Shape:
        """(n, h - top - bottom, w - left - right, c)."""
        self.check_input(input_shape)
        return _with_sides(input_shape, self._negative)

    def windows(self, input_shape: Any) -> Windows | None:
        """The pixel at the place and what was cut off before it."""
        rows, columns = (Window(before=-a, after=-b) for a, b in self.cropping)
        return rows, columns

    def cost(self, input_shape: Shape) -> Cost:
        """Nothing: the result is a view."""
        return Cost(self.output_shape(input_shape), 0, 0, 0)

    def check_input(self, shape: Any) -> None:
        """Refuses an input that the layer cannot take."""
        _check.rank(self.place, shape, 4, "(n, h, w, c)")
        left = _with_sides(shape, self._negative)
        if any(type(size) is int and size < 1 for size in left[1:3]):
            rule = f"be larger than cropping={self.cropping} takes off"
            _check.shape_fail(self.place, rule, shape, "Crop less, or take a larger picture.")
