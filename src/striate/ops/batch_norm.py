"""Batch normalisation on tensors whose last axis is the channel."""

from __future__ import annotations

import math

import torch
from jaxtyping import Float
from torch import Tensor

from .. import _check

__all__ = ["batch_norm", "batch_norm_by", "batch_norm_training", "batch_norm_training_by"]


def batch_norm(
    x: Float[Tensor, "n *o c"],
    *,
    mean: Float[Tensor, "c"],
    variance: Float[Tensor, "c"],
    gamma: Float[Tensor, "c"] | None = None,
    beta: Float[Tensor, "c"] | None = None,
    epsilon: float = 1e-3,
) -> Float[Tensor, "n *o c"]:
    """Each channel shifted and scaled by given statistics: (x - mean) / sqrt(variance + epsilon).

    Args:
        mean, variance: of each channel.
        gamma, beta: factor and shift of each channel afterwards. Default None: 1 and 0.
        epsilon: added to the variance. Default 1e-3, as in Keras.

    Shape:
        input  (n, ..., c)
        output (n, ..., c)

    Raises:
        ShapeError: x without channels, or another number of them than elsewhere.
        ArgumentError: whole numbers, or number types that do not go together.

    Example:
        >>> one = torch.ones(1)
        >>> batch_norm(torch.tensor([[3.0]]), mean=one, variance=one, epsilon=0.0)
        tensor([[2.]])

    Reference:
        Ioffe & Szegedy, "Batch normalization", ICML 2015, arXiv 1502.03167.
    """
    given = {"mean": mean, "variance": variance, "gamma": gamma, "beta": beta}
    _check_channels("batch_norm", x, given)
    return batch_norm_by(x, mean, variance, gamma, beta, epsilon)


def batch_norm_by(
    x: Tensor,
    mean: Tensor,
    variance: Tensor,
    gamma: Tensor | None,
    beta: Tensor | None,
    epsilon: float,
) -> Tensor:
    """`batch_norm` with its arguments already checked: what the layer calls."""
    y = torch.batch_norm(x.movedim(-1, 1), gamma, beta, mean, variance, False, 0.0, epsilon, _CUDNN)
    return y.movedim(1, -1)


def _check_channels(place: str, x: Tensor, given: dict[str, Tensor | None]) -> None:
    """Refuses what has not one number for each channel of x, or is of another number type."""
    if x.dim() < 2:
        _check.shape_fail(place, "have 2 dimensions (n, c) or more", x.shape)
    _check.floating(place, "x", x)
    halves = x.dtype in (torch.float16, torch.bfloat16)
    types = (x.dtype, torch.float32) if halves else (x.dtype,)
    for name, tensor in given.items():
        if tensor is not None and tensor.shape != x.shape[-1:]:
            shapes = {name: tensor.shape, "x": x.shape}
            _check.shapes_fail(place, name, "hold one number for each channel of x", shapes)
        if tensor is not None and tensor.dtype not in types:
            rule = f"have the number type {' or '.join(map(str, types))}, as x has {x.dtype}"
            _check.fail(place, name, rule, str(tensor.dtype))


def batch_norm_training(
    x: Float[Tensor, "n *o c"],
    *,
    running_mean: Float[Tensor, "c"],
    running_var: Float[Tensor, "c"],
    gamma: Float[Tensor, "c"] | None = None,
    beta: Float[Tensor, "c"] | None = None,
    momentum: float = 0.99,
    epsilon: float = 1e-3,
) -> Float[Tensor, "n *o c"]:
    """Each channel normalised by the batch's own statistics, which move the running ones in place.

    running = momentum * running + (1 - momentum) * batch, with the biased variance of the batch
    (divided by the count, not by the count less one), as in Keras.

    Args:
        running_mean, running_var: statistics that are updated.
        gamma, beta: factor and shift of each channel afterwards. Default None: 1 and 0.
        momentum: share of the old statistics that stays. Default 0.99, as in Keras.
        epsilon: added to the variance. Default 1e-3, as in Keras.

    Shape:
        input  (n, ..., c)
        output (n, ..., c)

    Raises:
        ShapeError: x without channels, or another number of them than elsewhere.
        ArgumentError: whole numbers, or number types that do not go together.

    Example:
        >>> running = {"running_mean": torch.zeros(1), "running_var": torch.ones(1)}
        >>> _ = batch_norm_training(torch.tensor([[0.0], [4.0]]), momentum=0.5, **running)
        >>> [value.item() for value in running.values()]
        [1.0, 2.5]

    Reference:
        Ioffe & Szegedy, "Batch normalization", ICML 2015, arXiv 1502.03167, algorithm 1.
    """
    given = {"running_mean": running_mean, "running_var": running_var}
    _check_channels("batch_norm_training", x, {**given, "gamma": gamma, "beta": beta})
    return batch_norm_training_by(x, running_mean, running_var, gamma, beta, momentum, epsilon)


def batch_norm_training_by(
    x: Tensor,
    running_mean: Tensor,
    running_var: Tensor,
    gamma: Tensor | None,
    beta: Tensor | None,
    momentum: float,
    epsilon: float,
) -> Tensor:
    """`batch_norm_training` with its arguments already checked: what the layer calls."""
    share = torch.zeros_like(running_var)
    y = torch.batch_norm(
        x.movedim(-1, 1), gamma, beta, running_mean, share, True, 1.0 - momentum, epsilon, _CUDNN
    )
    with torch.no_grad():
        count = math.prod(x.shape[:-1])
        running_var.mul_(momentum)
        if count > 1:
            running_var.add_(share, alpha=(count - 1) / count)
    return y.movedim(1, -1)


_CUDNN = True
"""torch asks whether cuDNN may be used."""
