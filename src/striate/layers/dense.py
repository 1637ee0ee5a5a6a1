"""Dense: every output sees every input."""

from __future__ import annotations

from typing import Any, ClassVar

import torch.nn.functional as F
from torch import Tensor

from .. import _check, ops, shapes
from ..shapes import Cost, Shape
from . import activations, initializers, regularizers
from .base import Layer, register_layer

__all__ = ["Dense"]


@register_layer("Dense")
class Dense(Layer):
    """Weighs and sums all numbers of the last axis: y = activation(x W + b).

    Args:
        units: how many numbers come out.
        activation: name or function, applied last. Default None: linear.
        use_bias: whether a number is added to each unit.
        kernel_initializer, bias_initializer: names or Initializers.
        kernel_regularizer, bias_regularizer: names, Regularizers or None.

    Shape:
        input  (n, ..., c)
        output (n, ..., units)

    Raises:
        ArgumentError: units below 1, or an unknown word.
        ShapeError: an input of one dimension, of unknown length, or of another length than before.

    Example:
        >>> import torch
        >>> Dense(10, activation="softmax")(torch.zeros(2, 64)).shape
        torch.Size([2, 10])
    """

    sees_pixels = True

    keras_weights: ClassVar[dict[str, tuple[int, ...]]] = {"weight": (1, 0), "bias": ()}
    weight: Tensor
    bias: Tensor | None

    def __init__(
        self,
        units: int,
        activation: Any = None,
        *,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        **base: Any,
    ) -> None:
        super().__init__(**base)
        place = self.place
        self.units = _check.positive_int(place, "units", units)
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

    def build(self, input_shape: Shape) -> None:
        """Makes kernel and bias for the length of the last axis."""
        inputs = self.check_input(input_shape)
        self.add_weight(
            "weight",
            (inputs, self.units),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
        )
        if self.use_bias:
            self.add_weight(
                "bias",
                (self.units,),
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
            )
        else:
            self.register_parameter("bias", None)

    def call(self, x: Tensor) -> Tensor:
        """Product, bias and activation."""
        y = F.linear(x, self.weight, self.bias)
        if self.activation is ops.relu and y.dim() == 2:
            return y.relu_()  # where the result stands: no second tensor is made
        return self.activation(y)

    def output_shape(self, input_shape: Shape) -> Shape:
        """(n, ..., units)."""
        self.check_input(input_shape)
        return (*input_shape[:-1], self.units)

    def cost(self, input_shape: Shape) -> Cost:
        """Parameters, and one multiply-add for each input value and each unit."""
        output = self.output_shape(input_shape)
        return Cost(
            output,
            shapes.dense_parameters(
                inputs=input_shape[-1], units=self.units, use_bias=self.use_bias
            ),
            shapes.dense_multiply_adds(input_shape, units=self.units),
            shapes.tensor_bytes(output),
        )

    def check_input(self, shape: Any) -> int:
        """Refuses an input that the layer cannot take; gives the size of its last axis."""
        if len(shape) < 2:
            fix = "Add the batch: x[None]."
            _check.shape_fail(self.place, "have 2 dimensions (n, c) or more", shape, fix)
        inputs: int = shape[-1]
        if self.built and inputs != self.weight.shape[1]:
            rule = f"have {self.weight.shape[1]} numbers in its last axis, as when it was built"
            fix = "Give every picture the same size, or pool the feature maps globally before."
            _check.shape_fail(self.place, rule, shape, fix)
        if inputs is None:
            fix = "Fix height and width, or use GlobalAveragePooling2D in the place of Flatten."
            _check.shape_fail(self.place, "have a known last axis", shape, fix)
        return inputs
