"""A row of the catalogue of losses and metrics: one of them, and a batch for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

CLASSES = 4

Batch = Callable[[np.random.Generator, int], tuple[np.ndarray, ...]]


@dataclass(frozen=True)
class ScoreRow:
    """A loss or a metric.

    Args:
        name: its public name.
        make: makes a new one.
        batch: (rng, n) -> what it is fed: (targets, outputs) of n samples.
        case: what is special about the row.
    """

    name: str
    make: Callable[[], Any]
    batch: Batch
    case: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.case}".rstrip()


def probabilities(rng, n, *sizes):
    """Rows of positive numbers that sum to 1."""
    x = rng.random((n, *sizes, CLASSES)) + 0.1
    return x / x.sum(axis=-1, keepdims=True)


def class_numbers(rng, n):
    return rng.integers(0, CLASSES, n), probabilities(rng, n)


def class_maps(rng, n):
    return rng.integers(0, CLASSES, (n, 2, 3)), probabilities(rng, n, 2, 3)


def one_hot(rng, n):
    return np.eye(CLASSES)[rng.integers(0, CLASSES, n)], probabilities(rng, n)


def same_numbers(rng, n):
    return rng.integers(0, CLASSES, n), rng.integers(0, CLASSES, n)


def labels(rng, n):
    return rng.integers(0, 2, (n, CLASSES)).astype(np.float64), rng.random((n, CLASSES))


def logits(rng, n):
    return rng.integers(0, 2, (n, 1)).astype(np.float64), rng.standard_normal((n, 1))


def values(rng, n):
    return (rng.random(n),)
