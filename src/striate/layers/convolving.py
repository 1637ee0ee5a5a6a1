"""What the layers that slide kernels have in common: the window, the activation and the bias."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from .. import _check, shapes
from ..ops.padding import parse_padding
from ..ops.window import check_window
from ..shapes import Shape
from ..windows import Windows, sliding_windows
from . import activations, initializers, regularizers
from .base import Layer
from .initializers import Initializer
from .regularizers import Regularizer

__all__ = ["Convolving2D"]


class Convolving2D(Layer):
    """The base of the convolution layers; it keeps the arguments that all of them take."""

    weight: Tensor
    bias: Tensor | None

    def __init__(
        self,
        kernel_size: Any,
        strides: Any,
        padding: Any,
        *,
        dilation_rate: Any,
        activation: Any,
        use_bias: Any,
        bias_initializer: Any,
        bias_regularizer: Any,
        **base: Any,
    ) -> None:
        super().__init__(**base)
        place = self.place
        self.kernel_size = _check.pair(place, "kernel_size", kernel_size)
        self.strides = _check.pair(place, "strides", strides)
        self.dilation_rate = _check.pair(place, "dilation_rate", dilation_rate)
        self.activation = activations.get(activation, place=place)
        self.use_bias = _check.flag(place, "use_bias", use_bias)
        self.bias_initializer = self._initializer("bias_initializer", bias_initializer)
        self.bias_regularizer = self._regularizer("bias_regularizer", bias_regularizer)
        self._sides = parse_padding(place, padding)
        self.padding = padding if isinstance(padding, str) else self._sides

    def _initializer(self, argument: str, value: Any) -> Initializer:
        return initializers.get(value, place=self.place, argument=argument)

    def _regularizer(self, argument: str, value: Any) -> Regularizer | None:
        found: Regularizer | None = regularizers.get(value, place=self.place, argument=argument)
        return found

    def _add_bias(self, filters: int) -> None:
        if self.use_bias:
            self.add_weight(
                "bias",
                (filters,),
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
            )
        else:
            self.register_parameter("bias", None)

    def windows(self, input_shape: Shape) -> Windows:
        """The kernel's."""
        return sliding_windows(
            input_shape[1:3],
            kernel=self.kernel_size,
            strides=self.strides,
            padding=self._sides,
            dilation=self.dilation_rate,
        )

    def check_input(self, shape: Any) -> int:
        """Refuses an input that the layer cannot take; gives the size of its last axis."""
        _check.rank(self.place, shape, 4, "(n, h, w, c)")
        channels: int = shape[-1]
        if self.built and channels != self.built_for[-1]:
            rule = f"have {self.built_for[-1]} channels, as when it was built"
            _check.shape_fail(self.place, rule, shape)
        if channels is None:
            fix = "Give the input a number of channels."
            _check.shape_fail(self.place, "have channels that are known", shape, fix)
        self._check_size(shape)
        return channels

    def _check_size(self, shape: Any) -> None:
        check_window(self.place, shape, self.kernel_size, self._sides, self.dilation_rate)

    def _slid(self, input_shape: Shape, channels: int) -> Shape:
        """(n, h', w', channels) of the window on an input."""
        return shapes.spatial_output(
            input_shape,
            kernel=self.kernel_size,
            strides=self.strides,
            dilation=self.dilation_rate,
            padding=self._sides,
            channels=channels,
        )
