"""Gradient clipping by value, by each tensor's norm, or by the norm of all tensors together."""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["clip_by_each_norm", "clip_by_global_norm", "clip_by_value"]


def clip_by_value(gradients: list[Tensor], limit: float) -> list[Tensor]:
    """Every number of every gradient, cut to -limit..limit.

    Example:
        >>> clip_by_value([torch.tensor([-3.0, 0.5])], 1.0)
        [tensor([-1.0000,  0.5000])]
    """
    return list(torch._foreach_clamp_max(torch._foreach_clamp_min(gradients, -limit), limit))


def clip_by_each_norm(gradients: list[Tensor], limit: float) -> list[Tensor]:
    """Every gradient whose Euclidean norm is above the limit, scaled down to it by itself.

    Example:
        >>> clip_by_each_norm([torch.tensor([3.0, 4.0]), torch.tensor([0.3])], 1.0)
        [tensor([0.6000, 0.8000]), tensor([0.3000])]
    """
    norms = torch._foreach_norm(gradients)
    excess = torch._foreach_div(torch._foreach_clamp_min(norms, limit), limit)
    return list(torch._foreach_div(gradients, excess))


def clip_by_global_norm(gradients: list[Tensor], limit: float) -> list[Tensor]:
    """All gradients scaled by one factor so that their common norm is at most the limit.

    A norm that is not finite makes every result NaN, so that the fault is seen.

    Example:
        >>> clip_by_global_norm([torch.tensor([3.0]), torch.tensor([4.0])], 1.0)
        [tensor([0.6000]), tensor([0.8000])]
    """
    norms = torch._foreach_norm(gradients)
    home = norms[0]
    total = torch.linalg.vector_norm(torch.stack([n.to(home.device, home.dtype) for n in norms]))
    excess = total.clamp_min(limit) / limit + (total - total)
    return list(torch._foreach_div(gradients, [excess.to(g.device, g.dtype) for g in gradients]))
