"""Choosing between the bytes of two pictures."""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["choose"]


def choose(which: Tensor, first: Tensor, second: Tensor) -> Tensor:
    """`torch.where` for uint8, by bits: several times as fast on a processor.

    Args:
        which: boolean, broadcast against the pictures.
        first: uint8, taken where `which` is True.
        second: uint8, taken elsewhere.

    Example:
        >>> a, b = torch.tensor([[1, 2], [3, 4]], dtype=torch.uint8)
        >>> choose(torch.tensor([True, False]), a, b).tolist()
        [1, 4]
    """
    every_bit = which.to(torch.uint8).neg_()
    return (first ^ second).bitwise_and_(every_bit).bitwise_xor_(second)
