"""SeparableConv2D: a convolution in two steps, first over space and then over channels."""

from __future__ import annotations

from typing import Any, ClassVar

from torch import Tensor

from .. import _check, ops, shapes
from ..ops.depthwise import separable_conv2d_oihw
from ..shapes import Cost, Shape
from .base import register_layer
from .convolving import Convolving2D

__all__ = ["SeparableConv2D"]


@register_layer("SeparableConv2D")
class SeparableConv2D(Convolving2D):
    """Looks for patterns in each feature map by itself, then mixes the maps pixel by pixel.

    A depthwise convolution with neither bias nor activation, then a 1x1 convolution to `filters`
    maps. It has kh kw c m + c m f weights where a Conv2D has kh kw c f.

    Args:
        filters: number of feature maps that come out.
        kernel_size: height and width of the window of the first step, in pixels.
        strides: distance from one window to the next, in pixels. Default 1.
        padding: "valid" (none), "same" (Keras': the odd row and column go bottom and right),
            pixels, (h, w), or ((top, bottom), (left, right)). Default "valid", as in Keras.
        dilation_rate: distance from one tap to the next, in pixels. Default 1: side by side.
        depth_multiplier: feature maps m that each channel makes in the first step. Default 1.
        activation: name or function, applied last. Default None: linear.
        use_bias: whether a number is added to each feature map, after the second step.
        depthwise_initializer, pointwise_initializer, bias_initializer: names or Initializers.
        depthwise_regularizer, pointwise_regularizer, bias_regularizer: names, Regularizers or None.

    Shape:
        input  (n, h, w, c)
        output (n, h', w', filters), h' = floor((h + top + bottom - (kh - 1) d - 1) / s) + 1

    Raises:
        ArgumentError: a size below 1 or an unknown word.
        ShapeError: an input that is not 4-dimensional, has other channels than before, or is
            smaller than the window.

    Example:
        >>> layer = SeparableConv2D(64, 3, use_bias=False, input_shape=(28, 28, 32))
        >>> layer.build((None, 28, 28, 32))
        >>> layer.count_params()
        2336

    Reference:
        Chollet, "Xception", CVPR 2017, arXiv 1610.02357, section 2.
    """

    keras_weights: ClassVar[dict[str, tuple[int, ...]]] = {
        "depthwise_weight": (2, 3, 0, 1),
        "pointwise_weight": (2, 3, 1, 0),
        "bias": (),
    }
    keras_multipliers: ClassVar[dict[str, str]] = {"depthwise_weight": "depth_multiplier"}
    depthwise_weight: Tensor
    pointwise_weight: Tensor

    def __init__(
        self,
        filters: int,
        kernel_size: int | tuple[int, int],
        strides: int | tuple[int, int] = 1,
        padding: Any = "valid",
        *,
        dilation_rate: int | tuple[int, int] = 1,
        depth_multiplier: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        pointwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        **base: Any,
    ) -> None:
        super().__init__(
            kernel_size,
            strides,
            padding,
            dilation_rate=dilation_rate,
            activation=activation,
            use_bias=use_bias,
            bias_initializer=bias_initializer,
            bias_regularizer=bias_regularizer,
            **base,
        )
        place = self.place
        self.filters = _check.positive_int(place, "filters", filters)
        self.depth_multiplier = _check.positive_int(place, "depth_multiplier", depth_multiplier)
        self.depthwise_initializer = self._initializer(
            "depthwise_initializer", depthwise_initializer
        )
        self.pointwise_initializer = self._initializer(
            "pointwise_initializer", pointwise_initializer
        )
        self.depthwise_regularizer = self._regularizer(
            "depthwise_regularizer", depthwise_regularizer
        )
        self.pointwise_regularizer = self._regularizer(
            "pointwise_regularizer", pointwise_regularizer
        )

    def build(self, input_shape: Shape) -> None:
        """Makes both kernels and the bias for the channels of the input."""
        channels = self.check_input(input_shape)
        self.add_weight(
            "depthwise_weight",
            (*self.kernel_size, channels, self.depth_multiplier),
            initializer=self.depthwise_initializer,
            regularizer=self.depthwise_regularizer,
        )
        self.add_weight(
            "pointwise_weight",
            (1, 1, channels * self.depth_multiplier, self.filters),
            initializer=self.pointwise_initializer,
            regularizer=self.pointwise_regularizer,
        )
        self._add_bias(self.filters)

    def call(self, x: Tensor) -> Tensor:
        """Convolution channel by channel, then pixel by pixel, bias and activation."""
        relu = self.activation is ops.relu
        y = self._weighed(x, relu=relu)
        return y if relu else self.activation(y)

    def preactivation(self, x: Tensor) -> Tensor:
        """Both convolutions and the bias: what the activation is applied to."""
        return self._weighed(x, relu=False)

    def _weighed(self, x: Tensor, *, relu: bool) -> Tensor:
        return separable_conv2d_oihw(
            x,
            self.depthwise_weight,
            self.pointwise_weight,
            self.bias,
            strides=self.strides,
            padding=self._sides,
            dilation=self.dilation_rate,
            relu=relu,
        )

    def output_shape(self, input_shape: Shape) -> Shape:
        """(n, h', w', filters)."""
        self.check_input(input_shape)
        return self._slid(input_shape, self.filters)

    def cost(self, input_shape: Shape) -> Cost:
        """Parameters and multiply-adds of both steps."""
        output = self.output_shape(input_shape)
        channels = input_shape[-1]
        middle = self._slid(input_shape, channels * self.depth_multiplier)
        first = {"kernel": self.kernel_size, "channels": channels, "groups": channels}
        second = {"kernel": (1, 1), "channels": middle[-1]}
        parameters = shapes.conv_parameters(filters=middle[-1], use_bias=False, **first)
        parameters += shapes.conv_parameters(filters=self.filters, use_bias=self.use_bias, **second)
        spatial = shapes.conv_multiply_adds(middle, **first)
        mixing = shapes.conv_multiply_adds(output, **second)
        return Cost(
            output,
            parameters,
            None if spatial is None else spatial + mixing,
            shapes.tensor_bytes(output),
        )
