"""Product: a dense layer of fixed weights, through oneDNN where many rows come at a time.

PyTorch's products of float32 go to MKL, which on processors not of its maker takes two to three
times as long as oneDNN with a matrix that was laid out for it.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from ... import ops
from .convolution import can_pack

__all__ = ["Product"]

_ROWS = 16
"""Rows from which the packed matrix is faster than the plain one."""


class Product:
    """y = activation(x W + b) on rows of numbers.

    Args:
        weight: (units, numbers).
        bias: (units,), or None.
        activation: applied last. Default None: linear.

    Example:
        >>> Product(torch.ones(1, 2), None, ops.relu)(torch.tensor([[3.0, -5.0], [1.0, 1.0]]))
        tensor([[0.],
                [2.]])
    """

    def __init__(
        self,
        weight: Tensor,
        bias: Tensor | None,
        activation: Callable[[Tensor], Tensor] | None = None,
    ) -> None:
        self.weight, self.bias = weight.detach(), None if bias is None else bias.detach()
        self.activation = activation
        self._packed: Tensor | None = None

    def __call__(self, x: Tensor) -> Tensor:
        """The result for rows, or for anything whose last axis are the numbers."""
        if x.dim() == 2 and x.shape[0] >= _ROWS and can_pack(x):
            if self._packed is None:
                self._packed = _packed(self.weight.contiguous())
            y: Tensor = torch.ops.mkldnn._linear_pointwise(
                x, self._packed, self.bias, "none", [], ""
            )
        else:
            y = F.linear(x, self.weight, self.bias)
        if self.activation is None:
            return y
        return y.relu_() if self.activation is ops.relu else self.activation(y)

    def tensors(self) -> list[Tensor]:
        """The packed matrix, where there is one."""
        return [] if self._packed is None else [self._packed]


def _packed(weight: Tensor) -> Tensor:
    """A matrix in oneDNN's order; of a stand-in, one of the same size."""
    if type(weight) is not Tensor:
        return torch.empty_like(weight)
    return torch.ops.mkldnn._reorder_linear_weight(weight, _ROWS)  # type: ignore[no-any-return]
