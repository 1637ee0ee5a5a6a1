"""Random draws that are a function of (key, sample, place): no generator, no state.

A draw is an integer hash written in tensor operations. The same key, sample and place give the
same numbers on any device, in any batch, on one process or on several; so a killed run goes on
with the draws it would have made.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence

import torch
from torch import Tensor

__all__ = ["draw_id", "fold", "uniform"]

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15


def _signed(value: int, bits: int) -> int:
    return value - (1 << bits) if value >= 1 << (bits - 1) else value


def _mix64(value: int) -> int:
    """The finaliser of SplitMix64: every bit of the result depends on every bit of the value."""
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


def fold(*numbers: int) -> int:
    """One 64-bit key (as a signed integer) from several whole numbers; the order counts.

    Example:
        >>> fold(0, 1) != fold(1, 0)
        True
    """
    state = 0
    for number in numbers:
        state = _mix64((state + _GOLDEN + (number & _MASK)) & _MASK)
    return _signed(state, 64)


def draw_id(place: str) -> int:
    """A 63-bit number for the name of a place where draws are made."""
    return int.from_bytes(hashlib.sha256(place.encode()).digest()[:8], "little") >> 1


def _shift(x: Tensor, bits: int, width: int) -> Tensor:
    """Logical shift to the right: torch's shift copies the sign bit."""
    return (x >> bits) & ((1 << (width - bits)) - 1)


def _hash64(x: Tensor) -> Tensor:
    x = (x ^ _shift(x, 30, 64)) * _signed(0xBF58476D1CE4E5B9, 64)
    x = (x ^ _shift(x, 27, 64)) * _signed(0x94D049BB133111EB, 64)
    return x ^ _shift(x, 31, 64)


def _hash32(x: Tensor) -> Tensor:
    x = (x ^ _shift(x, 16, 32)) * 0x7FEB352D
    x = (x ^ _shift(x, 15, 32)) * _signed(0x846CA68B, 32)
    return x ^ _shift(x, 16, 32)


def uniform(key: int | Tensor, sample_ids: Tensor, place: int, shape: Sequence[int]) -> Tensor:
    """Uniform numbers in [0, 1), a function of key, sample and place alone.

    64-bit hashes give each sample its own stream number; its elements are 32-bit hashes of
    (stream, index), of which 24 bits make a float32.

    Args:
        key: 64-bit integer or int64 scalar tensor, such as `fold(seed, epoch, step)`.
        sample_ids: (n,) int64 numbers of the samples in their data set.
        place: which draw of the net it is, from `draw_id`.
        shape: of one sample's draw.

    Shape:
        output (n, *shape), float32

    Example:
        >>> a = uniform(7, torch.tensor([3, 5]), 1, (2,))
        >>> b = uniform(7, torch.tensor([5]), 1, (2,))
        >>> bool((a[1] == b[0]).all())
        True

    Reference:
        Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011 (the idea);
        Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
    """
    state = _hash64(_hash64(sample_ids.to(torch.int64) + _signed(_GOLDEN, 64)) ^ key)
    state = _hash64(state + place)
    low, high = (state & 0xFFFFFFFF), _shift(state, 32, 64)
    low, high = ((s ^ 0x80000000) - 0x80000000 for s in (low, high))
    low, high = low.to(torch.int32)[:, None], high.to(torch.int32)[:, None]
    count = math.prod(shape)
    index = torch.arange(count, dtype=torch.int32, device=sample_ids.device)
    bits = _hash32(_hash32(index * _signed(0x9E3779B1, 32) ^ low) + high)
    numbers = (bits & 0xFFFFFF).to(torch.float32) * 2.0**-24
    return numbers.reshape(sample_ids.shape[0], *shape)
