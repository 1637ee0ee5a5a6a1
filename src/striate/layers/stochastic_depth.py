"""StochasticDepth: in training, the branch of a residual block is left out for some samples."""

from __future__ import annotations

from typing import Any

import torch.nn.functional as F
from torch import Tensor

from .. import _check
from ..shapes import Shape
from .base import register_layer
from .drawing import Drawing

__all__ = ["StochasticDepth"]


@register_layer("StochasticDepth")
class StochasticDepth(Drawing):
    """Sets all numbers of random samples to zero in training; in inference it does nothing.

    At the end of a residual branch, before the sum with the shortcut, it makes the net shallower
    for these samples. What stays is divided by 1 - rate, so that the expectation is the input.

    Args:
        rate: part of the samples that is set to zero, 0 <= rate < 1.
        seed: of the draws; layers of one seed draw the same. Default None: the layer's place.

    Shape:
        input  (n, ...)
        output (n, ...)

    Raises:
        ArgumentError: a rate outside 0 <= rate < 1, a seed that is not a whole number.

    Example:
        >>> import torch
        >>> y = StochasticDepth(0.5)(torch.ones(1, 2, 2, 3), training=True)
        >>> sorted(set(y.flatten().tolist())) in ([0.0], [2.0])
        True

    Reference:
        Huang et al., "Deep networks with stochastic depth", ECCV 2016, arXiv 1603.09382.
    """

    sees_pixels = True

    def __init__(self, rate: float, *, seed: int | None = None, **base: Any) -> None:
        super().__init__(**base)
        self.rate = _check.fraction(self.place, "rate", rate)
        self.sow(None if seed is None else _check.whole(self.place, "seed", seed))

    def call(self, x: Tensor, training: bool | None = None) -> Tensor:
        """The samples that are kept in training, the input itself otherwise."""
        if not training or self.rate == 0.0:
            return x
        ones = (1,) * (x.dim() - 1)
        if not self.in_step and self.seed is None:
            return x * F.dropout(x.new_ones((x.shape[0], *ones)), self.rate)
        kept = self.draw_kept(self.rate, ones, x)
        return x * kept.to(x.dtype).div_(1.0 - self.rate)

    def output_shape(self, input_shape: Shape) -> Shape:
        """The input's."""
        return tuple(input_shape)
