"""LayerScale: each channel times a number of its own, which is learned."""

from __future__ import annotations

from typing import Any, ClassVar

from torch import Tensor

from .. import _check, shapes
from ..shapes import Cost, Shape
from .base import Layer, register_layer
from .initializers import Constant

__all__ = ["LayerScale"]


@register_layer("LayerScale")
class LayerScale(Layer):
    """Multiplies each channel by a number that is learned and begins small.

    At the end of a residual branch it lets a deep net begin as nearly the identity.

    Args:
        init_values: of all channels. Default 1e-6, as in ConvNeXt.

    Shape:
        input  (n, ..., c)
        output (n, ..., c)

    Raises:
        ArgumentError: a value that is not a number.
        ShapeError: an input without channels, with an unknown number of them, or with another than
            before.

    Example:
        >>> import torch
        >>> LayerScale(0.5)(torch.ones(1, 1, 1, 2)).flatten().tolist()
        [0.5, 0.5]

    Reference:
        Touvron et al., "Going deeper with image transformers", ICCV 2021, arXiv 2103.17239,
        section 2.
    """

    sees_pixels = True

    keras_weights: ClassVar[dict[str, tuple[int, ...]]] = {"weight": ()}
    weight: Tensor

    def __init__(self, init_values: float = 1e-6, **base: Any) -> None:
        super().__init__(**base)
        self.init_values = _check.number(self.place, "init_values", init_values)

    def build(self, input_shape: Shape) -> None:
        """Makes the factors for the channels of the input."""
        channels = self.check_input(input_shape)
        self.add_weight("weight", (channels,), initializer=Constant(self.init_values))

    def call(self, x: Tensor) -> Tensor:
        """The channels, each times its factor, in x's number type."""
        return x * self.weight.to(x.dtype)

    def output_shape(self, input_shape: Shape) -> Shape:
        """The input's."""
        self.check_input(input_shape)
        return tuple(input_shape)

    def cost(self, input_shape: Shape) -> Cost:
        """One factor a channel; no multiply-adds are counted."""
        channels = self.check_input(input_shape)
        return Cost(tuple(input_shape), channels, 0, shapes.tensor_bytes(input_shape))

    def check_input(self, shape: Any) -> int:
        """Refuses an input that the layer cannot take; gives the size of its last axis."""
        if len(shape) < 2:
            _check.shape_fail(self.place, "have 2 dimensions (n, c) or more", shape)
        channels: int = shape[-1]
        if self.built and channels != self.weight.shape[0]:
            rule = f"have {self.weight.shape[0]} channels, as when it was built"
            _check.shape_fail(self.place, rule, shape)
        if channels is None:
            _check.shape_fail(self.place, "have a known number of channels", shape)
        return channels
