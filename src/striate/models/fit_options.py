"""FitOptions: what `fit` was given, and the batches that follow from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .. import _check
from ..train.batches import Batches
from ..train.callbacks import Callback
from ..train.ema import WeightAverage
from ..train.step import Augment
from .feeding import feed

__all__ = ["FitOptions", "batches_of"]


@dataclass(frozen=True)
class FitOptions:
    """What `fit` was given; see there."""

    x: Any
    y: Any
    batch_size: int | str | None
    epochs: int
    verbose: int | str
    callbacks: Sequence[Callback] | Callback | None
    validation_split: float
    validation_data: Any
    shuffle: bool
    class_weight: dict[int, float] | None
    sample_weight: Any
    initial_epoch: int
    steps_per_epoch: int | None
    validation_freq: int
    precision: str
    seed: int | None
    jit: bool
    capture: bool
    accumulate: int
    ema: float | WeightAverage | None
    augment: Augment | None
    on_oom: str


def batches_of(
    given: FitOptions, data: tuple[Any, Any, Any], batch_size: Any, seed: int
) -> Batches:
    """The batches of the training.

    Args:
        given: to `fit`.
        data: (x, y, weights) without what is held out.
        batch_size: where these are arrays.
        seed: of their order.
    """
    x, y, weights = data
    return feed(
        x,
        y,
        weights,
        place="fit",
        batch_size=batch_size,
        shuffle=_check.flag("fit", "shuffle", given.shuffle),
        seed=seed,
        steps=given.steps_per_epoch,
        class_weight=given.class_weight,
    )
