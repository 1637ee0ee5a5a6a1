"""LayerNormalization: each sample, or each of its pixels, at mean 0 and variance 1."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from torch import Tensor

from .. import _check
from ..ops.axes import parse_axes, resolve_axes
from ..ops.norm import layer_norm_axes
from ..shapes import Cost, Shape
from ..windows import PIXEL, Windows
from .affine import Affine
from .base import register_layer

__all__ = ["LayerNormalization"]


@register_layer("LayerNormalization")
class LayerNormalization(Affine):
    """Brings each sample to mean 0 and variance 1 along one or several axes.

    y = gamma (x - mean) / sqrt(variance + epsilon) + beta, with mean and variance over the axes,
    and one gamma and beta for each place along them. With axis -1 on feature maps each pixel is
    normalised over its channels; (1, 2, 3) takes the whole sample.

    Args:
        axis: one or several, without the first. Default -1, the last.
        epsilon: added to the variance. Default 1e-3.
        center: whether beta is learned and added.
        scale: whether gamma is learned and multiplied.
        beta_initializer, gamma_initializer: names or Initializers.
        beta_regularizer, gamma_regularizer: names, Regularizers or None.

    Shape:
        input  (n, ...)
        output (n, ...)

    Raises:
        ArgumentError: an axis that is no whole number, the first, or named twice; an epsilon not
            above 0, or an unknown word.
        ShapeError: an input without such an axis, with an unknown size there, or with another than
            before.

    Example:
        >>> import torch
        >>> layer = LayerNormalization(epsilon=1e-6)
        >>> layer(torch.tensor([[[[1.0, 3.0], [100.0, 300.0]]]])).round()
        tensor([[[[-1.,  1.],
                  [-1.,  1.]]]], grad_fn=<RoundBackward0>)

    Reference:
        Ba, Kiros, Hinton, "Layer normalization", 2016, arXiv 1607.06450.
    """

    def __init__(
        self,
        axis: int | Sequence[int] = -1,
        epsilon: float = 1e-3,
        *,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        **base: Any,
    ) -> None:
        super().__init__(
            epsilon=epsilon,
            center=center,
            scale=scale,
            beta_initializer=beta_initializer,
            gamma_initializer=gamma_initializer,
            beta_regularizer=beta_regularizer,
            gamma_regularizer=gamma_regularizer,
            **base,
        )
        self._axes = parse_axes(self.place, axis)
        self.axis = self._axes if isinstance(axis, list | tuple) else self._axes[0]
        self._sizes: tuple[int, ...] = ()
        self._places: tuple[int, ...] = ()

    def build(self, input_shape: Shape) -> None:
        """Makes gamma and beta for the sizes of the input along the axes."""
        places = self.check_input(input_shape)
        sizes = tuple(input_shape[axis] for axis in places)
        self.add_affine(sizes)
        self._sizes, self._places, self._rank = sizes, places, len(input_shape)

    def call(self, x: Tensor) -> Tensor:
        """The normalised input, times gamma, plus beta."""
        places = self._places
        if x.dim() != self._rank:
            places = resolve_axes(self.place, self._axes, x.shape)
        return layer_norm_axes(x, places, self.weight, self.bias, self.epsilon)

    def cost(self, input_shape: Shape) -> Cost:
        """Gamma and beta; no multiply-adds are counted."""
        places = self.check_input(input_shape)
        return self.affine_cost(input_shape, math.prod(input_shape[axis] for axis in places))

    def windows(self, input_shape: Any) -> Windows | None:
        """The pixel at the place, where channels alone are brought in line; else the whole map."""
        return PIXEL if self.check_input(input_shape) == (len(input_shape) - 1,) else None

    def check_input(self, shape: Any) -> tuple[int, ...]:
        """Refuses an input that the layer cannot take; gives its axes, counted from 0."""
        places = resolve_axes(self.place, self._axes, shape)
        sizes = tuple(shape[axis] for axis in places)
        if self._sizes not in ((), sizes):
            rule = f"have sizes {self._sizes} along axis={self.axis}, as when it was built"
            _check.shape_fail(self.place, rule, shape)
        if None in sizes:
            _check.shape_fail(self.place, f"have known sizes along axis={self.axis}", shape)
        return places
