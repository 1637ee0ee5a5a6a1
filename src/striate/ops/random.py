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

__all__ = [
    "at_least",
    "bits",
    "draw_id",
    "element_words",
    "fold",
    "numbers",
    "sample_words",
    "streams",
    "uniform",
    "uniform_of",
]

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
    return (x >> bits).bitwise_and_((1 << (width - bits)) - 1)


def _hash64(x: Tensor) -> Tensor:
    """The finaliser of SplitMix64, in int64 arithmetic that wraps around."""
    x = (x ^ _shift(x, 30, 64)).mul_(_signed(0xBF58476D1CE4E5B9, 64))
    x = x.bitwise_xor_(_shift(x, 27, 64)).mul_(_signed(0x94D049BB133111EB, 64))
    return x.bitwise_xor_(_shift(x, 31, 64))


def _hash32(x: Tensor) -> Tensor:
    """A 32-bit finaliser: shifts and odd factors that spread every bit over all."""
    x = (x ^ _shift(x, 16, 32)).mul_(0x7FEB352D)
    x = x.bitwise_xor_(_shift(x, 15, 32)).mul_(_signed(0x846CA68B, 32))
    return x.bitwise_xor_(_shift(x, 16, 32))


def streams(key: int | Tensor, sample_ids: Tensor) -> Tensor:
    """(n,) int64: what all draws of a step begin with, one number a sample.

    Args:
        key: 64-bit integer or int64 scalar tensor, such as `fold(seed, epoch, step)`.
        sample_ids: (n,) int64 numbers of the samples in their data set.
    """
    return _hash64(_hash64(sample_ids.to(torch.int64) + _signed(_GOLDEN, 64)) ^ key)


def uniform(key: int | Tensor, sample_ids: Tensor, place: int, shape: Sequence[int]) -> Tensor:
    """Uniform numbers in [0, 1), a function of key, sample and place alone.

    A 64-bit hash of (key, sample, place) gives each sample two 32-bit words, `sample_words`; a
    32-bit hash gives each element one, `element_words`; `bits` mixes them.

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
    return uniform_of(streams(key, sample_ids), place, shape)


def uniform_of(samples: Tensor, place: int, shape: Sequence[int]) -> Tensor:
    """`uniform` from the numbers that `streams` made: a layer's part of the work."""
    index = element_words(math.prod(shape), samples.device)
    return numbers(bits(sample_words(samples + place), index)).reshape(samples.shape[0], *shape)


def sample_words(samples: Tensor) -> tuple[Tensor, Tensor]:
    """(..., n) int64 of (stream + place) -> two int32 words a sample, (..., n, 1); one is odd."""
    words = _hash64(samples).view(torch.int32).reshape(*samples.shape, 2)
    return words[..., :1], words[..., 1:] | 1


def element_words(count: int, device: torch.device) -> Tensor:
    """(count,) int32: one word for each element of a sample's draw, the same for all samples."""
    index = torch.arange(count, dtype=torch.int32, device=device)
    return _hash32(index * _signed(0x9E3779B1, 32))


def bits(words: tuple[Tensor, Tensor], index: Tensor) -> Tensor:
    """Words of samples (n, 1) and elements (count,) -> (n, count) int32, all values equally likely.

    The element's word is mixed with the sample's first by exclusive or, multiplied by its second,
    then mixed once more; each pass over the elements is in place.
    """
    first, odd = words
    mixed = (index ^ first).mul_(odd)
    return mixed.bitwise_xor_(_shift(mixed, 16, 32)).mul_(0x7FEB352D)


def numbers(drawn: Tensor) -> Tensor:
    """The upper 24 of `bits` as float32 in [0, 1)."""
    return (drawn >> 8).to(torch.float32).mul_(2.0**-24).add_(0.5)


def at_least(drawn: Tensor, rate: float) -> Tensor:
    """Where `numbers(drawn) >= rate`, found without making the numbers."""
    return drawn >= math.ceil((rate - 0.5) * 2**24) * 256
