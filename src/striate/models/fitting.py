"""fit and train_on_batch: Keras' words, and the engine of `striate.train` behind them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import torch

from .. import _check, optimizers, structure
from ..records import Batch
from ..train import engine
from ..train.callbacks import Callback, ProgressBar
from ..train.criterion import Criterion
from ..train.history import History
from ..train.precision import resolve
from ..train.step import TrainStep, device_of
from ..train.totals import OutputMetrics, Totals
from .ends import ModelEnds, ends_of
from .feeding import feed, split_arrays

if TYPE_CHECKING:
    from .model import Model

__all__ = ["fit", "train_on_batch"]


def fit(
    self: Model,
    x: Any = None,
    y: Any = None,
    *,
    batch_size: int = 32,
    epochs: int = 1,
    verbose: int | str = "auto",
    callbacks: Sequence[Callback] = (),
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
) -> History:
    """Trains the model.

    Args:
        x: images as an array (n, h, w, c), or a structure of arrays for several inputs; or an
            iterable of (images, targets[, weights]) batches, read once an epoch.
        y: targets, where x is arrays.
        batch_size: samples a step, where x is arrays.
        epochs: number of the epoch at which to end.
        verbose: 0 silent, 1 a live line, 2 one line an epoch; "auto" is 1 on a terminal, else 2.
        callbacks: told of what happens.
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

    Returns:
        The History; it is also `model.history`, which Ctrl-C leaves behind too.

    Raises:
        ArgumentError, ShapeError: data that do not fit the model, its loss or each other.
        DivergedError: the loss is not finite; the last update was not made.
        KeyboardInterrupt: Ctrl-C, after the step has ended; weights and history are kept.
    """
    compiled = _compiled(self, "fit")
    seed = int(torch.randint(2**31, ())) if seed is None else int(seed)
    held_out = validation_data
    weights = sample_weight
    if validation_split:
        (x, y, weights), held_out = split_arrays(x, y, sample_weight, validation_split)
    batches = feed(
        x,
        y,
        weights,
        place="fit",
        batch_size=_check.positive_int("fit", "batch_size", batch_size),
        shuffle=_check.flag("fit", "shuffle", shuffle),
        seed=seed,
        steps=steps_per_epoch,
        class_weight=class_weight,
    )
    first = next(iter(batches.epoch(initial_epoch)), None)
    if first is None:
        _check.fail("fit", "x", "hold at least one batch", "none")
    ends = ends_of(self, first)
    criterion = compiled.criterion(ends.names)
    metrics = compiled.output_metrics(ends.names, ends.shapes)
    device = device_of(self)
    chosen = resolve(precision, device)
    step = TrainStep(
        self,
        criterion,
        _bound_optimizer(self),
        precision=chosen,
        preprocess=getattr(batches, "preprocess", None),
        seed=seed,
        forward=torch.compile(self) if jit else None,
    )
    check = _target_check(batches, criterion, ends)
    told = [*callbacks]
    if _check.choice("fit", "verbose", str(verbose), ("auto", "0", "1", "2")) != "0":
        live = None if verbose == "auto" else str(verbose) == "1"
        line = _headline(batches, len(first), device, chosen, precision)
        told.insert(0, ProgressBar(line, live=live))
    validate = None
    if held_out is not None:
        validate = _validation(self, held_out, criterion, ends, first, batch_size, chosen)
    self.history = History({"epochs": epochs, "seed": seed, "precision": chosen})
    return engine.fit(
        step,
        batches,
        epochs=_check.positive_int("fit", "epochs", epochs),
        initial_epoch=initial_epoch,
        metrics=metrics,
        callbacks=told,
        validate=validate,
        validation_epochs=validation_freq,
        check=check,
        history=self.history,
    )


def train_on_batch(
    self: Model, x: Any, y: Any = None, *, sample_weight: Any = None, precision: str = "float32"
) -> Any:
    """Makes one update on one batch.

    Args:
        x: images (n, h, w, c), or a structure for several inputs.
        y: targets.
        sample_weight: (n,) factor of each sample in the loss.
        precision: as in `fit`.

    Returns:
        The loss before the update, or [loss, *metrics] of this batch where there are metrics.
    """
    compiled = _compiled(self, "train_on_batch")
    size = len(structure.leaves(x)[0])
    batches = feed(x, y, sample_weight, place="train_on_batch", batch_size=size)
    batch = next(iter(batches.epoch(0)))
    ends = ends_of(self, batch)
    criterion = compiled.criterion(ends.names)
    metrics = compiled.output_metrics(ends.names, ends.shapes)
    criterion.check_targets(batch.targets, ends.shapes)
    chosen = resolve(precision, device_of(self), place="train_on_batch")
    step = TrainStep(self, criterion, _bound_optimizer(self), precision=chosen)
    was_training = self.training
    self.train()
    try:
        free = Batch(batch.images, batch.targets, batch.weights)  # draws from torch's generator
        result = step(free, epoch=0, step=0)
    finally:
        self.train(was_training)
    totals = Totals(metrics, step.world)
    totals.add(result.loss, result.sums, result.batch, result.outputs)
    values = list(totals.logs().values())
    return values[0] if len(values) == 1 else values


def _compiled(model: Model, place: str) -> Any:
    compiled = getattr(model, "compiled", None)
    if compiled is None:
        fix = 'Call model.compile("rmsprop", loss="categorical_crossentropy") first.'
        _check.fail(place, "model", "be compiled", f"{model.place} that is not", fix)
    return compiled


def _bound_optimizer(model: Model) -> torch.optim.Optimizer:
    optimizer: torch.optim.Optimizer = model.optimizer
    if isinstance(optimizer, optimizers.Optimizer):
        optimizer.bind(model.parameters())
        return optimizer
    held = {id(p) for group in optimizer.param_groups for p in group["params"]}
    if not any(id(p) in held for p in model.parameters()):
        rule = "hold the model's parameters"
        fix = "Make it from model.parameters() of this model, after it is built."
        _check.fail("fit", "optimizer", rule, type(optimizer).__name__, fix)
    return optimizer


def _target_check(
    batches: Any, criterion: Criterion, ends: ModelEnds
) -> Callable[[Batch], None] | None:
    """Checks all targets now where they are at hand; else gives the check of each batch."""
    targets = getattr(getattr(batches, "source", None), "targets", None)
    if targets is not None:
        criterion.check_targets(targets, ends.shapes)
        return None
    return lambda batch: criterion.check_targets(batch.targets, ends.shapes)


def _validation(
    model: Model,
    data: Any,
    criterion: Criterion,
    ends: ModelEnds,
    first: Batch,
    batch_size: int,
    precision: str,
) -> Callable[[], dict[str, float]]:
    is_pair = isinstance(data, tuple) and len(data) in (2, 3)
    x, y, weights = (*data, None)[:3] if is_pair else (data, None, None)
    batches = feed(x, y, weights, place="fit", batch_size=batch_size)
    check = _target_check(batches, criterion, ends)
    metrics: OutputMetrics = model.compiled.output_metrics(ends.names, ends.shapes)

    def validate() -> dict[str, float]:
        return engine.evaluate(
            model,
            batches.epoch(0),
            criterion,
            metrics=metrics,
            precision=precision,
            preprocess=getattr(batches, "preprocess", None),
            check=check,
        )

    return validate


def _headline(
    batches: Any, batch_size: int, device: torch.device, precision: str, wish: str
) -> str:
    source = getattr(batches, "source", None)
    pictures = f"{len(source):,} pictures, " if source is not None else ""
    steps = batches.steps_per_epoch
    count = f"{steps:,} steps an epoch, " if steps is not None else ""
    threads = f" with {torch.get_num_threads()} threads" if device.type == "cpu" else ""
    why = " (chosen by auto)" if wish == "auto" else ""
    return f"{pictures}{count}batches of {batch_size}; {device}{threads}, {precision}{why}"
