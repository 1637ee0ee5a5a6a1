"""fit and train_on_batch: Keras' words, and the engine of `striate.train` behind them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from .. import _check
from ..data.loader import Loader
from ..data.source import ArraySource
from ..errors import DivergedError
from ..records import Batch
from ..train.callbacks import Callback, LearningRateScheduler
from ..train.checkpoint import Checkpoint
from ..train.divergence import sentence
from ..train.ema import WeightAverage
from ..train.history import History
from ..train.opening import opened
from ..train.rollback import Rollback
from ..train.step import Augment
from ..train.totals import Totals
from .feeding import holds_arrays
from .fit_options import FitOptions
from .network import Network
from .preparing import prepare
from .running import run
from .training_step import training_step

__all__ = ["fit", "train_on_batch"]


def fit(
    self: Network,
    x: Any = None,
    y: Any = None,
    *,
    batch_size: int | str | None = None,
    epochs: int = 1,
    verbose: int | str = "auto",
    callbacks: Sequence[Callback] | Callback | None = None,
    validation_split: float = 0.0,
    validation_data: Any = None,
    shuffle: bool = True,
    class_weight: dict[int, float] | None = None,
    sample_weight: Any = None,
    initial_epoch: int = 0,
    steps_per_epoch: int | None = None,
    validation_freq: int = 1,
    precision: str = "float32",
    seed: int | None = None,
    jit: bool = False,
    capture: bool = False,
    accumulate: int = 1,
    ema: float | WeightAverage | None = None,
    augment: Augment | None = None,
    checkpoint: Checkpoint | None = None,
    resume: str | os.PathLike[str] | None = None,
    on_diverge: str = "stop",
    on_oom: str = "stop",
) -> History:
    """Trains the model.

    Args:
        x: images as an array (n, h, w, c), or a structure of arrays for several inputs; or an
            iterable of (images, targets[, weights]) batches, read once an epoch.
        y: targets, where x is arrays.
        batch_size: samples a step, where x is arrays; or "auto": the largest that fits into nine
            tenths of the free memory, which is said. Default None: 32.
        epochs: number of the epoch at which to end.
        verbose: 0 silent, 1 a live line, 2 one line an epoch; "auto" is 1 on a terminal, else 2.
        callbacks: told of what happens: several, or one.
        validation_split: fraction of the arrays, their last part, kept for validation.
        validation_data: (x, y), (x, y, weights) or an iterable of batches.
        shuffle: whether each epoch has an order of its own.
        class_weight: class number -> factor of its samples in the loss.
        sample_weight: (n,) factor of each sample in the loss.
        initial_epoch: number of the first epoch, from 0.
        steps_per_epoch: batches an epoch, where x is an iterable. Default None: all there are.
        validation_freq: epochs from one validation to the next.
        precision: "float32", "bfloat16" for the forward pass, or "auto": bfloat16 where the
            device multiplies it natively. What was chosen stands in the first line.
        seed: of order and draws. Default None: drawn from torch's generator.
        jit: whether the forward pass is compiled by torch.compile.
        capture: whether a step is recorded as a CUDA graph and replayed, so that Python is not
            waited for; for a model on a GPU without layers that draw. Not yet run on a GPU.
        accumulate: parts in which a batch passes through the model, to save memory. The update is
            that of the whole batch but for rounding: only BatchNormalization sees the parts.
        ema: decay of an exponential moving average of the weights, such as 0.999. Validation and
            callbacks see the averaged weights at the end of each epoch, and the model ends with
            them; `model.ema` keeps the others, and given here again, goes on from there.
        augment: changes the training batches, and no others: a policy of `striate.data.augment`,
            such as `policy("standard")`, for uint8 pictures.
        checkpoint: where and when the run is saved, see `striate.train.Checkpoint`.
        resume: "auto" goes on with the run that `checkpoint` has saved, or begins one; the folder
            of a saved run goes on with that, or fails. Weights, optimizer, averages, history and
            the callbacks' states come from there; all settings must be those of the saved run, but
            `epochs` may be more. A run that was stopped early stays stopped.
        on_diverge: "stop"; or "rollback:lr*0.5" to go back to the last checkpoint with half the
            learning rate, three times at most. It is said, and stands in the history's `notes`.
        on_oom: "stop": the step is planned first, and a run that does not fit does not begin;
            "accumulate" to compute each batch in as many parts as memory needs, which is said too;
            or "try" to begin whatever the plan says.

    Returns:
        The History; it is also `model.history`, which Ctrl-C leaves behind too.

    Raises:
        ArgumentError, ShapeError: data that do not fit the model, its loss or each other.
        DivergedError: the loss or a gradient is not finite: epoch, step, samples and the first bad
            layer are named. The update was not made; moving statistics have seen the batch.
        PlanError: memory does not suffice; the largest batch that fits is named. By the plan that
            is known before the first step, unless the model is so that it cannot be planned.
        WeightsError: a checkpoint cannot be written or read; the ones before still stand.
        DataError: another process saves a run in the same folder.
        KeyboardInterrupt: Ctrl-C, after the step has ended and the run was saved; weights and
            history are kept.
        SystemExit: SIGTERM, in the same way; its code is 143.
    """
    names = [each.name for each in fields(FitOptions)]
    given = FitOptions(**{name: value for name, value in locals().items() if name in names})
    rollback = _rollback(on_diverge, checkpoint, callbacks)
    while True:
        try:
            with opened(checkpoint, resume) as keeper:
                keeper.rollback = rollback
                return run(self, given, keeper)
        except DivergedError as error:
            if rollback is None:
                raise
            rollback.take(error)
        resume = "auto"


def _rollback(on_diverge: str, checkpoint: Checkpoint | None, callbacks: Any) -> Rollback | None:
    """What is done about a run that diverges, if there is a place to go back to."""
    rollback = Rollback.read(on_diverge)
    if rollback is not None and checkpoint is None:
        rule = 'be "stop" where there is no checkpoint to go back to'
        fix = 'For example checkpoint=Checkpoint("run/checkpoints").'
        _check.fail("fit", "on_diverge", rule, on_diverge, fix)
    told = callbacks if isinstance(callbacks, list | tuple) else [callbacks]
    if rollback is not None and any(isinstance(each, LearningRateScheduler) for each in told):
        rule = 'be "stop" where a LearningRateScheduler sets the learning rate'
        fix = "Give the optimizer a schedule instead."
        _check.fail("fit", "on_diverge", rule, on_diverge, fix)
    return rollback


def train_on_batch(
    self: Network, x: Any, y: Any = None, *, sample_weight: Any = None, precision: str = "float32"
) -> Any:
    """Makes one update on one batch.

    Args:
        x: images (n, h, w, c), or a structure for several inputs.
        y: targets.
        sample_weight: (n,) factor of each sample in the loss.
        precision: as in `fit`.

    Returns:
        The loss before the update, or [loss, *metrics] of this batch where there are metrics.

    Raises:
        ArgumentError: no arrays.
        DivergedError: the loss or a gradient is not finite; the update was not made.
    """
    if not holds_arrays(x, y):
        _check.fail("train_on_batch", "x", "be arrays", type(x).__name__)
    source = ArraySource(x, y, weights=sample_weight)
    batches = Loader(source, len(source))
    ready = prepare(self, batches, place="train_on_batch", precision=precision)
    step = training_step(self, ready)
    batch = ready.first
    was_training = self.training
    self.train()
    try:
        free = Batch(batch.images, batch.targets, batch.weights)  # draws from torch's generator
        result = step(free, epoch=0, step=0)
    finally:
        self.train(was_training)
    if not result.is_finite:
        raise DivergedError(sentence(step, result.batch, float(result.loss), epoch=0, number=0))
    totals = Totals(ready.metrics, step.world)
    totals.add(result.loss, result.sums, result.batch, result.outputs)
    values = list(totals.logs().values())
    return values[0] if len(values) == 1 else values
