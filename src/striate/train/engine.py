"""The loop: fit, evaluate and predict over any module and any iterable of batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from .. import _check, structure
from ..layers.drawing import clear_draws
from ..layers.mode import mode
from ..records import Batch, Preprocess
from ..world import OneProcess, World
from .batches import Batches
from .callbacks.base import Callback, CallbackList
from .criterion import CriterionFunction, Sums, total_loss
from .divergence import sentence, weights_sentence
from .ema import WeightAverage
from .history import History
from .interrupt import Interrupt, interruptible
from .keeping import RunKeeper
from .memory_guard import MemoryGuard
from .out_of_memory import within_memory
from .run_state import RunParts
from .step import TrainStep, device_of, dtype_of, forward, penalised_layers, to_device
from .totals import LazyLogs, OutputMetrics, Totals

__all__ = ["Batches", "evaluate", "fit", "predict"]


def fit(
    step: TrainStep,
    batches: Batches,
    *,
    epochs: int,
    initial_epoch: int = 0,
    metrics: OutputMetrics | None = None,
    callbacks: Sequence[Callback] = (),
    validate: Callable[[], Mapping[str, float]] | None = None,
    validation_epochs: int = 1,
    check: Callable[[Batch], None] | None = None,
    history: History | None = None,
    average: WeightAverage | None = None,
    keeper: RunKeeper | None = None,
    on_oom: str = "stop",
    parts: int = 1,
    notes: Sequence[str] = (),
) -> History:
    """Trains for some epochs.

    With an average of the weights, validation and callbacks see the averaged weights at the end of
    each epoch, and the run ends, in whatever way, with these in the model; `average.raw` holds the
    weights themselves, with which another run with the same average goes on.

    Args:
        step: trains on one batch.
        batches: of each epoch.
        epochs: number of the epoch at which to end.
        initial_epoch: number of the first one, from 0.
        metrics: of the training batches.
        callbacks: told of what happens, in order.
        validate: gives the validation's logs at the end of an epoch.
        validation_epochs: it is asked every so many epochs.
        check: refuses a batch that the loss cannot take, before it is used.
        history: to which the epochs are added.
        average: takes in the weights after each update.
        keeper: saves the run as it goes, and knows where a saved one goes on. Default: neither.
        on_oom: "stop", "accumulate" or "try", see `MemoryGuard`.
        parts: in which batches pass from the first step on, if more than the step's.
        notes: sentences that are said when a run begins anew, and kept with it.

    Raises:
        PlanError: memory does not suffice; the largest batch that fits is named.
        DivergedError: the loss or a gradient is not finite, and no callback takes that upon itself.
        KeyboardInterrupt: Ctrl-C, after the step was finished, the run saved, and the callbacks
            told.
        SystemExit: SIGTERM, in the same way; its code is 143.
    """
    history = history if history is not None else History()
    keeper = keeper or RunKeeper()
    model: Any = step.model
    was_training = model.training
    model.stop_training = False
    every = 1 if validate is None else validation_epochs
    since = keeper.cursor.epoch if keeper.resumes else None
    steps = batches.steps_per_epoch
    told = CallbackList(callbacks, step.model, steps, epochs, every, resumed_at=since)
    totals = Totals(metrics or OutputMetrics(), step.world)
    run = RunParts(step, totals, history, told.callbacks, average)
    if parts > step.accumulate:
        run.extras["accumulate"] = parts
    guard = MemoryGuard(step, on_oom=on_oom, note=keeper.note, extras=run.extras)
    told.train_begin()
    try:
        if average is not None:
            average.take_out()
        keeper.begin(run, first_epoch=initial_epoch)
        for sentence in () if keeper.resumes else notes:
            keeper.note(sentence)
        with interruptible() as interrupt:
            for epoch in range(keeper.cursor.epoch, epochs):
                if model.stop_training:
                    break
                told.epoch_begin(epoch)
                logs = _train_epoch(run, guard, batches, epoch, told, check, interrupt, keeper)
                with average.swapped() if average is not None else nullcontext():
                    if validate is not None and (epoch + 1) % validation_epochs == 0:
                        logs |= {f"val_{name}": value for name, value in validate().items()}
                    history.add(epoch, logs)
                    told.epoch_end(epoch, logs)
                last = model.stop_training or epoch + 1 == epochs
                keeper.epoch_done(epoch, logs, stopping=last or interrupt.asked)
                interrupt.raise_if_asked()
    finally:
        model.train(was_training)
        if average is not None:
            average.put_in()
        history.notes[:] = run.extras.get("notes", ())
        told.train_end()
    return history


def _train_epoch(
    parts: RunParts,
    guard: MemoryGuard,
    batches: Batches,
    epoch: int,
    told: CallbackList,
    check: Callable[[Batch], None] | None,
    interrupt: Interrupt,
    keeper: RunKeeper,
) -> dict[str, float]:
    step, totals, average = parts.step, parts.totals, parts.average
    step.model.train()
    totals.reset()
    number = -1
    try:
        for number, batch in keeper.steps(batches, epoch):
            told.batch_begin(number)
            if check is not None:
                check(batch)
            result = guard(batch, epoch=epoch, step=number)
            if not result.is_finite:
                keeper.spoil()
                words = sentence(step, result.batch, float(result.loss), epoch=epoch, number=number)
                told.diverged(words)
                return totals.logs() | {"loss": float(result.loss)}
            if average is not None:
                average.update()
            totals.add(result.loss, result.sums, result.batch, result.outputs)
            told.batch_end(number, LazyLogs(totals), len(batch))
            keeper.step_done(epoch, number, stopping=interrupt.asked)
            interrupt.raise_if_asked()
    finally:
        clear_draws(step.model)
    if number < 0 and not keeper.goes_on_in(epoch):
        fix = "An iterable must begin anew each time it is asked."
        _check.fail("fit", "x", f"hold a batch in epoch {epoch + 1} too", "none", fix)
    spoilt = weights_sentence(step.model, epoch=epoch)
    if spoilt is not None:
        keeper.spoil()
        told.diverged(spoilt)
    return totals.logs()


def evaluate(
    model: nn.Module,
    batches: Iterable[Batch],
    criterion: CriterionFunction,
    *,
    metrics: OutputMetrics | None = None,
    precision: str = "float32",
    preprocess: Preprocess | None = None,
    check: Callable[[Batch], None] | None = None,
    world: World | None = None,
) -> dict[str, float]:
    """The loss and the metrics over all batches, in inference mode.

    Args:
        model: any torch module; its mode is put back afterwards.
        batches: with targets.
        criterion: as in training.
        metrics: to be computed.
        precision: of the forward pass.
        preprocess: applied to the images on the model's device.
        check: refuses a batch that the loss cannot take.
        world: the processes of the run.

    Raises:
        PlanError: memory does not suffice; the largest batch that fits is named.
    """
    world = world or OneProcess()
    device, dtype = device_of(model), dtype_of(model)
    totals = Totals(metrics or OutputMetrics(), world)
    with mode(model, False), torch.inference_mode():
        terms = [layer.regularization() for layer in penalised_layers(model)]
        penalties = [term for term in terms if term is not None]

        def judged(given: Batch) -> tuple[Batch, Any, Sums]:
            batch = to_device(given, device)
            outputs = forward(model, batch.images, precision, preprocess, device, dtype)
            return batch, outputs, criterion(outputs, batch.targets, batch.weights)

        for given in batches:
            if check is not None:
                check(given)
            batch, outputs, sums = within_memory(judged, given, place="evaluate")
            loss = total_loss(criterion, sums, world)
            totals.add(sum(penalties, loss), sums, batch, outputs)
    return totals.logs()


def predict(
    model: nn.Module,
    batches: Iterable[Batch],
    *,
    count: int | None = None,
    precision: str = "float32",
    preprocess: Preprocess | None = None,
    progress: Callable[[int], None] | None = None,
    run: Callable[[Any], Any] | None = None,
) -> Any:
    """The outputs for all batches as NumPy arrays, in inference mode.

    Args:
        model: any torch module; its mode is put back afterwards.
        batches: of images.
        count: samples in all, if known: the result is then written in place.
        precision: of the forward pass; the result is float32 at least.
        preprocess: applied to the images on the model's device.
        progress: called with the number of samples of each batch done.
        run: called instead of the model, such as a faster form of it.

    Shape:
        output like the model's outputs, first dimension the number of samples

    Raises:
        ArgumentError: no batch.
        PlanError: memory does not suffice; the largest batch that fits is named.
    """
    device, dtype = device_of(model), dtype_of(model)
    collected: list[_Collector] = []
    layout: Any = None
    with mode(model, False), torch.inference_mode():

        def answered(given: Batch) -> Any:
            images = to_device(given, device).images
            return forward(run or model, images, precision, preprocess, device, dtype)

        for batch in batches:
            outputs = within_memory(answered, batch, place="predict")
            if layout is None:
                layout = outputs
                collected = [_Collector(count) for _ in structure.leaves(outputs)]
            for collector, leaf in zip(collected, structure.leaves(outputs), strict=True):
                collector.add(leaf)
            if progress is not None:
                progress(len(batch))
    if layout is None:
        _check.fail("predict", "x", "hold at least one batch", "none")
    return structure.pack_like(layout, iter([collector.array() for collector in collected]))


class _Collector:
    """Gathers the parts of one output into one array."""

    def __init__(self, count: int | None) -> None:
        self._count = count
        self._whole: Tensor | None = None
        self._parts: list[Tensor] = []
        self._filled = 0

    def add(self, part: Tensor) -> None:
        part = part.float() if part.dtype in (torch.bfloat16, torch.float16) else part
        if self._count is None:
            self._parts.append(part.to("cpu", copy=True))
            return
        if self._whole is None:
            self._whole = torch.empty((self._count, *part.shape[1:]), dtype=part.dtype)
        self._whole[self._filled : self._filled + len(part)].copy_(part)
        self._filled += len(part)

    def array(self) -> np.ndarray[Any, Any]:
        if self._whole is not None:
            return self._whole[: self._filled].numpy()
        return (self._parts[0] if len(self._parts) == 1 else torch.cat(self._parts)).numpy()
