"""What normalising layers share: after the normalisation, a learned factor and a learned shift."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from torch import Tensor

from .. import _check, shapes
from ..shapes import Cost, Shape
from . import initializers, regularizers
from .base import Layer

__all__ = ["Affine"]


class Affine(Layer):
    """Base of the layers that end in gamma y + beta.

    Args:
        epsilon: added to the variance.
        center: whether beta is learned and added.
        scale: whether gamma is learned and multiplied.
        beta_initializer, gamma_initializer: names or Initializers.
        beta_regularizer, gamma_regularizer: names, Regularizers or None.

    Raises:
        ArgumentError: an epsilon not above 0, or an unknown word.
    """

    keras_weights: ClassVar[dict[str, tuple[int, ...]]] = {"weight": (), "bias": ()}
    weight: Tensor | None
    bias: Tensor | None

    def __init__(
        self,
        *,
        epsilon: float,
        center: bool,
        scale: bool,
        beta_initializer: Any,
        gamma_initializer: Any,
        beta_regularizer: Any,
        gamma_regularizer: Any,
        **base: Any,
    ) -> None:
        super().__init__(**base)
        place = self.place
        self.epsilon = _check.positive(place, "epsilon", epsilon)
        self.center = _check.flag(place, "center", center)
        self.scale = _check.flag(place, "scale", scale)
        self.beta_initializer = initializers.get(
            beta_initializer, place=place, argument="beta_initializer"
        )
        self.gamma_initializer = initializers.get(
            gamma_initializer, place=place, argument="gamma_initializer"
        )
        self.beta_regularizer = regularizers.get(
            beta_regularizer, place=place, argument="beta_regularizer"
        )
        self.gamma_regularizer = regularizers.get(
            gamma_regularizer, place=place, argument="gamma_regularizer"
        )

    def add_affine(self, shape: Sequence[int]) -> None:
        """Makes gamma and beta of this shape, where the layer has them."""
        if self.scale:
            self.add_weight(
                "weight",
                shape,
                initializer=self.gamma_initializer,
                regularizer=self.gamma_regularizer,
            )
        else:
            self.register_parameter("weight", None)
        if self.center:
            self.add_weight(
                "bias",
                shape,
                initializer=self.beta_initializer,
                regularizer=self.beta_regularizer,
            )
        else:
            self.register_parameter("bias", None)

    def output_shape(self, input_shape: Shape) -> Shape:
        """The input's."""
        self.check_input(input_shape)
        return tuple(input_shape)

    def affine_cost(self, input_shape: Shape, places: int, *, statistics: int = 0) -> Cost:
        """Gamma, beta and so many statistics for each place; no multiply-adds are counted."""
        output = self.output_shape(input_shape)
        numbers = (statistics + self.center + self.scale) * places
        return Cost(output, numbers, 0, shapes.tensor_bytes(output))
