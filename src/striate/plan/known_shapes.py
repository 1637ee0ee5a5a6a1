"""Rules for the operations of normalisation, whose shapes torch would derive step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

__all__ = ["RULES"]


def _batch_norm(
    x: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    training: bool,
    momentum: float,
    epsilon: float,
) -> tuple[Tensor, Tensor, Tensor]:
    """The output, and the moments in the number type of the parameters; none in inference."""
    given = [part for part in (weight, bias, running_mean, running_var) if part is not None]
    dtype = given[0].dtype if given else x.dtype
    count = x.shape[1] if training else 0
    moments = [torch.empty(count, dtype=dtype, device=x.device) for _ in range(2)]
    return torch.empty_like(x), moments[0], moments[1]


def _batch_norm_backward(
    gradient: Tensor, x: Tensor, weight: Tensor | None, *others: Any
) -> tuple[Tensor | None, ...]:
    """The gradients of the input, the factor and the shift, where they are wanted."""
    wanted = others[-1]
    dtype = x.dtype if weight is None else weight.dtype
    channels = [
        torch.empty(x.shape[1], dtype=dtype, device=x.device) if each else None
        for each in wanted[1:]
    ]
    return (torch.empty_like(x) if wanted[0] else None, *channels)


def _convolution_plus(x: Tensor, other: Tensor, *how: Any) -> Tensor:
    """The sum has the shape of what is added."""
    return torch.empty_like(other)


RULES: dict[Any, Callable[..., Any]] = {
    torch.ops.aten.native_batch_norm.default: _batch_norm,
    torch.ops.aten.native_batch_norm_backward.default: _batch_norm_backward,
}
"""Operation -> what it makes of stand-ins, in the same layout as on the processor."""

if torch.backends.mkldnn.is_available():
    RULES[torch.ops.mkldnn._convolution_pointwise.binary] = _convolution_plus
