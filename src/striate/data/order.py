"""The order of samples: a function of count, seed and epoch, with no generator and no state.

Sample i of an epoch is placed by the 64-bit hash `ops.random.fold(seed, epoch, i)`. The order is
the same on every machine and for any batch size, and a run that goes on after a stop needs only
the number of the epoch and of the step.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from striate import _check
from striate.ops.random import fold

__all__ = ["permutation", "sequential"]

IndexArray = npt.NDArray[np.int64]

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15


def _mix64(x: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The finaliser of SplitMix64 on an array, as in `ops.random`; products wrap at 64 bits."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def permutation(count: int, *, seed: int, epoch: int) -> IndexArray:
    """The numbers 0 … count - 1 in the order of an epoch.

    They are sorted by `fold(seed, epoch, i)`, read as an unsigned number. No two of these hashes
    are equal: the last mixing is a permutation of the 64-bit numbers.

    Args:
        count: samples in the data set.
        seed: any whole number.
        epoch: number of the epoch, from 0.

    Shape:
        output (count,), int64

    Example:
        >>> permutation(5, seed=0, epoch=0)
        array([4, 0, 1, 2, 3])

    Reference:
        Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014
        (the mixing function).
    """
    base = np.uint64((fold(seed, epoch) + _GOLDEN) & _MASK)
    keys = _mix64(np.arange(_count(count), dtype=np.uint64) + base)
    return np.argsort(keys).astype(np.int64, copy=False)


def sequential(count: int) -> IndexArray:
    """The numbers 0 … count - 1 as they are.

    Example:
        >>> sequential(3)
        array([0, 1, 2])
    """
    return np.arange(_count(count), dtype=np.int64)


def _count(count: int) -> int:
    return _check.whole("Order of samples", "count", count, 0)
