"""fit and train_on_batch: Keras' words, and the engine of `striate.train` behind them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

from .. import _check, optimizers, structure
from ..errors import DivergedError
from ..records import Batch
from ..train import engine
from ..train.callbacks import Callback, ProgressBar
from ..train.divergence import sentence
from ..train.ema import WeightAverage
from ..train.history import History
from ..train.step import Augment, TrainStep
from ..train.totals import Totals
from .evaluating import verbosity
from .feeding import feed, split_arrays
from .network import Network
from .preparing import Prepared, prepare

__all__ = ["fit", "train_on_batch", "training_step"]


def fit(
    self: Network,
    x: Any = None,
    y: Any = None,
    *,
    batch_size: int | None = None,
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
    accumulate: int = 1,
    ema: float | WeightAverage | None = None,
    augment: Augment | None = None,
) -> History:
    """Trains the model.

    Args:
        x: images as an array (n, h, w, c), or a structure of arrays for several inputs; or an
            iterable of (images, targets[, weights]) batches, read once an epoch.
        y: targets, where x is arrays.
        batch_size: samples a step, where x is arrays. Default None: 32.
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
        accumulate: parts in which a batch passes through the model, to save memory. The update is
            that of the whole batch but for rounding: only BatchNormalization sees the parts.
        ema: decay of an exponential moving average of the weights, such as 0.999. Validation and
            callbacks see the averaged weights at the end of each epoch, and the model ends with
            them; `model.ema` keeps the others, and given here again, goes on from there.
        augment: changes the training batches, and no others: a policy of `striate.data.augment`,
            such as `policy("standard")`, for uint8 pictures.

    Returns:
        The History; it is also `model.history`, which Ctrl-C leaves behind too.

    Raises:
        ArgumentError, ShapeError: data that do not fit the model, its loss or each other.
        DivergedError: the loss or a gradient is not finite: epoch, step, samples and the first bad
            layer are named. The update was not made; moving statistics have seen the batch.
        KeyboardInterrupt: Ctrl-C, after the step has ended; weights and history are kept.
    """
    seed = int(torch.randint(2**31, ())) if seed is None else int(seed)
    batch_size = 32 if batch_size is None else batch_size
    held_out = validation_data
    if validation_split:
        (x, y, sample_weight), held_out = split_arrays(x, y, sample_weight, validation_split)
    batches = feed(
        x,
        y,
        sample_weight,
        place="fit",
        batch_size=batch_size,
        shuffle=_check.flag("fit", "shuffle", shuffle),
        seed=seed,
        steps=steps_per_epoch,
        class_weight=class_weight,
    )
    ready = prepare(self, batches, place="fit", precision=precision, epoch=initial_epoch)
    step = training_step(self, ready, seed=seed, jit=jit, accumulate=accumulate, augment=augment)
    self.ema = _average(self, ema)
    line = _headline(batches, ready, precision, step.device)
    told = [*_progress(verbose, line), *_callbacks(callbacks)]
    self.history = History({"epochs": epochs, "seed": seed, "precision": ready.precision})
    return engine.fit(
        step,
        batches,
        epochs=_check.positive_int("fit", "epochs", epochs),
        initial_epoch=_check.whole("fit", "initial_epoch", initial_epoch, 0),
        metrics=ready.metrics,
        callbacks=told,
        validate=_validation(self, held_out, batch_size, ready.precision),
        validation_epochs=_check.positive_int("fit", "validation_freq", validation_freq),
        check=ready.check,
        history=self.history,
        average=self.ema,
    )


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
        DivergedError: the loss or a gradient is not finite; the update was not made.
    """
    size = len(structure.leaves(x)[0])
    batches = feed(x, y, sample_weight, place="train_on_batch", batch_size=size)
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


