"""Normalisation by sample, along axes, and by group of channels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from .. import _check
from .axes import parse_axes, resolve_axes

__all__ = [
    "group_norm",
    "group_norm_axis",
    "groups_of",
    "layer_norm",
    "layer_norm_axes",
    "parse_groups",
]


def layer_norm(
    x: Float[Tensor, "n *o"],
    *,
    axis: int | Sequence[int] = -1,
    gamma: Float[Tensor, "..."] | None = None,
    beta: Float[Tensor, "..."] | None = None,
    epsilon: float = 1e-3,
) -> Float[Tensor, "n *o"]:
    """Each sample at mean 0 and variance 1 along one or several axes.

    y = gamma (x - mean) / sqrt(variance + epsilon) + beta, with mean and variance over the axes;
    every other place, such as every pixel for axis -1, has its own. Half formats are summed in
    float32.

    Args:
        axis: one or several, without the first. Default -1: the channels of each pixel.
        gamma, beta: factor and shift of each place along the axes, of their sizes in rising order.
            Default None: 1 and 0.
        epsilon: added to the variance. Default 1e-3, as in Keras' layer.

    Shape:
        input  (n, ...)
        output (n, ...)

    Raises:
        ArgumentError: an axis that is no whole number, the first, or named twice.
        ShapeError: an input without such an axis.

    Example:
        >>> layer_norm(torch.tensor([[1.0, 3.0]]), epsilon=0.0)
        tensor([[-1.,  1.]])

    Reference:
        Ba, Kiros, Hinton, "Layer normalization", 2016, arXiv 1607.06450.
    """
    place = "layer_norm"
    axes = resolve_axes(place, parse_axes(place, axis), x.shape)
    return layer_norm_axes(x, axes, gamma, beta, epsilon)


def layer_norm_axes(
    x: Tensor, axes: tuple[int, ...], gamma: Tensor | None, beta: Tensor | None, epsilon: float
) -> Tensor:
    """`layer_norm` with its axes checked, counted from 0 and rising: what the layer calls."""
    if axes[0] == x.dim() - len(axes):
        return torch.layer_norm(x, x.shape[axes[0] :], gamma, beta, epsilon)
    wide = x.float() if x.dtype in (torch.float16, torch.bfloat16) else x
    variance, mean = torch.var_mean(wide, axes, correction=0, keepdim=True)
    y = (wide - mean) * torch.rsqrt(variance + epsilon)
    spread = [size if axis in axes else 1 for axis, size in enumerate(x.shape)]
    if gamma is not None:
        y = y * gamma.view(spread)
    if beta is not None:
        y = y + beta.view(spread)
    return y.to(x.dtype)


def group_norm(
    x: Float[Tensor, "n *o c"],
    groups: int = 32,
    *,
    axis: int = -1,
    gamma: Float[Tensor, "c"] | None = None,
    beta: Float[Tensor, "c"] | None = None,
    epsilon: float = 1e-3,
) -> Float[Tensor, "n *o c"]:
    """Each group of channels of each sample at mean 0 and variance 1, over all its pixels.

    On channels-last memory torch takes the variance from sums of squares, in one pass: in float32,
    digits are lost where the mean of a group is more than some ten times its deviation.

    Args:
        groups: into how many the channels are cut; 1 takes all together, -1 each by itself.
        axis: of the channels. Default -1, the last.
        gamma, beta: factor and shift of each channel afterwards. Default None: 1 and 0.
        epsilon: added to the variance. Default 1e-3, as in Keras' layer.

    Shape:
        input  (n, ..., c)
        output (n, ..., c)

    Raises:
        ArgumentError: groups that are neither -1 nor a whole number of at least 1; an axis that is
            no whole number, or the first.
        ShapeError: channels that groups do not divide, or an input without such an axis.

    Example:
        >>> group_norm(torch.tensor([[1.0, 3.0, 5.0, 9.0]]), 2, epsilon=0.0)
        tensor([[-1.,  1., -1.,  1.]])

    Reference:
        Wu & He, "Group normalization", ECCV 2018, arXiv 1803.08494, equation 7.
    """
    place = "group_norm"
    (at,) = resolve_axes(place, parse_axes(place, _check.whole(place, "axis", axis)), x.shape)
    count = groups_of(place, parse_groups(place, groups), x.shape, at)
    return group_norm_axis(x, count, at, gamma, beta, epsilon)


def parse_groups(place: str, groups: Any) -> int:
    """A whole number of at least 1, or -1: each channel is a group.

    Raises:
        ArgumentError: any other value.
    """
    number = _check.whole(place, "groups", groups)
    if number < 1 and number != -1:
        fix = "Use 1 for all channels together, -1 for each by itself."
        _check.fail(place, "groups", "be a whole number of at least 1, or -1", groups, fix)
    return number


def groups_of(place: str, groups: int, shape: Sequence[Any], axis: int) -> int:
    """How many groups the channels of an input are cut into; -1 becomes one a channel.

    Raises:
        ShapeError: channels that groups do not divide.
    """
    channels: int = shape[axis]
    count = channels if groups == -1 else groups
    if channels is None or channels % count:
        rule = f"have channels that groups={groups} divides"
        _check.shape_fail(place, rule, shape, "Choose groups that divide the channels.")
    return count


def group_norm_axis(
    x: Tensor, groups: int, axis: int, gamma: Tensor | None, beta: Tensor | None, epsilon: float
) -> Tensor:
    """`group_norm` with its arguments checked, the axis counted from 0: what the layer calls.

    torch's own backward pass, on channels-last memory, fails on a shift without a factor, and on
    parameters whose input takes no gradient: there the two are applied apart.
    """
    if gamma is None and beta is not None:
        gamma = torch.ones_like(beta)
    if gamma is not None and torch.is_grad_enabled() and not x.requires_grad:
        y = torch.group_norm(x.movedim(axis, 1), groups, None, None, epsilon, _CUDNN)
        y = y.movedim(1, -1) * gamma
        y = y if beta is None else y + beta
        return y.movedim(-1, axis).to(x.dtype)
    y = torch.group_norm(x.movedim(axis, 1), groups, gamma, beta, epsilon, _CUDNN)
    return y.movedim(1, axis)


_CUDNN = True
"""torch asks whether cuDNN may be used."""
