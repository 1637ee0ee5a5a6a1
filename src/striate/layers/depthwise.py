"""DepthwiseConv2D: a convolution of each feature map by itself."""

from __future__ import annotations

from typing import Any, ClassVar

from torch import Tensor

from .. import _check, ops, shapes
from ..ops.conv import conv2d_oihw
from ..shapes import Cost, Shape
from .base import register_layer
from .convolving import Convolving2D

__all__ = ["DepthwiseConv2D"]


@register_layer("DepthwiseConv2D")
class DepthwiseConv2D(Convolving2D):
    """Slides over each feature map windows of its own: no channel sees another.

    y[..., c m + q] = activation(bias[c m + q] + x[..., c] seen through k[:,:,c,q]), with m the
    depth multiplier: the maps that one channel makes stand side by side.

    Args:
        kernel_size: height and width of the window, in pixels.
        strides: distance from one window to the next, in pixels. Default 1.
        padding: "valid" (none), "same" (Keras': the odd row and column go bottom and right),
            pixels, (h, w), or ((top, bottom), (left, right)). Default "valid", as in Keras.
        depth_multiplier: feature maps that each channel makes. Default 1.
        dilation_rate: distance from one tap to the next, in pixels. Default 1: side by side.
        activation: name or function, applied last. Default None: linear.
        use_bias: whether a number is added to each feature map.
        depthwise_initializer, bias_initializer: names or Initializers.
        depthwise_regularizer, bias_regularizer: names, Regularizers or None.

    Shape:
        input  (n, h, w, c)
        output (n, h', w', c m), h' = floor((h + top + bottom - (kh - 1) d - 1) / s) + 1

    Raises:
        ArgumentError: a size below 1 or an unknown word.
        ShapeError: an input that is not 4-dimensional, has other channels than before, or is
            smaller than the window.

    Example:
        >>> import torch
        >>> layer = DepthwiseConv2D(3, padding="same", depth_multiplier=2)
        >>> layer(torch.zeros(1, 28, 28, 16)).shape
        torch.Size([1, 28, 28, 32])

    Reference:
        Howard et al., "MobileNets", 2017, arXiv 1704.04861, section 3.1.
    """

    keras_weights: ClassVar[dict[str, tuple[int, ...]]] = {"weight": (2, 3, 0, 1), "bias": ()}
    keras_multipliers: ClassVar[dict[str, str]] = {"weight": "depth_multiplier"}

    def __init__(
        self,
        kernel_size: int | tuple[int, int],
        strides: int | tuple[int, int] = 1,
        padding: Any = "valid",
        *,
        depth_multiplier: int = 1,
        dilation_rate: int | tuple[int, int] = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
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
        self.depth_multiplier = _check.positive_int(
            self.place, "depth_multiplier", depth_multiplier
        )
        self.depthwise_initializer = self._initializer(
            "depthwise_initializer", depthwise_initializer
        )
        self.depthwise_regularizer = self._regularizer(
            "depthwise_regularizer", depthwise_regularizer
        )

    def build(self, input_shape: Shape) -> None:
        """Makes kernel and bias for the channels of the input."""
        channels = self.check_input(input_shape)
        self.add_weight(
            "weight",
            (*self.kernel_size, channels, self.depth_multiplier),
            initializer=self.depthwise_initializer,
            regularizer=self.depthwise_regularizer,
        )
        self._add_bias(channels * self.depth_multiplier)

    def call(self, x: Tensor) -> Tensor:
        """Convolution channel by channel, bias and activation."""
        relu = self.activation is ops.relu
        y = conv2d_oihw(
            x,
            self.weight,
            self.bias,
            strides=self.strides,
            padding=self._sides,
            dilation=self.dilation_rate,
            groups=x.shape[3],
            relu=relu,
        )
        return y if relu else self.activation(y)

    def output_shape(self, input_shape: Shape) -> Shape:
        """(n, h', w', c m)."""
        channels = self.check_input(input_shape)
        return self._slid(input_shape, channels * self.depth_multiplier)

    def cost(self, input_shape: Shape) -> Cost:
        """Parameters, and one multiply-add for each output value and each pixel of its window."""
        output = self.output_shape(input_shape)
        channels = input_shape[-1]
        window = {"kernel": self.kernel_size, "channels": channels, "groups": channels}
        return Cost(
            output,
            shapes.conv_parameters(filters=output[-1], use_bias=self.use_bias, **window),
            shapes.conv_multiply_adds(output, **window),
            shapes.tensor_bytes(output),
        )
