"""Sharing groups of samples out so that every class is shared out too: no group is divided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from striate import _check
from striate.data.order import IndexArray, permutation

__all__ = ["class_counts", "joined_groups", "share_out"]


def share_out(counts: Any, shares: Sequence[float], *, seed: int, sizes: Any = None) -> IndexArray:
    """The part that each group of samples goes to, so that each class is divided by the shares.

    Iterative stratification: of the classes that are left, the rarest comes first; each of its
    groups goes to the part that lacks most of that class, then most samples, then to the first;
    the last ones go to parts that have none of it. Samples of no class come last. The groups of
    a class come in an order that the seed decides.

    Args:
        counts: (g, q) samples of each class in each group; a sample may have several classes.
        shares: of the parts, above 0, 1 together.
        seed: any whole number.
        sizes: (g,) samples of each group. Default None: the sum of its counts, for samples of one
            class each.

    Shape:
        output (g,), int64 numbers of parts

    Raises:
        ArgumentError: shares that are not above 0 or not 1 together, or counts that are no (g, q).

    Example:
        >>> share_out([[2, 0], [2, 0], [0, 3], [0, 3]], [0.5, 0.5], seed=0).tolist()
        [0, 1, 0, 1]

    Reference:
        Sechidis, Tsoumakas, Vlahavas, "On the Stratification of Multi-Label Data", ECML PKDD
        2011, algorithm 1; groups take the place of samples here.
    """
    table = np.asarray(counts, np.int64)
    if table.ndim != 2 or len(table) == 0:
        _check.fail("share_out", "counts", "be (groups, classes), one group at least", table.shape)
    parts = np.asarray(_check.numbers("share_out", "shares", list(shares), 0.0, 1.0))
    if len(parts) < 2 or parts.min() <= 0.0 or abs(parts.sum() - 1.0) > 1e-9:
        _check.fail("share_out", "shares", "be above 0, and 1 together", list(shares))
    weights = table.sum(axis=1) if sizes is None else np.asarray(sizes, np.int64)
    order = permutation(len(table), seed=seed, epoch=0)
    wanted, room = np.outer(parts, table.sum(axis=0)), parts * weights.sum()
    part = np.full(len(table), -1, np.int64)

    def place(group: int, lack: npt.NDArray[np.float64]) -> None:
        best = np.flatnonzero(lack >= lack.max() - 1e-9)
        chosen = int(best[room[best].argmax()])
        part[group] = chosen
        wanted[chosen] -= table[group]
        room[chosen] -= weights[group]

    left = table.sum(axis=0)
    while left.any():
        rarest = int(np.where(left > 0, left, left.max() + 1).argmin())
        members = order[table[order, rarest] > 0]
        waiting = members[part[members] < 0]
        has = np.isin(np.arange(len(parts)), part[members])
        for done, group in enumerate(waiting):
            urgent = len(members) >= len(parts) and (~has).sum() >= len(waiting) - done
            lack = np.where(has & urgent, -np.inf, wanted[:, rarest])
            place(int(group), lack)
            has[part[group]] = True
        left = table[part < 0].sum(axis=0)
    for group in order[part[order] < 0]:
        place(int(group), room)
    return part


def class_counts(groups: IndexArray, targets: npt.NDArray[Any], *, classes: int) -> IndexArray:
    """(g, classes) samples of each class in each group.

    Args:
        groups: (n,) group of each sample, 0..g-1.
        targets: (n,) class numbers; or (n, q) 1 where a class is there.
        classes: how many there are.

    Example:
        >>> class_counts(np.array([0, 0, 1]), np.array([1, 1, 0]), classes=2).tolist()
        [[0, 2], [1, 0]]
    """
    table = np.zeros((int(groups.max()) + 1, classes), np.int64)
    if targets.ndim == 1:
        np.add.at(table, (groups, targets), 1)
    else:
        np.add.at(table, groups, targets.astype(np.int64))
    return table


def joined_groups(*keys: Sequence[Any]) -> IndexArray:
    """Groups of samples that are linked: by the same key in any of several lists of keys.

    Args:
        keys: lists of n keys each. Samples with an equal key in one of them are in one group, and
            so are those that hang together over others.

    Shape:
        output (n,), int64 group of each sample, numbered as they come

    Example:
        >>> joined_groups(["a", "a", "b", "c"], [1, 2, 2, 3]).tolist()
        [0, 0, 0, 1]
    """
    parent = list(range(len(keys[0])))

    def root(sample: int) -> int:
        while parent[sample] != sample:
            parent[sample] = parent[parent[sample]]
            sample = parent[sample]
        return sample

    for column in keys:
        first: dict[Any, int] = {}
        for sample, key in enumerate(column):
            other = first.setdefault(key, sample)
            if other != sample:
                parent[root(sample)] = root(other)
    numbers: dict[int, int] = {}
    found = [numbers.setdefault(root(sample), len(numbers)) for sample in range(len(parent))]
    return np.array(found, np.int64)
