"""The memory that an operation takes beside its result, while it runs on the processor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

__all__ = ["workspace_bytes"]

_BLOCK = 16
"""Channels of a block of oneDNN's, on processors with 512 bits."""

_LARGEST_DIRECT = 9
"""Taps of a depthwise kernel up to which oneDNN has a kernel of its own for its gradient."""


def workspace_bytes(func: Any, args: tuple[Any, ...]) -> int:
    """Bytes that PyTorch's kernel takes for the time of the operation; 0 where none are known.

    oneDNN copies a convolution's kernels into blocks: once on the way forward, twice on the way
    back; those of a large depthwise kernel fill blocks of 16 × 16. The gradient of a batch norm
    takes a second gradient of its input, the mean of 16-bit numbers a copy in 32 bits. All this
    was measured with PyTorch 2.13 on a processor with 512 bits.

    Args:
        func: an operation of ATen.
        args: of it.

    Example:
        >>> x, kernels = torch.zeros(1, 8, 4, 4), torch.zeros(2, 8, 3, 3)
        >>> workspace_bytes(torch.ops.aten.convolution.default, (x, kernels))
        576
    """
    rule = _RULES.get(func)
    return 0 if rule is None else rule(args)


def _convolution(args: tuple[Any, ...]) -> int:
    return _bytes(args[1])


def _convolution_backward(args: tuple[Any, ...]) -> int:
    kernels = args[2]
    taps = kernels.shape[2] * kernels.shape[3] if kernels.dim() == 4 else 0
    if kernels.shape[1] == 1 and args[9] > 1 and taps > _LARGEST_DIRECT:
        return (_BLOCK**2 + 1) * int(kernels.numel()) * torch.float32.itemsize
    return 2 * _bytes(kernels)


def _batch_norm_backward(args: tuple[Any, ...]) -> int:
    return _bytes(args[1])


def _mean(args: tuple[Any, ...]) -> int:
    x = args[0]
    is_short = x.is_floating_point() and x.element_size() < torch.float32.itemsize
    return int(x.numel()) * torch.float32.itemsize if is_short else 0


def _bytes(tensor: Any) -> int:
    return int(tensor.numel()) * int(tensor.element_size())


_RULES: dict[Any, Callable[[tuple[Any, ...]], int]] = {
    torch.ops.aten.convolution.default: _convolution,
    torch.ops.aten.convolution_backward.default: _convolution_backward,
    torch.ops.aten.native_batch_norm_backward.default: _batch_norm_backward,
    torch.ops.aten.mean.dim: _mean,
}
