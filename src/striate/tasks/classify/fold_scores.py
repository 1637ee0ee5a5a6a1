"""The scores of folds: their mean, and how sure it is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

__all__ = ["Folds", "summary_of"]

_STUDENT = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
    2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093,
)  # fmt: skip
"""97.5 % quantile of Student's t for 1, 2, … degrees of freedom."""


@dataclass(frozen=True)
class Folds:
    """The accuracies of several runs, each on the pictures that it held out.

    Args:
        folder: with the runs, and this in folds.json.
        runs: names of the runs' folders in it.
        accuracies: of each run.
        mean: of the accuracies.
        margin: how far the mean may be off with 95 % confidence: half the interval, before it is
            cut off at 0 and 1.
        interval: where the mean lies with 95 % confidence, by Student's t over the runs. The runs
            share training pictures, so that the truth is a little wider.
    """

    folder: Path
    runs: tuple[str, ...]
    accuracies: tuple[float, ...]
    mean: float
    margin: float
    interval: tuple[float, float]


def summary_of(folder: Path, runs: Sequence[str], accuracies: Sequence[float]) -> Folds:
    """Mean and interval of the runs' accuracies.

    Args:
        folder: with the runs.
        runs: names of their folders in it, 2 to 20.
        accuracies: of each.

    Example:
        >>> found = summary_of(Path("."), ["a", "b", "c"], [0.8, 0.9, 0.7])
        >>> round(found.mean, 3), [round(end, 3) for end in found.interval]
        (0.8, [0.552, 1.0])
    """
    mean, count = float(np.mean(accuracies)), len(accuracies)
    half = _STUDENT[count - 2] * float(np.std(accuracies, ddof=1)) / math.sqrt(count)
    interval = (max(mean - half, 0.0), min(mean + half, 1.0))
    return Folds(folder, tuple(runs), tuple(accuracies), mean, half, interval)
