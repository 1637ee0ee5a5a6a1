"""An order in which every class is drawn equally often, whatever its size."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from striate import _check
from striate.data.order import IndexArray, permutation
from striate.ops.random import fold

__all__ = ["Balance"]


class Balance:
    """The draws of each epoch, the same number from every class.

    Each class goes through its samples in rounds, and each round has an order of its own. An epoch
    of n samples takes the next n / classes of every class (one more or less where that is no whole
    number) and mixes them. So no sample of a class comes again before all others of it came; those
    of a small class come several times an epoch, those of a large class may wait for a later one.
    An epoch is a function of labels, seed and its number alone.

    A draw is sample + n * (how often the epoch drew this sample before). It is the key of the
    random numbers of the draw, so that a picture that comes again is augmented anew; draw % n is
    the sample.

    Args:
        labels: (n,) class of each sample: numbers or names. Only classes that occur are balanced.

    Raises:
        ArgumentError: labels is not one label a sample.

    Example:
        >>> draws = Balance(["a", "a", "a", "a", "a", "b"]).epoch(0, seed=0)
        >>> sorted(draws.tolist())
        [0, 2, 3, 5, 11, 17]
    """

    def __init__(self, labels: Any) -> None:
        classes = np.asarray(labels)
        if classes.ndim != 1 or len(classes) == 0:
            fix = "Several labels a picture cannot be balanced: weigh the loss instead."
            rule = "hold one label a sample, shape (n,)"
            _check.fail("Balance", "labels", rule, classes.shape, fix)
        self._count = len(classes)
        _, numbers = np.unique(classes, return_inverse=True)
        by_class = np.argsort(numbers, kind="stable")
        self._members = np.split(by_class, np.cumsum(np.bincount(numbers))[:-1])

    def __len__(self) -> int:
        return self._count

    def epoch(self, number: int, *, seed: int) -> IndexArray:
        """The draws of an epoch.

        Args:
            number: of the epoch, from 0.
            seed: any whole number.

        Shape:
            output (n,), int64
        """
        number = _check.whole("Balance", "number", number, 0)
        parts = [self._of_class(place, number, seed) for place in range(len(self._members))]
        mixed = permutation(self._count, seed=seed, epoch=number)
        samples = np.concatenate(parts)[mixed]
        return samples + self._count * _seen_before(samples)

    def _of_class(self, place: int, epoch: int, seed: int) -> IndexArray:
        """The samples that an epoch takes from a class, in the order of the class's rounds.

        Draw j of the whole run belongs to class j % classes; so the draws before an epoch are
        counted without going through them.
        """
        members, classes = self._members[place], len(self._members)
        first, last = (
            (drawn + classes - 1 - place) // classes
            for drawn in (epoch * self._count, (epoch + 1) * self._count)
        )
        size, own_seed = len(members), fold(seed, place)
        rounds = range(first // size, -(-last // size))
        orders = [members[permutation(size, seed=own_seed, epoch=each)] for each in rounds]
        skipped = first - rounds.start * size
        return np.concatenate([*orders, members[:0]])[skipped : skipped + last - first]


def _seen_before(samples: IndexArray) -> npt.NDArray[np.int64]:
    """For each place how often its sample stands before it."""
    order = np.argsort(samples, kind="stable")
    ordered = samples[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    lengths = np.diff(np.r_[starts, len(ordered)])
    counts = np.arange(len(ordered)) - np.repeat(starts, lengths)
    result = np.empty(len(samples), np.int64)
    result[order] = counts
    return result
