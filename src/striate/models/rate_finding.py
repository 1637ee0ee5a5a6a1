"""lr_find: a learning rate for a compiled model and its data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from .. import _check
from ..train.lr_find import LearningRateSweep
from ..train.lr_find import lr_find as sweep
from ..train.step import Augment
from .feeding import feed
from .network import Network
from .preparing import prepare
from .training_step import training_step

__all__ = ["lr_find"]


def lr_find(
    self: Network,
    x: Any = None,
    y: Any = None,
    *,
    low: float = 1e-6,
    high: float = 10.0,
    steps: int = 100,
    batch_size: int = 32,
    sample_weight: Any = None,
    class_weight: dict[int, float] | None = None,
    precision: str = "float32",
    seed: int | None = None,
    accumulate: int = 1,
    augment: Augment | None = None,
    progress: Callable[[int], None] | None = None,
) -> LearningRateSweep:
    """Tries rising learning rates in one short run on copies, and suggests one.

    See `striate.train.lr_find` for the rule. Model and optimizer are left as they are, but for a
    model that had no shape: that is built.

    Args:
        x, y, sample_weight, class_weight: as in `fit`.
        low, high: first and last learning rate.
        steps: how many rates are tried, 10 or more.
        batch_size: samples a step, where x is arrays.
        precision: as in `fit`.
        seed: of order and draws. Default None: drawn from torch's generator.
        accumulate, augment: as in `fit`.
        progress: called with the number of each step done, from 1.

    Raises:
        ArgumentError, ShapeError: as `fit`.

    Example:
        >>> import numpy as np, striate
        >>> model = striate.Sequential([striate.layers.Dense(2, "softmax", input_shape=(3,))])
        >>> model.compile("adam", loss="sparse_categorical_crossentropy")
        >>> found = model.lr_find(np.eye(3), [0, 1, 1], batch_size=3, seed=0)
        >>> len(found.rates) == len(found.losses) > 0
        True
    """
    drawn = int(torch.randint(2**31, ())) if seed is None else seed
    seed = _check.whole("lr_find", "seed", drawn)
    batches = feed(
        x,
        y,
        sample_weight,
        place="lr_find",
        batch_size=batch_size,
        shuffle=True,
        seed=seed,
        class_weight=class_weight,
    )
    ready = prepare(self, batches, place="lr_find", precision=precision, class_weight=class_weight)
    step = training_step(self, ready, seed=seed, accumulate=accumulate, augment=augment, bind=False)
    return sweep(
        step, batches, low=low, high=high, steps=steps, check=ready.check, progress=progress
    )
