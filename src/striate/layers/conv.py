"""Conv2D: the convolution layer."""

from __future__ import annotations

from typing import Any, ClassVar

from torch import Tensor

from .. import _check, ops, shapes
from ..ops.conv import conv2d_oihw
from ..ops.padding import parse_padding
from ..shapes import Cost, Shape
from . import activations, initializers, regularizers
from .base import Layer, register_layer
from .window import check_window

__all__ = ["Conv2D"]


@register_layer("Conv2D")
class Conv2D(Layer):
    """Slides `filters` small windows of weights over the feature maps and adds up what they see.

    y[n,i,j,f] = activation(bias[f] + sum over u,v,c of x[n, i s + u d, j s + v d, c] k[u,v,c,f]).

    Args:
        filters: number of feature maps that come out.
        kernel_size: height and width of the window, in pixels.
        strides: pixels between two windows. Default 1.
        padding: "valid" (none), "same" (Keras': the odd row and column go bottom and right),
            pixels, (h, w), or ((top, bottom), (left, right)). Default "valid", as in Keras.
        dilation_rate: pixels between two taps of the window. Default 1.
        groups: channels and filters are cut into so many groups that do not see each other.
        activation: name or function, applied last. Default None: linear.
        use_bias: whether a number is added to each feature map.
        kernel_initializer, bias_initializer: names or Initializers.
        kernel_regularizer, bias_regularizer: names, Regularizers or None.

    Shape:
        input  (n, h, w, c)
        output (n, h', w', filters), h' = floor((h + top + bottom - (kh - 1) d - 1) / s) + 1

    Raises:
        ArgumentError: a size below 1, an unknown word, groups that do not divide the filters.
        ShapeError: an input that is not 4-dimensional, has other channels than before, channels
            that groups do not divide, or is smaller than the window.

    Example:
        >>> import torch
        >>> Conv2D(32, 3, activation="relu")(torch.zeros(1, 28, 28, 1)).shape
        torch.Size([1, 26, 26, 32])

    Reference:
        LeCun et al., "Backpropagation applied to handwritten zip code recognition", 1989.
    """

    keras_weights: ClassVar[dict[str, tuple[int, ...]]] = {"weight": (2, 3, 1, 0), "bias": ()}
    weight: Tensor
    bias: Tensor | None

    def __init__(
        self,
        filters: int,
        kernel_size: int | tuple[int, int],
        strides: int | tuple[int, int] = 1,
        padding: Any = "valid",
        *,
        dilation_rate: int | tuple[int, int] = 1,
        groups: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        **base: Any,
    ) -> None:
        super().__init__(**base)
        place = self.place
        self.filters = _check.positive_int(place, "filters", filters)
        self.kernel_size = _check.pair(place, "kernel_size", kernel_size)
        self.strides = _check.pair(place, "strides", strides)
        self.padding = padding
        self.dilation_rate = _check.pair(place, "dilation_rate", dilation_rate)
        self.groups = _check.positive_int(place, "groups", groups)
        self.activation = activations.get(activation, place=place)
        self.use_bias = _check.flag(place, "use_bias", use_bias)
        self.kernel_initializer = initializers.get(
            kernel_initializer, place=place, argument="kernel_initializer"
        )
        self.bias_initializer = initializers.get(
            bias_initializer, place=place, argument="bias_initializer"
        )
        self.kernel_regularizer = regularizers.get(
            kernel_regularizer, place=place, argument="kernel_regularizer"
        )
        self.bias_regularizer = regularizers.get(
            bias_regularizer, place=place, argument="bias_regularizer"
        )
        self._sides = parse_padding(place, padding)
        if self.filters % self.groups:
            fix = f"Use groups that divide {self.filters} filters."
            _check.fail(place, "groups", "divide the filters", groups, fix)

    def build(self, input_shape: Shape) -> None:
        """Makes kernel and bias for the channels of the input."""
        channels = self.check_input(input_shape)
        kernel = (*self.kernel_size, channels // self.groups, self.filters)
        self.add_weight(
            "weight",
            kernel,
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
        )
        if self.use_bias:
            self.add_weight(
                "bias",
                (self.filters,),
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
            )
        else:
            self.register_parameter("bias", None)

    def call(self, x: Tensor) -> Tensor:
        """Convolution, bias and activation."""
        relu = self.activation is ops.relu
        y = conv2d_oihw(
            x,
            self.weight,
            self.bias,
            strides=self.strides,
            padding=self._sides,
            dilation=self.dilation_rate,
            groups=self.groups,
            relu=relu,
        )
        return y if relu else self.activation(y)

    def output_shape(self, input_shape: Shape) -> Shape:
        """(n, h', w', filters)."""
        self.check_input(input_shape)
        return shapes.spatial_output(
            input_shape,
            kernel=self.kernel_size,
            strides=self.strides,
            dilation=self.dilation_rate,
            padding=self._sides,
            channels=self.filters,
        )

    def cost(self, input_shape: Shape) -> Cost:
        """Parameters, and one multiply-add for each output value and each tap."""
        output = self.output_shape(input_shape)
        channels = input_shape[-1]
        window = {"kernel": self.kernel_size, "channels": channels, "groups": self.groups}
        return Cost(
            output,
            shapes.conv_parameters(filters=self.filters, use_bias=self.use_bias, **window),
            shapes.conv_multiply_adds(output, **window),
            shapes.tensor_bytes(output),
        )

    def check_input(self, shape: Any) -> int:
        """Refuses an input that the layer cannot take; gives the size of its last axis."""
        _check.rank(self.place, shape, 4, "(n, h, w, c)")
        channels: int = shape[-1]
        if self.built and channels != self.weight.shape[1] * self.groups:
            rule = f"have {self.weight.shape[1] * self.groups} channels, as when it was built"
            _check.shape_fail(self.place, rule, shape)
        if channels is None or channels % self.groups:
            rule = f"have channels that groups={self.groups} divides"
            _check.shape_fail(self.place, rule, shape, "Choose groups that divide the channels.")
        check_window(self.place, shape, self.kernel_size, self._sides, self.dilation_rate)
        return channels
