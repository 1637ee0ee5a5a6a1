"""GroupNormalization: groups of feature maps of each sample at mean 0 and variance 1."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from .. import _check
from ..ops.axes import parse_axes, resolve_axes
from ..ops.norm import group_norm_axis, groups_of, parse_groups
from ..shapes import Cost, Shape
from .affine import Affine
from .base import register_layer

__all__ = ["GroupNormalization"]


@register_layer("GroupNormalization")
class GroupNormalization(Affine):
    """Brings each group of feature maps of each sample to mean 0 and variance 1.

    y = gamma (x - mean) / sqrt(variance + epsilon) + beta, with mean and variance over the pixels
    and channels of the group. Other samples do not count, so small batches are as good as large
    ones, and training is as inference. groups=1 takes all channels together; groups=-1 takes each
    by itself, which is instance normalisation.

    Args:
        groups: into how many the channels are cut. Default 32, as in the paper.
        axis: of the channels. Default -1, the last.
        epsilon: added to the variance. Default 1e-3.
        center: whether beta is learned and added.
        scale: whether gamma is learned and multiplied.
        beta_initializer, gamma_initializer: names or Initializers.
        beta_regularizer, gamma_regularizer: names, Regularizers or None.

    Shape:
        input  (n, ..., c)
        output (n, ..., c)

    Raises:
        ArgumentError: groups that are neither -1 nor a whole number of at least 1, an axis that is
            no whole number or the first, an epsilon not above 0, or an unknown word.
        ShapeError: an input without such an axis, with channels that groups do not divide, or with
            others than before.

    Example:
        >>> import torch
        >>> layer = GroupNormalization(2, center=False, scale=False)
        >>> layer(torch.tensor([[1.0, 3.0, 100.0, 300.0]])).round()
        tensor([[-1.,  1., -1.,  1.]])

    Reference:
        Wu & He, "Group normalization", ECCV 2018, arXiv 1803.08494, equation 7.
    """

    def __init__(
        self,
        groups: int = 32,
        axis: int = -1,
        *,
        epsilon: float = 1e-3,
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
        self.groups = parse_groups(self.place, groups)
        self.axis = _check.whole(self.place, "axis", axis)
        self._axes = parse_axes(self.place, self.axis)
        self._channels: int | None = None

    def build(self, input_shape: Shape) -> None:
        """Makes gamma and beta for the channels of the input."""
        axis = self.check_input(input_shape)
        channels: int = input_shape[axis]
        self.add_affine((channels,))
        self._channels = channels
        self._count = groups_of(self.place, self.groups, input_shape, axis)

    def call(self, x: Tensor) -> Tensor:
        """The normalised groups, times gamma, plus beta."""
        axis = self.axis if self.axis > 0 else self.axis + x.dim()
        return group_norm_axis(x, self._count, axis, self.weight, self.bias, self.epsilon)

    def cost(self, input_shape: Shape) -> Cost:
        """Gamma and beta; no multiply-adds are counted."""
        return self.affine_cost(input_shape, input_shape[self.check_input(input_shape)])

    def check_input(self, shape: Any) -> int:
        """Refuses an input that the layer cannot take; gives the axis of its channels, from 0."""
        (axis,) = resolve_axes(self.place, self._axes, shape)
        groups_of(self.place, self.groups, shape, axis)
        if self._channels not in (None, shape[axis]):
            rule = f"have {self._channels} channels, as when it was built"
            _check.shape_fail(self.place, rule, shape)
        return axis
