"""SqueezeExcite: each feature map is turned up or down by what all of them say on average."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from .. import _check, ops, shapes
from ..shapes import Cost, Shape
from . import activations, initializers
from .base import Layer, register_layer
from .dense import Dense

__all__ = ["SqueezeExcite"]


@register_layer("SqueezeExcite")
class SqueezeExcite(Layer):
    """Multiplies each feature map by a number between 0 and 1 that it learns to choose.

    The mean of each map goes through a Dense layer of c / ratio units, which must sum up what
    there is, and one of c units: y = x gate(W2 activation(W1 mean(x) + b1) + b2). A unit of the
    two is a 1x1 convolution on the means, so weights of nets that write it so fit when reshaped.

    Args:
        ratio: channels of the input for each unit of the middle, rounded down. Default 16, as in
            the paper.
        filters: units of the middle, in the place of the ratio, for nets that reckon them from
            other channels, such as EfficientNet from its block's input. Default None.
        activation: name or function in the middle. Default "relu".
        gate_activation: name or function at the end; "hard_sigmoid" in MobileNetV3. Default
            "sigmoid".
        kernel_initializer: of both Dense layers; a name or Initializer.

    Shape:
        input  (n, h, w, c)
        output (n, h, w, c)

    Raises:
        ArgumentError: a ratio or filters below 1, or an unknown word.
        ShapeError: an input that is not 4-dimensional, has unknown channels, fewer than ratio, or
            others than before.

    Example:
        >>> import torch
        >>> layer = SqueezeExcite()
        >>> layer(torch.zeros(1, 7, 7, 512)).shape
        torch.Size([1, 7, 7, 512])
        >>> layer.count_params(), 2 * 512 * 32 + 32 + 512
        (33312, 33312)

    Reference:
        Hu, Shen, Sun, "Squeeze-and-excitation networks", CVPR 2018, arXiv 1709.01507, section 3.
    """

    squeeze: Dense
    excite: Dense

    def __init__(
        self,
        ratio: int = 16,
        filters: int | None = None,
        *,
        activation: Any = "relu",
        gate_activation: Any = "sigmoid",
        kernel_initializer: Any = "glorot_uniform",
        **base: Any,
    ) -> None:
        super().__init__(**base)
        place = self.place
        self.ratio = _check.positive_int(place, "ratio", ratio)
        self.filters = None if filters is None else _check.positive_int(place, "filters", filters)
        self.activation = activations.get(activation, place=place)
        self.gate_activation = activations.get(
            gate_activation, place=place, argument="gate_activation"
        )
        self.kernel_initializer = initializers.get(
            kernel_initializer, place=place, argument="kernel_initializer"
        )

    def build(self, input_shape: Shape) -> None:
        """Makes the two Dense layers for the channels of the input."""
        channels = self.check_input(input_shape)
        units = self._units(channels)
        common: dict[str, Any] = {
            "kernel_initializer": self.kernel_initializer,
            "trainable": self.trainable,
        }
        self.squeeze = Dense(units, self.activation, name="squeeze", **common)
        self.excite = Dense(channels, self.gate_activation, name="excite", **common)
        self.squeeze.build((None, channels))
        self.excite.build((None, units))

    def call(self, x: Tensor) -> Tensor:
        """The feature maps, each times its gate."""
        gates: Tensor = self.excite(self.squeeze(ops.global_avg_pool(x)))
        return x * gates.to(x.dtype)[:, None, None]

    def output_shape(self, input_shape: Shape) -> Shape:
        """The input's."""
        self.check_input(input_shape)
        return tuple(input_shape)

    def cost(self, input_shape: Shape) -> Cost:
        """Parameters and multiply-adds of the two Dense layers."""
        n, channels = input_shape[0], self.check_input(input_shape)
        units = self._units(channels)
        parts = [(channels, units), (units, channels)]
        adds = [shapes.dense_multiply_adds((n, inputs), units=units) for inputs, units in parts]
        return Cost(
            tuple(input_shape),
            sum(shapes.dense_parameters(inputs=inputs, units=units) for inputs, units in parts),
            None if n is None else sum(adds),
            shapes.tensor_bytes(input_shape),
        )

    def check_input(self, shape: Any) -> int:
        """Refuses an input that the layer cannot take; gives the size of its last axis."""
        _check.rank(self.place, shape, 4, "(n, h, w, c)")
        channels: int = shape[-1]
        if self.built and channels != self.excite.units:
            rule = f"have {self.excite.units} channels, as when it was built"
            _check.shape_fail(self.place, rule, shape)
        if channels is None:
            _check.shape_fail(self.place, "have a known number of channels", shape)
        if self._units(channels) < 1:
            rule = f"have at least ratio={self.ratio} channels"
            _check.shape_fail(self.place, rule, shape, "Use a smaller ratio, or give filters.")
        return channels

    def _units(self, channels: int) -> int:
        return channels // self.ratio if self.filters is None else self.filters
