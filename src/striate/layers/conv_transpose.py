"""Conv2DTranspose: the convolution run backwards, which makes small maps large."""

from __future__ import annotations

from typing import Any, ClassVar

from torch import Tensor

from .. import _check, ops, shapes
from ..ops.conv_transpose import conv2d_transpose_iohw, parse_transposed
from ..shapes import Cost, Shape
from ..windows import Windows, painted_window
from .base import register_layer
from .convolving import Convolving2D

__all__ = ["Conv2DTranspose"]


@register_layer("Conv2DTranspose")
class Conv2DTranspose(Convolving2D):
    """Paints `filters` small windows at every pixel, times its value, and adds up.

    It is the gradient of a Conv2D of the same arguments, from its maps to its input; or a
    convolution of maps stretched by s - 1 zeros between pixels. "same" makes them exactly s times
    as large; explicit padding is cut off the result, as in PyTorch.

    Args:
        filters: number of feature maps that come out.
        kernel_size: height and width of the window, in pixels.
        strides: distance from one painting to the next, in pixels. Default 1.
        padding: "valid" (nothing is cut), "same" (Keras': the odd row and column are cut at the
            bottom and right), pixels, (h, w), or ((top, bottom), (left, right)) that are cut.
            Default "valid", as in Keras.
        output_padding: rows and columns more at the bottom and right, less than the strides; with
            "same" the size is then (h - 1) s + e mod 2 + it, e = (kh - 1) d + 1. Default None: 0,
            but "same" and "valid" reach h s at least, as in Keras.
        dilation_rate: distance from one tap to the next, in pixels. Default 1: side by side.
        groups: the channels are cut into so many groups; each paints filters / groups maps of its
            own. Keras has no such argument.
        activation: name or function, applied last. Default None: linear.
        use_bias: whether a number is added to each feature map.
        kernel_initializer, bias_initializer: names or Initializers.
        kernel_regularizer, bias_regularizer: names, Regularizers or None.

    Shape:
        input  (n, h, w, c)
        output (n, h', w', filters), h' = (h - 1) s + (kh - 1) d + 1 - top - bottom + output padding

    Raises:
        ArgumentError: a size below 1, an unknown word, output padding not below the strides, groups
            that do not divide the filters.
        ShapeError: an input that is not 4-dimensional, has other channels than before, channels
            that groups do not divide, or of which the padding leaves nothing.

    Example:
        >>> import torch
        >>> Conv2DTranspose(8, 3, 2, "same")(torch.zeros(1, 14, 14, 16)).shape
        torch.Size([1, 28, 28, 8])

    Reference:
        Zeiler et al., "Deconvolutional networks", CVPR 2010; Dumoulin & Visin, "A guide to
        convolution arithmetic for deep learning", 2016, arXiv 1603.07285, chapter 4.
    """

    keras_weights: ClassVar[dict[str, tuple[int, ...]]] = {"weight": (2, 3, 1, 0), "bias": ()}

    def __init__(
        self,
        filters: int,
        kernel_size: int | tuple[int, int],
        strides: int | tuple[int, int] = 1,
        padding: Any = "valid",
        *,
        output_padding: int | tuple[int, int] | None = None,
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
        place = self.place
        self.filters = _check.positive_int(place, "filters", filters)
        self.output_padding = (
            None
            if output_padding is None
            else _check.pair(place, "output_padding", output_padding, 0)
        )
        self.groups = _check.positive_int(place, "groups", groups)
        if self.filters % self.groups:
            fix = f"Use groups that divide {self.filters} filters."
            _check.fail(place, "groups", "divide the filters", groups, fix)
        self.kernel_initializer = self._initializer("kernel_initializer", kernel_initializer)
        self.kernel_regularizer = self._regularizer("kernel_regularizer", kernel_regularizer)
        self._window = parse_transposed(
            place,
            self.kernel_size,
            strides=self.strides,
            padding=padding,
            output_padding=self.output_padding,
            dilation_rate=self.dilation_rate,
        )

    def build(self, input_shape: Shape) -> None:
        """Makes kernel and bias for the channels of the input."""
        channels = self.check_input(input_shape)
        self.add_weight(
            "weight",
            (*self.kernel_size, self.filters // self.groups, channels),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
        )
        self._add_bias(self.filters)

    def call(self, x: Tensor) -> Tensor:
        """Transposed convolution, bias and activation."""
        relu = self.activation is ops.relu
        y = conv2d_transpose_iohw(x, self.weight, self.bias, self._window, self.groups, relu=relu)
        return y if relu else self.activation(y)

    def output_shape(self, input_shape: Shape) -> Shape:
        """(n, h', w', filters)."""
        self.check_input(input_shape)
        return self._painted(input_shape)

    def cost(self, input_shape: Shape) -> Cost:
        """Parameters, and one multiply-add for each value of the input and each weight it meets."""
        output = self.output_shape(input_shape)
        channels = input_shape[-1]
        kernel, filters, groups = self.kernel_size, self.filters, self.groups
        weights = shapes.conv_parameters(
            kernel=kernel,
            channels=channels,
            filters=filters,
            groups=groups,
            use_bias=self.use_bias,
        )
        products = shapes.conv_multiply_adds(
            input_shape, kernel=kernel, channels=filters, groups=groups
        )
        return Cost(output, weights, products, shapes.tensor_bytes(output))

    def windows(self, input_shape: Shape) -> Windows:
        """Of those input pixels whose painted window holds the place."""
        sides = zip(
            self.kernel_size, self.strides, self.dilation_rate, self._window.cut, strict=True
        )
        rows, columns = (
            painted_window(kernel, stride=s, dilation=d, cut=cut) for kernel, s, d, cut in sides
        )
        return rows, columns

    def check_input(self, shape: Any) -> int:
        """Refuses an input that the layer cannot take; gives its channels."""
        channels = super().check_input(shape)
        if channels % self.groups:
            rule = f"have channels that groups={self.groups} divides"
            _check.shape_fail(self.place, rule, shape, "Choose groups that divide the channels.")
        return channels

    def _painted(self, input_shape: Shape) -> Shape:
        return shapes.transposed_output(
            input_shape,
            kernel=self.kernel_size,
            strides=self.strides,
            dilation=self.dilation_rate,
            cut=self._window.cut,
            channels=self.filters,
        )

    def _check_size(self, shape: Any) -> None:
        output = self._painted(shape)
        if any(type(size) is int and size < 1 for size in output[1:3]):
            rule = f"be larger: {output[1]} x {output[2]} pixels are left of what it makes"
            _check.shape_fail(self.place, rule, shape, "Use less padding or a larger picture.")
