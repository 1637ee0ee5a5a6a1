"""Numbers of a record as a tensor where they are needed, brought there once."""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor
from torch.utils._python_dispatch import _disable_current_modes

__all__ = ["constant"]


def constant(numbers: tuple[float, ...], like: Tensor) -> Tensor:
    """The numbers as a tensor of the type and on the device of another; not to be written into.

    The same numbers are copied to a device once: while a step is recorded as a graph none can be.
    Where steps are followed without numbers, these are there all the same.

    Example:
        >>> constant((0.5, 0.25), torch.zeros(3))
        tensor([0.5000, 0.2500])
    """
    if like.is_meta or torch.compiler.is_compiling():
        return like.new_tensor(numbers)
    return _held(numbers, like.dtype, like.device)


@lru_cache(maxsize=64)
def _held(numbers: tuple[float, ...], dtype: torch.dtype, device: torch.device) -> Tensor:
    with _disable_current_modes(), torch.inference_mode(False):
        return torch.tensor(numbers, dtype=dtype, device=device)
