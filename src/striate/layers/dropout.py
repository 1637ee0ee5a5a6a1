"""Dropout, SpatialDropout2D: a part of the numbers, or of the maps, is zero in training."""

from __future__ import annotations

from typing import Any

import torch.nn.functional as F
from torch import Tensor

from .. import _check
from ..shapes import Shape
from .base import register_layer
from .drawing import Drawing

__all__ = ["Dropout", "SpatialDropout2D"]


@register_layer("Dropout")
class Dropout(Drawing):
    """Sets a random part of the numbers to zero in training; in inference it does nothing.

    What stays is divided by 1 - rate, so that the expectation is the input.

    Args:
        rate: part that is set to zero, 0 <= rate < 1.
        seed: of the draws; layers of one seed draw the same. Default None: the layer's place.

    Shape:
        input  (n, ...)
        output (n, ...)

    Raises:
        ArgumentError: a rate outside 0 <= rate < 1, a seed that is not a whole number.

    Example:
        >>> import torch
        >>> Dropout(0.5)(torch.ones(1, 3))
        tensor([[1., 1., 1.]])

    Reference:
        Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting",
        JMLR 2014.
    """

    sees_pixels = True

    def __init__(self, rate: float, *, seed: int | None = None, **base: Any) -> None:
        super().__init__(**base)
        self.rate = _check.fraction(self.place, "rate", rate)
        self._scale = 1.0 / (1.0 - self.rate)
        self.sow(None if seed is None else _check.whole(self.place, "seed", seed))

    def call(self, x: Tensor, training: bool | None = None) -> Tensor:
        """The thinned input in training, the input itself otherwise."""
        if not training or self.rate == 0.0:
            return x
        if not self.in_step and self.seed is None:
            return F.dropout(x, self.rate)
        return (x * self.draw_kept(self.rate, x.shape[1:], x)).mul_(self._scale)

    def output_shape(self, input_shape: Shape) -> Shape:
        """The input's."""
        return tuple(input_shape)


@register_layer("SpatialDropout2D")
class SpatialDropout2D(Drawing):
    """Sets random whole feature maps to zero in training; in inference it does nothing.

    Neighbouring pixels of a feature map tell nearly the same, so dropping single ones hides
    little. What stays is divided by 1 - rate, so that the expectation is the input.

    Args:
        rate: part of the feature maps of each sample that is set to zero, 0 <= rate < 1.
        seed: of the draws; layers of one seed draw the same. Default None: the layer's place.

    Shape:
        input  (n, h, w, c)
        output (n, h, w, c)

    Raises:
        ArgumentError: a rate outside 0 <= rate < 1, a seed that is not a whole number.
        ShapeError: an input that is not 4-dimensional.

    Example:
        >>> import torch
        >>> y = SpatialDropout2D(0.5)(torch.ones(1, 7, 7, 3), training=True)
        >>> sorted(set(y.flatten().tolist())) in ([0.0], [2.0], [0.0, 2.0])
        True

    Reference:
        Tompson et al., "Efficient object localization using convolutional networks", CVPR 2015,
        arXiv 1411.4280, section 3.2.
    """

    sees_pixels = True

    def __init__(self, rate: float, *, seed: int | None = None, **base: Any) -> None:
        super().__init__(**base)
        self.rate = _check.fraction(self.place, "rate", rate)
        self._scale = 1.0 / (1.0 - self.rate)
        self.sow(None if seed is None else _check.whole(self.place, "seed", seed))

    def call(self, x: Tensor, training: bool | None = None) -> Tensor:
        """The thinned feature maps in training, the input itself otherwise."""
        if not training or self.rate == 0.0:
            return x
        n, _, _, channels = x.shape
        if not self.in_step and self.seed is None:
            return x * F.dropout(x.new_ones((n, 1, 1, channels)), self.rate)
        kept = self.draw_kept(self.rate, (1, 1, channels), x)
        return x * kept.to(x.dtype).mul_(self._scale)

    def output_shape(self, input_shape: Shape) -> Shape:
        """The input's."""
        self.check_input(input_shape)
        return tuple(input_shape)

    def check_input(self, shape: Any) -> None:
        """Refuses an input that the layer cannot take."""
        _check.rank(self.place, shape, 4, "(n, h, w, c)")
