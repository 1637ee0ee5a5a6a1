"""Activations as layers of their own: Activation, ReLU, LeakyReLU, Softmax."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from .. import _check, ops
from ..shapes import Shape
from ..windows import PIXEL, Windows
from . import activations
from .base import Layer, register_layer

__all__ = ["Activation", "LeakyReLU", "ReLU", "Softmax"]


class _Elementwise(Layer):
    """A layer whose output has the shape of its input."""

    sees_pixels = True

    def output_shape(self, input_shape: Shape) -> Shape:
        """The input's."""
        return tuple(input_shape)


@register_layer("Activation")
class Activation(_Elementwise):
    """Applies an activation function.

    Args:
        activation: name or function.

    Shape:
        input  (n, ...)
        output (n, ...)

    Raises:
        ArgumentError: an unknown name.

    Example:
        >>> import torch
        >>> Activation("relu")(torch.tensor([[-1.0, 2.0]]))
        tensor([[0., 2.]])
    """

    def __init__(self, activation: Any, **base: Any) -> None:
        super().__init__(**base)
        self.activation = activations.get(activation, place=self.place)

    def call(self, x: Tensor) -> Tensor:
        """The function's value."""
        return self.activation(x)


@register_layer("ReLU")
class ReLU(_Elementwise):
    """Keeps positive numbers and puts zero in the place of negative ones.

    y = max_value where x >= max_value, x where threshold <= x, negative_slope (x - threshold)
    elsewhere.

    Args:
        max_value: greatest output. Default None: there is none; 6 gives ReLU6.
        negative_slope: of the part below the threshold. Default 0.
        threshold: from which x passes. Default 0.

    Shape:
        input  (n, ...)
        output (n, ...)

    Raises:
        ArgumentError: a number below 0.

    Example:
        >>> import torch
        >>> ReLU(max_value=6)(torch.tensor([[-1.0, 2.0, 9.0]]))
        tensor([[0., 2., 6.]])

    Reference:
        Nair & Hinton, "Rectified linear units improve restricted Boltzmann machines", ICML 2010.
    """

    def __init__(
        self,
        max_value: float | None = None,
        negative_slope: float = 0.0,
        *,
        threshold: float = 0.0,
        **base: Any,
    ) -> None:
        super().__init__(**base)
        place = self.place
        self.max_value = (
            None if max_value is None else _check.number(place, "max_value", max_value, low=0.0)
        )
        self.negative_slope = _check.number(place, "negative_slope", negative_slope, low=0.0)
        self.threshold = _check.number(place, "threshold", threshold, low=0.0)

    def call(self, x: Tensor) -> Tensor:
        """The rectified value."""
        if self.threshold:
            y = torch.where(x >= self.threshold, x, self.negative_slope * (x - self.threshold))
        elif self.negative_slope:
            y = F.leaky_relu(x, self.negative_slope)
        elif self.max_value == 6.0:
            return ops.relu6(x)
        else:
            y = ops.relu(x)
        return y if self.max_value is None else y.clamp(max=self.max_value)


@register_layer("LeakyReLU")
class LeakyReLU(_Elementwise):
    """Keeps positive numbers and shrinks negative ones: x, or negative_slope x below 0.

    Args:
        negative_slope: of the part below 0. Default 0.3, as of Keras' layer (the function has 0.2).

    Shape:
        input  (n, ...)
        output (n, ...)

    Raises:
        ArgumentError: a slope below 0.

    Example:
        >>> import torch
        >>> LeakyReLU(0.5)(torch.tensor([[-1.0, 2.0]]))
        tensor([[-0.5000,  2.0000]])

    Reference:
        Maas, Hannun, Ng, "Rectifier nonlinearities improve neural network acoustic models", 2013.
    """

    def __init__(self, negative_slope: float = 0.3, **base: Any) -> None:
        super().__init__(**base)
        self.negative_slope = _check.number(self.place, "negative_slope", negative_slope, low=0.0)

    def call(self, x: Tensor) -> Tensor:
        """The leaky rectified value."""
        return ops.leaky_relu(x, self.negative_slope)


@register_layer("Softmax")
class Softmax(_Elementwise):
    """Makes positive numbers that sum to 1 along an axis; float32 at least, also in bfloat16.

    Args:
        axis: along which they sum to 1. Default -1, the last.

    Shape:
        input  (n, ..., c)
        output (n, ..., c)

    Raises:
        ArgumentError: an axis that is not a whole number.
        ShapeError: an input without such an axis.

    Example:
        >>> import torch
        >>> Softmax()(torch.tensor([[0.0, 0.0]]))
        tensor([[0.5000, 0.5000]])
    """

    def __init__(self, axis: int = -1, **base: Any) -> None:
        super().__init__(**base)
        self.axis = _check.whole(self.place, "axis", axis)

    def call(self, x: Tensor) -> Tensor:
        """The softmax along the axis."""
        self.output_shape(x.shape)
        return ops.softmax(x, axis=self.axis)

    def windows(self, input_shape: Any) -> Windows | None:
        """The pixel at the place, where its channels sum to 1; else the whole map."""
        return PIXEL if self.axis % len(input_shape) == len(input_shape) - 1 else None

    def output_shape(self, input_shape: Shape) -> Shape:
        """The input's."""
        if not -len(input_shape) <= self.axis < len(input_shape):
            _check.shape_fail(self.place, f"have an axis {self.axis}", input_shape)
        return tuple(input_shape)
