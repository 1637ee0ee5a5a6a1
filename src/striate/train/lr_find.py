"""lr_find: one short run over rising learning rates, and the rate that it suggests."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch

from .. import _check
from ..optimizers import Optimizer, schedules
from ..records import Batch
from .batches import Batches
from .step import TrainStep

__all__ = ["LearningRateSweep", "lr_find"]

_WIDTH = 0.03  # of the smoothing, as a part of all steps
_RISE = 3.0  # how many times the first loss may be gained over the least one


@dataclass(frozen=True)
class LearningRateSweep:
    """The losses of a sweep over learning rates.

    Args:
        rates: of each step, rising by the same factor.
        losses: of each step, before its update.
        smoothed: the losses under a Gaussian window of 3 % of the steps, which lags neither way.
        suggestion: a peak for a one-cycle or cosine schedule: one tenth of the rate with the least
            smoothed loss. None where the loss never fell below its beginning.
    """

    rates: tuple[float, ...]
    losses: tuple[float, ...]
    smoothed: tuple[float, ...]
    suggestion: float | None


def lr_find(
    step: TrainStep,
    batches: Batches,
    *,
    low: float = 1e-6,
    high: float = 10.0,
    steps: int = 100,
    check: Callable[[Batch], None] | None = None,
    progress: Callable[[int], None] | None = None,
) -> LearningRateSweep:
    """Trains a copy of the model for some steps, each with a higher learning rate than the last.

    The sweep ends early when the loss is not finite, or when the mean of its last three values
    has risen over the least such mean by three times the first. Where the smoothed loss is least,
    the rate begins to spoil what it gains; one tenth of it is the usual peak of a schedule. (The
    steepest place, and the middle of the longest fall, were tried: with warm-up and decay around
    the peak they suggest rates that are ten times too low.)

    Model, optimizer and torch's generators are as before, bit for bit: copies are trained.

    Args:
        step: as for `fit`; its optimizer need not have its parameters yet.
        batches: the epochs follow each other as long as there are steps.
        low, high: first and last learning rate.
        steps: how many rates are tried, 10 or more.
        check: refuses a batch that the loss cannot take, before it is used.
        progress: called with the number of each step done, from 1.

    Raises:
        ArgumentError: rates or steps out of their range, or an epoch without a batch.

    Reference:
        Smith, "Cyclical Learning Rates for Training Neural Networks", WACV 2017,
        arXiv 1506.01186, section 3.3.
    """
    low = _check.positive("lr_find", "low", low)
    high = _check.positive("lr_find", "high", high)
    if high <= low:
        _check.fail("lr_find", "high", f"be above low={low:g}", high)
    if _check.whole("lr_find", "steps", steps) < 10:
        _check.fail("lr_find", "steps", "be 10 or more", steps)
    rates = [low * (high / low) ** (number / (steps - 1)) for number in range(steps)]
    devices = [step.device] if step.device.type == "cuda" else []
    losses: list[float] = []
    with torch.random.fork_rng(devices=devices):
        twin = _twin(step)
        twin.model.train()
        for number, (rate, batch) in enumerate(zip(rates, _endless(batches), strict=False)):
            if check is not None:
                check(batch)
            _set_rate(twin.optimizer, rate)
            result = twin(batch, epoch=0, step=number)
            if not result.is_finite:
                break
            losses.append(float(result.loss))
            if progress is not None:
                progress(number + 1)
            if _has_risen(losses):
                break
    smoothed = _smooth(losses, _WIDTH * steps)
    best = int(np.argmin(smoothed)) if losses else 0
    suggestion = rates[best] / 10.0 if best else None
    return LearningRateSweep(tuple(rates[: len(losses)]), tuple(losses), smoothed, suggestion)


def _twin(step: TrainStep) -> TrainStep:
    """The same step on a copy of model and optimizer."""
    model, optimizer = copy.deepcopy((step.model, step.optimizer))
    if isinstance(optimizer, Optimizer):
        optimizer.bind(model.parameters())
    return TrainStep(
        model,
        step.criterion,
        optimizer,
        precision=step.precision,
        preprocess=step.preprocess,
        seed=step.seed,
        world=step.world,
        accumulate=step.accumulate,
        augment=step.augment,
    )


def _endless(batches: Batches) -> Iterator[Batch]:
    """The batches of one epoch after the other."""
    epoch = 0
    while True:
        batch = None
        for batch in batches.epoch(epoch):
            yield batch
        if batch is None:
            _check.fail("lr_find", "x", f"hold a batch in epoch {epoch + 1} too", "none")
        epoch += 1


def _set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    if isinstance(optimizer, Optimizer):
        optimizer.learning_rate = schedules.Constant(rate)
    else:
        for group in optimizer.param_groups:
            group["lr"] = rate


def _has_risen(losses: list[float]) -> bool:
    if len(losses) < 3:
        return False
    means = np.convolve(losses, np.full(3, 1 / 3), "valid")
    return bool(means[-1] - means.min() > _RISE * abs(means[0]))


def _smooth(losses: list[float], width: float) -> tuple[float, ...]:
    """The mean around each loss, weighted by a Gaussian; near the ends over what is there."""
    place = np.arange(len(losses))
    weights = np.exp(-0.5 * ((place[:, None] - place) / width) ** 2)
    return tuple((weights @ np.asarray(losses) / weights.sum(axis=1)).tolist()) if losses else ()
