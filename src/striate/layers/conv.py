"""Conv2D: the convolution layer."""

from __future__ import annotations

from typing import Any, ClassVar

from torch import Tensor

from .. import _check, ops, shapes
from ..ops.conv import conv2d_oihw
from ..shapes import Cost, Shape
from .base import register_layer
from .convolving import Convolving2D

__all__ = ["Conv2D"]


@register_layer("Conv2D")
class Conv2D(Convolving2D):
    """Slides `filters` small windows of weights over the feature maps and adds up what they see.

    y[n,i,j,f] = activation(bias[f] + sum over u,v,c of x[n, i s + u d, j s + v d, c] k[u,v,c,f]).

    Args:
        filters: number of feature maps that come out.
        kernel_size: height and width of the window, in pixels.
        strides: distance from one window to the next, in pixels. Default 1.
        padding: "valid" (none), "same" (Keras': the odd row and column go bottom and right),
            pixels, (h, w), or ((top, bottom), (left, right)). Default "valid", as in Keras.
        dilation_rate: distance from one tap to the next, in pixels. Default 1: side by side.
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
        self.filters = _check.positive_int(self.place, "filters", filters)
        self.groups = _check.positive_int(self.place, "groups", groups)
        self.kernel_initializer = self._initializer("kernel_initializer", kernel_initializer)
        self.kernel_regularizer = self._regularizer("kernel_regularizer", kernel_regularizer)
        if self.filters % self.groups:
            fix = f"Use groups that divide {self.filters} filters."
            _check.fail(self.place, "groups", "divide the filters", groups, fix)

    def build(self, input_shape: Shape) -> None:
        """Makes kernel and bias for the channels of the input."""
        channels = self.check_input(input_shape)
        self.add_weight(
            "weight",
            (*self.kernel_size, channels // self.groups, self.filters),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
        )
        self._add_bias(self.filters)

    def call(self, x: Tensor) -> Tensor:
        """Convolution, bias and activation."""
        relu = self.activation is ops.relu
        y = self._weighed(x, relu=relu)
        return y if relu else self.activation(y)

    def preactivation(self, x: Tensor) -> Tensor:
        """Convolution and bias: what the activation is applied to."""
        return self._weighed(x, relu=False)

    def _weighed(self, x: Tensor, *, relu: bool) -> Tensor:
        return conv2d_oihw(
            x,
            self.weight,
            self.bias,
            strides=self.strides,
            padding=self._sides,
            dilation=self.dilation_rate,
            groups=self.groups,
            relu=relu,
        )

    def output_shape(self, input_shape: Shape) -> Shape:
        """(n, h', w', filters)."""
        self.check_input(input_shape)
        return self._slid(input_shape, self.filters)

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
        channels = super().check_input(shape)
        if channels % self.groups:
            rule = f"have channels that groups={self.groups} divides"
            _check.shape_fail(self.place, rule, shape, "Choose groups that divide the channels.")
        return channels
