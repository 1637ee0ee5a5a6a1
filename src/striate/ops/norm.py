"""Normalisation on tensors whose last axis is the channel: batch normalisation."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor

__all__ = ["batch_norm", "batch_norm_training"]


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

    Example:
        >>> one = torch.ones(1)
        >>> batch_norm(torch.tensor([[3.0]]), mean=one, variance=one, epsilon=0.0)
        tensor([[2.]])

    Reference:
        Ioffe & Szegedy, "Batch normalization", ICML 2015, arXiv 1502.03167.
    """
    y = torch.batch_norm(x.movedim(-1, 1), gamma, beta, mean, variance, False, 0.0, epsilon, _CUDNN)
    return y.movedim(1, -1)


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

    Example:
        >>> running = {"running_mean": torch.zeros(1), "running_var": torch.ones(1)}
        >>> _ = batch_norm_training(torch.tensor([[0.0], [4.0]]), momentum=0.5, **running)
        >>> [value.item() for value in running.values()]
        [1.0, 2.5]

    Reference:
        Ioffe & Szegedy, "Batch normalization", ICML 2015, arXiv 1502.03167, algorithm 1.
    """
    share = torch.zeros_like(running_var)
    y = torch.batch_norm(
        x.movedim(-1, 1), gamma, beta, running_mean, share, True, 1.0 - momentum, epsilon, _CUDNN
    )
    with torch.no_grad():
        count = x.numel() // x.shape[-1]
        running_var.mul_(momentum)
        if count > 1:
            running_var.add_(share, alpha=(count - 1) / count)
    return y.movedim(1, -1)


_CUDNN = True
"""torch.batch_norm asks whether cuDNN may be used."""
