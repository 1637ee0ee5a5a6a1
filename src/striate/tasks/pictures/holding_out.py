"""Which pictures are held out: the same share of each class, and nothing that is trained on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from striate import _check
from striate.data import class_counts, joined_groups, share_out, stratified_split

__all__ = ["HoldOut", "hold_out"]


@dataclass(frozen=True)
class HoldOut:
    """How pictures are held out for validation.

    Args:
        share: fraction of each class; not looked at where there are folds.
        seed: of the choice.
        folds: into how many parts the pictures are divided; 0 for one choice.
        fold: the part that is held out, from 1.
    """

    share: float
    seed: int = 0
    folds: int = 0
    fold: int = 1

    @property
    def text(self) -> str:
        """What is held out, in a few words."""
        if self.folds:
            return f"fold {self.fold} of {self.folds}"
        return f"{self.share:.0%} of each class"


def hold_out(
    labels: npt.NDArray[Any],
    rule: HoldOut,
    *,
    classes: int,
    keys: Sequence[Sequence[Any]] = (),
    place: str = "train",
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """(kept, held): the numbers of the pictures to train on and of those held out.

    Pictures of one class each that do not hang together are divided by `stratified_split`; all
    others by `share_out`, and in folds too: no two pictures with an equal key are divided.

    Args:
        labels: (n,) class numbers, or (n, q) 0 and 1.
        rule: how many, and by which seed.
        classes: how many there are.
        keys: lists of n keys; pictures with an equal one stay together.
        place: the data, for the messages.

    Raises:
        DataError: nothing can be held out, or nothing would be left; a fold has no picture.

    Example:
        >>> kept, held = hold_out(np.array([0, 0, 1, 1]), HoldOut(0.5), classes=2,
        ...                       keys=[["a", "a", "b", "c"]])
        >>> kept.tolist(), held.tolist()
        ([0, 1, 3], [2])
    """
    groups = joined_groups(*keys) if keys else np.arange(len(labels))
    alone = int(groups.max(initial=-1)) + 1 == len(labels)
    if alone and labels.ndim == 1 and not rule.folds:
        kept, held = stratified_split(labels, rule.share, seed=rule.seed)
    else:
        shares = [1.0 - rule.share, rule.share]
        if rule.folds:
            shares = [1.0 / rule.folds] * rule.folds
        parts = share_out(
            class_counts(groups, labels, classes=classes),
            shares,
            seed=rule.seed,
            sizes=np.bincount(groups),
        )[groups]
        filled = len(np.unique(parts))
        if filled < rule.folds:
            need = f"have pictures for each of {rule.folds} folds, none of which are in another"
            fix = f"Take {filled} folds or fewer, or add pictures."
            _check.data_fail(place, need, f"pictures for {filled}", fix)
        chosen = parts == (rule.fold - 1 if rule.folds else 1)
        kept, held = np.flatnonzero(~chosen), np.flatnonzero(chosen)
    if len(held) == 0 or len(kept) == 0:
        need = "have at least 2 pictures in one of its classes, to hold one out"
        got, fix = "1 in each", "Add pictures."
        if not alone:
            got = f"{int(groups.max()) + 1} that do not belong together"
            fix = "Same files, and those of a group, are never divided: add others, or ungroup."
        _check.data_fail(place, need, got, fix)
    return kept, held
