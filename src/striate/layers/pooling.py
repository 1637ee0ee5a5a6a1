"""MaxPooling2D and AveragePooling2D: each window becomes one number, channel by channel."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from .. import _check, shapes
from ..ops.pool import avg_pool_window, max_pool_window, parse_window
from ..ops.window import check_window
from ..shapes import Cost, Shape
from ..windows import Windows, sliding_windows
from .base import Layer, register_layer

__all__ = ["AveragePooling2D", "MaxPooling2D"]


class _Pooling2D(Layer):
    """What the two have in common: arguments, shape and cost."""

    def __init__(
        self,
        pool_size: int | tuple[int, int] = 2,
        strides: int | tuple[int, int] | None = None,
        padding: Any = "valid",
        **base: Any,
    ) -> None:
        super().__init__(**base)
        self._window = parse_window(self.place, pool_size, strides, padding)
        self.pool_size = self._window.size
        self.strides = self._window.strides
        self.padding = padding

    def output_shape(self, input_shape: Shape) -> Shape:
        """(n, h', w', c)."""
        self.check_input(input_shape)
        return shapes.spatial_output(
            input_shape,
            kernel=self._window.size,
            strides=self._window.strides,
            padding=self._window.padding,
            channels=input_shape[-1],
        )

    def cost(self, input_shape: Shape) -> Cost:
        """No parameters and no multiply-adds: only the bytes of the result."""
        output = self.output_shape(input_shape)
        return Cost(output, 0, 0, shapes.tensor_bytes(output))

    def windows(self, input_shape: Shape) -> Windows:
        """The window's."""
        return sliding_windows(
            input_shape[1:3],
            kernel=self._window.size,
            strides=self._window.strides,
            padding=self._window.padding,
        )

    def check_input(self, shape: Any) -> None:
        """Refuses an input that the layer cannot take."""
        _check.rank(self.place, shape, 4, "(n, h, w, c)")
        check_window(self.place, shape, self._window.size, self._window.padding)


@register_layer("MaxPooling2D")
class MaxPooling2D(_Pooling2D):
    """Keeps the largest value of each window of each feature map.

    Padded pixels never win: they count as -inf.

    Args:
        pool_size: height and width of the window, in pixels. Default 2.
        strides: distance from one window to the next, in pixels. Default None: the pool size.
        padding: "valid" (none), "same" (Keras': the odd row and column go bottom and right),
            pixels, (h, w), or ((top, bottom), (left, right)). Default "valid", as in Keras.

    Shape:
        input  (n, h, w, c)
        output (n, h', w', c), h' = floor((h + top + bottom - pool) / stride) + 1

    Raises:
        ArgumentError: a size below 1, an unknown word, or padding as wide as the window.
        ShapeError: an input that is not 4-dimensional or smaller than the window.

    Example:
        >>> import torch
        >>> window = torch.tensor([[1.0, 5.0], [3.0, 2.0]]).reshape(1, 2, 2, 1)
        >>> MaxPooling2D(2)(window).item()
        5.0
    """

    def call(self, x: Tensor) -> Tensor:
        """The largest value of each window."""
        return max_pool_window(x, self._window)


@register_layer("AveragePooling2D")
class AveragePooling2D(_Pooling2D):
    """Takes the mean of each window of each feature map, over the pixels that exist.

    Padding is not counted: a window of "same" at the edge is divided by its real pixels.

    Args:
        pool_size: height and width of the window, in pixels. Default 2.
        strides: distance from one window to the next, in pixels. Default None: the pool size.
        padding: as for MaxPooling2D. Default "valid", as in Keras.

    Shape:
        input  (n, h, w, c)
        output (n, h', w', c), h' = floor((h + top + bottom - pool) / stride) + 1

    Raises:
        ArgumentError: a size below 1, an unknown word, or padding as wide as the window.
        ShapeError: an input that is not 4-dimensional or smaller than the window.

    Example:
        >>> import torch
        >>> window = torch.tensor([[1.0, 5.0], [3.0, 2.0]]).reshape(1, 2, 2, 1)
        >>> AveragePooling2D(2)(window).item()
        2.75

    Reference:
        LeCun et al., "Gradient-based learning applied to document recognition", 1998.
    """

    def call(self, x: Tensor) -> Tensor:
        """The mean of each window."""
        return avg_pool_window(x, self._window)
