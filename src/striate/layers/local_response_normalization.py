"""LocalResponseNormalization: strong feature maps hold back their neighbours."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from .. import _check, shapes
from ..ops.local_response_normalization import local_response_normalization_parsed
from ..shapes import Cost, Shape
from .base import Layer, register_layer

__all__ = ["LocalResponseNormalization"]


@register_layer("LocalResponseNormalization")
class LocalResponseNormalization(Layer):
    """Divides each value by a power of the squares in the feature maps around it.

    y_i = a_i / (bias + alpha * sum over j of a_j^2)^beta, j from i - depth_radius to
    i + depth_radius within the feature maps. The defaults are TensorFlow's; AlexNet's constants
    k=2, n=5, alpha=1e-4, beta=0.75 are depth_radius=2, bias=2, alpha=1e-4, beta=0.75. torch's
    layer of this name takes n in the place of the radius and divides alpha by n.

    Args:
        depth_radius: feature maps on each side that count. Default 5: 11 in all.
        bias: the paper's k; above 0. Default 1.
        alpha: factor of the sum. Default 1.
        beta: exponent. Default 0.5.

    Shape:
        input  (n, ..., c)
        output (n, ..., c)

    Raises:
        ArgumentError: a radius that is no whole number of at least 0, a bias not above 0, alpha or
            beta below 0.
        ShapeError: an input of one dimension.

    Example:
        >>> import torch
        >>> alexnet = LocalResponseNormalization(2, bias=2.0, alpha=1e-4, beta=0.75)
        >>> alexnet(torch.full((1, 55, 55, 96), 100.0))[0, 0, 0, [0, 48]]
        tensor([29.9070, 23.2368])

    Reference:
        Krizhevsky, Sutskever, Hinton, "ImageNet classification with deep convolutional neural
        networks", NIPS 2012, section 3.3. Texts that sum alpha_j^2 there mean a_j^2.
    """

    sees_pixels = True

    def __init__(
        self,
        depth_radius: int = 5,
        bias: float = 1.0,
        *,
        alpha: float = 1.0,
        beta: float = 0.5,
        **base: Any,
    ) -> None:
        super().__init__(**base)
        place = self.place
        self.depth_radius = _check.whole(place, "depth_radius", depth_radius, 0)
        self.bias = _check.positive(place, "bias", bias)
        self.alpha = _check.number(place, "alpha", alpha, low=0.0)
        self.beta = _check.number(place, "beta", beta, low=0.0)

    def call(self, x: Tensor) -> Tensor:
        """The held back values."""
        return local_response_normalization_parsed(
            x, self.depth_radius, self.bias, self.alpha, self.beta
        )

    def output_shape(self, input_shape: Shape) -> Shape:
        """The input's."""
        self.check_input(input_shape)
        return tuple(input_shape)

    def cost(self, input_shape: Shape) -> Cost:
        """No parameters and no multiply-adds: only the bytes of the result."""
        output = self.output_shape(input_shape)
        return Cost(output, 0, 0, shapes.tensor_bytes(output))

    def check_input(self, shape: Any) -> None:
        """Refuses an input that the layer cannot take."""
        if len(shape) < 2:
            _check.shape_fail(self.place, "have 2 dimensions (n, c) or more", shape)
