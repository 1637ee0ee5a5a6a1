"""fold_norm: a normalisation by known statistics as part of the convolution before it."""

from __future__ import annotations

import torch
from torch import Tensor

from ...layers.normalization import BatchNormalization

__all__ = ["fold_norm"]


def fold_norm(
    weight: Tensor, bias: Tensor | None, norm: BatchNormalization
) -> tuple[Tensor, Tensor]:
    """The kernel and bias whose convolution gives what the normalisation made of the given ones.

    gamma (k * x + b - mean) / sqrt(var + epsilon) + beta is linear in x, so factor and shift go
    into k and b; they are computed in float64.

    Args:
        weight: kernel, (filters, channels / groups, h, w).
        bias: (filters,), or None.
        norm: built; its running statistics are used.

    Example:
        >>> norm = BatchNormalization(epsilon=1.0)
        >>> norm.build((None, 4, 4, 2))
        >>> weight, bias = fold_norm(torch.ones(2, 1, 1, 1), torch.ones(2), norm)
        >>> weight.flatten().tolist(), bias.tolist()
        ([0.7071067690849304, 0.7071067690849304], [0.7071067690849304, 0.7071067690849304])
    """
    with torch.no_grad():
        factor = (norm.running_var.double() + norm.epsilon).rsqrt()
        if norm.weight is not None:
            factor = factor * norm.weight.double()
        shift = -norm.running_mean.double() if bias is None else bias - norm.running_mean.double()
        shift = shift * factor
        if norm.bias is not None:
            shift = shift + norm.bias.double()
        folded = (weight.double() * factor[:, None, None, None]).to(weight.dtype)
        return folded, shift.to(weight.dtype)
