"""UpSampling2D and PixelShuffle: pictures become larger by a whole factor."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from .. import _check, ops, shapes
from ..ops.resize import INTERPOLATIONS
from ..ops.upsample import upsample
from ..shapes import Cost, Shape
from ..windows import Windows, enlarging_window
from .base import Layer, register_layer

__all__ = ["PixelShuffle", "UpSampling2D"]

_REACH_PX = {"nearest": 0, "bilinear": 1, "bicubic": 2}


@register_layer("UpSampling2D")
class UpSampling2D(Layer):
    """Makes each picture larger by whole factors.

    "nearest" repeats every row and column; "bilinear" and "bicubic" are those of Resizing.

    Args:
        size: factor for both directions, or (height, width). Default (2, 2).
        interpolation: "nearest", "bilinear" or "bicubic". Default "nearest".

    Shape:
        input  (n, h, w, c)
        output (n, h * factor, w * factor, c)

    Raises:
        ArgumentError: a factor below 1, or an unknown interpolation.
        ShapeError: an input that is not 4-dimensional.

    Example:
        >>> import torch
        >>> UpSampling2D((1, 3))(torch.tensor([1.0, 2.0]).reshape(1, 1, 2, 1)).flatten().tolist()
        [1.0, 1.0, 1.0, 2.0, 2.0, 2.0]
    """

    def __init__(
        self, size: int | tuple[int, int] = (2, 2), *, interpolation: str = "nearest", **base: Any
    ) -> None:
        super().__init__(**base)
        place = self.place
        self.size = _check.pair(place, "size", size)
        self.interpolation = _check.choice(place, "interpolation", interpolation, INTERPOLATIONS)

    def call(self, x: Tensor) -> Tensor:
        """The larger pictures."""
        return upsample(x, self.size, interpolation=self.interpolation)

    def output_shape(self, input_shape: Shape) -> Shape:
        """(n, h * factor, w * factor, c)."""
        self.check_input(input_shape)
        return shapes.scaled_output(input_shape, factors=self.size, channels=input_shape[-1])

    def windows(self, input_shape: Any) -> Windows | None:
        """The pixel that was repeated, or those that were mixed."""
        reach = _REACH_PX[self.interpolation]
        rows, columns = (enlarging_window(factor, reach=reach) for factor in self.size)
        return rows, columns

    def cost(self, input_shape: Shape) -> Cost:
        """No parameters and no multiply-adds: only the bytes of the result."""
        output = self.output_shape(input_shape)
        return Cost(output, 0, 0, shapes.tensor_bytes(output))

    def check_input(self, shape: Any) -> None:
        """Refuses an input that the layer cannot take."""
        _check.rank(self.place, shape, 4, "(n, h, w, c)")


@register_layer("PixelShuffle")
class PixelShuffle(Layer):
    """Spreads the channels of each pixel over factor x factor pixels: depth to space.

    y[n, i r + u, j r + v, o] = x[n, i, j, (o r + u) r + v], r the factor, as torch's layer of
    this name. TensorFlow's `depth_to_space` reads channel (u r + v) o' + o instead, o' the number
    of output channels: weights from there need their filters in another order.

    Args:
        factor: pixels that one pixel becomes, along height and along width.

    Shape:
        input  (n, h, w, c)
        output (n, h factor, w factor, c / factor^2)

    Raises:
        ArgumentError: a factor below 1.
        ShapeError: an input that is not 4-dimensional, or channels that the square of the factor
            does not divide.

    Example:
        >>> import torch
        >>> PixelShuffle(3)(torch.zeros(1, 17, 17, 9)).shape
        torch.Size([1, 51, 51, 1])

    Reference:
        Shi et al., "Real-time single image and video super-resolution using an efficient
        sub-pixel convolutional neural network", CVPR 2016, arXiv 1609.05158, equation 4.
    """

    def __init__(self, factor: int, **base: Any) -> None:
        super().__init__(**base)
        self.factor = _check.positive_int(self.place, "factor", factor)

    def call(self, x: Tensor) -> Tensor:
        """The larger pictures of fewer channels."""
        return ops.pixel_shuffle(x, self.factor)

    def output_shape(self, input_shape: Shape) -> Shape:
        """(n, h factor, w factor, c / factor^2)."""
        self.check_input(input_shape)
        channels = shapes.floor_div(input_shape[-1], self.factor**2)
        factors = (self.factor, self.factor)
        return shapes.scaled_output(input_shape, factors=factors, channels=channels)

    def windows(self, input_shape: Any) -> Windows | None:
        """The pixel whose channels were spread."""
        return enlarging_window(self.factor), enlarging_window(self.factor)

    def cost(self, input_shape: Shape) -> Cost:
        """No parameters and no multiply-adds: only the bytes of the result."""
        output = self.output_shape(input_shape)
        return Cost(output, 0, 0, shapes.tensor_bytes(output))

    def check_input(self, shape: Any) -> None:
        """Refuses an input that the layer cannot take."""
        _check.rank(self.place, shape, 4, "(n, h, w, c)")
        if shape[-1] is not None and shape[-1] % self.factor**2:
            rule = f"have channels that factor^2 = {self.factor**2} divides"
            fix = "Give the layer before it that many filters for each output channel."
            _check.shape_fail(self.place, rule, shape, fix)