def training_step(
    model: Network,
    ready: Prepared,
    *,
    seed: int = 0,
    jit: bool = False,
    accumulate: int = 1,
    augment: Augment | None = None,
    bind: bool = True,
) -> TrainStep:
    """The step that trains a compiled model.

    Args:
        model: built.
        ready: what the model and its data agree on.
        seed, jit, accumulate, augment: as in `fit`.
        bind: whether the optimizer gets the model's parameters now.

    Raises:
        ArgumentError: no weight is trainable, or the optimizer holds those of another model.
    """
    if not any(parameter.requires_grad for parameter in model.parameters()):
        fix = "Set trainable = True on the model or on one of its layers."
        _check.fail("fit", "model", "have a weight that is trainable", model.place, fix)
    return TrainStep(
        model,
        ready.criterion,
        _optimizer(model, bind=bind),
        precision=ready.precision,
        preprocess=ready.preprocess,
        seed=seed,
        forward=torch.compile(model) if jit else None,
        accumulate=accumulate,
        augment=augment,
    )


def _average(model: Network, given: float | WeightAverage | None) -> WeightAverage | None:
    """A new average of the model's weights, or the one of an earlier run of the same model."""
    if given is None:
        return None
    if not isinstance(given, WeightAverage):
        return WeightAverage(model, _check.fraction("fit", "ema", given))
    if given.model is not model:
        fix = "Give a decay, such as ema=0.999, for a new average."
        _check.fail(
            "fit", "ema", "be an average of this model's weights", type(given).__name__, fix
        )
    return given


def _progress(verbose: int | str, headline: str) -> list[Callback]:
    """The callback that shows a run, if it is to be shown."""
    shown = verbosity("fit", verbose)
    live = None if shown == "auto" else shown == "1"
    return [] if shown == "0" else [ProgressBar(headline, live=live)]


def _callbacks(given: Any) -> list[Callback]:
    """The callbacks of a run as a list of their own."""
    told = list(given) if isinstance(given, list | tuple) else [] if given is None else [given]
    for one in told:
        if not isinstance(one, Callback):
            fix = "Write it as a subclass of striate.callbacks.Callback."
            _check.fail("fit", "callbacks", "hold Callbacks", one, fix)
    return told


def _optimizer(model: Network, *, bind: bool) -> torch.optim.Optimizer:
    optimizer: torch.optim.Optimizer = model.optimizer
    if isinstance(optimizer, optimizers.Optimizer):
        if bind or optimizer.bound:
            optimizer.bind(model.parameters())
        return optimizer
    held = {id(p) for group in optimizer.param_groups for p in group["params"]}
    if not any(id(p) in held for p in model.parameters()):
        rule = "hold the model's parameters"
        fix = "Make it from model.parameters() of this model, after it is built."
        _check.fail("fit", "optimizer", rule, type(optimizer).__name__, fix)
    return optimizer


def _validation(
    model: Network, data: Any, batch_size: int, precision: str
) -> Callable[[], dict[str, float]] | None:
    if data is None:
        return None
    is_pair = isinstance(data, tuple) and len(data) in (2, 3)
    if isinstance(data, list) and len(data) in (2, 3) and all(hasattr(p, "shape") for p in data):
        is_pair = True  # a list of batches holds tuples or Batches
    x, y, weights = (*data, None)[:3] if is_pair else (data, None, None)
    batches = feed(x, y, weights, place="fit", batch_size=batch_size)
    ready = prepare(model, batches, place="fit", precision=precision)
    return lambda: engine.evaluate(
        model,
        batches.epoch(0),
        ready.criterion,
        metrics=ready.metrics,
        precision=ready.precision,
        preprocess=ready.preprocess,
        check=ready.check,
    )


def _headline(batches: Any, ready: Prepared, wish: str, device: torch.device) -> str:
    source = getattr(batches, "source", None)
    pictures = f"{len(source):,} pictures, " if source is not None else ""
    steps = batches.steps_per_epoch
    count = f"{steps:,} steps an epoch, " if steps is not None else ""
    threads = f" with {torch.get_num_threads()} threads" if device.type == "cpu" else ""
    why = " (chosen by auto)" if wish == "auto" else ""
    batch = f"batches of {len(ready.first)}; "
    return f"{pictures}{count}{batch}{device}{threads}, {ready.precision}{why}"
