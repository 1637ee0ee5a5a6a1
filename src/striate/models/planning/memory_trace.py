"""The memory of a model's real step, traced without a number in it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from typing import Any

import torch
from torch import Tensor

from ... import _check, structure
from ...errors import StriateError
from ...layers.base import Layer
from ...layers.drawing import clear_draws
from ...layers.mode import mode
from ...optimizers import Optimizer
from ...plan.recording import Recording, timeline_of
from ...plan.shape_memory import ShapeMemory
from ...plan.stand_ins import StandIns
from ...plan.timeline import Timeline
from ...plan.tracing import Recorder
from ...records import Batch, Preprocess
from ...train.ema import WeightAverage
from ...train.step import TrainStep, dtype_of, forward
from ...train.totals import OutputMetrics, Totals
from ..network import Network
from ..predictor import InferenceRun, can_run
from .stand_in_batch import copied, resized, tensors_of

__all__ = ["named_layers", "prediction_timeline", "record_step", "training_timeline"]

_SMALL = (2, 3)
"""Samples a part of the two traces, where a great batch would not do."""


def training_timeline(
    step: TrainStep,
    batch: Batch,
    *,
    metrics: OutputMetrics | None = None,
    decay: float | None = None,
    made: StandIns | None = None,
    is_small: bool = False,
    instead: Any = None,
) -> Timeline:
    """The memory of one step of training after the first, for any batch.

    The step itself is run: forward, loss, backward, update, the average of the weights and the
    metrics; on stand-ins, so that model, optimizer and metrics stay as they are. Of augmentation
    the pictures that it makes are counted.

    Args:
        step: of a model that is built, in any mode.
        batch: of one sample or more, of which shapes and types count.
        metrics: updated after the step.
        decay: of the average of the weights. Default None: there is no average.
        made: stand-ins of another trace of the model, which save time. Default None.
        is_small: whether small batches are run, for a net that may loop over its samples. It takes
            twice the time. Default False.
        instead: called instead of the model, such as its `checkpointed` run. Default None.

    Raises:
        PlanError: something in the step needs the numbers themselves.
    """
    made = made or StandIns()

    def run(samples: int) -> Recording:
        own_metrics = copy.deepcopy(metrics)  # their constants keep their numbers
        with made.inside(step.model), mode(step.model, True), made.mode:
            twin = _twin(step, made)
            given = resized(batch, samples * step.accumulate)
            average = None if decay is None else WeightAverage(step.model, decay)
            with Recorder(operations=made.operations):
                _have_state(twin)
            return record_step(
                twin,
                given,
                metrics=own_metrics,
                average=average,
                operations=made.operations,
                instead=instead,
            )

    if is_small:
        return _of_two(run, step.accumulate)
    return _timeline(run, _parameters(step.model), parts=step.accumulate)


def prediction_timeline(
    model: Network,
    batch: Batch,
    *,
    precision: str = "float32",
    preprocess: Preprocess | None = None,
    made: StandIns | None = None,
) -> Timeline:
    """The memory of one batch of `predict`, for any batch.

    Args:
        model: built, in any mode.
        batch: of one sample or more, of which shapes and types count.
        precision: "float32" or "bfloat16".
        preprocess: applied to the images.
        made: as for training.

    Raises:
        PlanError: something in the model needs the numbers themselves.
    """
    made = made or StandIns()
    joins = precision == "float32" and can_run(model, ("cpu", "meta"))
    names = {layer: name for name, layer in named_layers(model)}

    def run(samples: int) -> Recording:
        with made.inside(model), mode(model, False), torch.no_grad(), made.mode:
            images, recorder = resized(batch, samples).images, Recorder(operations=made.operations)
            recorder.hold(_state(model), "weights")
            recorder.hold(structure.leaves(images), "batch")
            whole: Any = InferenceRun(model) if joins else None

            def watch(layer: Layer) -> AbstractContextManager[Any]:
                return recorder.inside(names[layer]) if layer in names else nullcontext()

            call = partial(whole, watch=watch) if joins else model
            with recorder, _watched(recorder, None if joins else model):
                device = next((p.device for p in _parameters(model)), torch.device("cpu"))
                outputs = forward(call, images, precision, preprocess, device, dtype_of(model))
            if joins:
                recorder.hold(whole.tensors(), "weights")
            recording = recorder.recording(carried=("passing",))
            del outputs
            if joins:  # kernels are made with the first batch alone
                with Recorder(operations=made.operations) as later:
                    forward(whole, images, precision, preprocess, device, dtype_of(model))
                recording = replace(recording, works=later.works)
            return recording

    return _timeline(run, _parameters(model), parts=1)


def record_step(
    step: TrainStep,
    batch: Batch,
    *,
    metrics: OutputMetrics | None = None,
    average: WeightAverage | None = None,
    operations: ShapeMemory | None = None,
    instead: Any = None,
) -> Recording:
    """What one step of training holds and drops, as `fit` makes it.

    Args:
        step: whose optimizer has made an update before, and whose gradients are there.
        batch: of the step.
        metrics: updated after the step.
        average: of the weights, updated after the step.
        operations: of stand-ins, where the step is on such.
        instead: called instead of the model. Default None.
    """
    inside_model = False

    def phase() -> str:
        return "update" if step.updating else "forward" if inside_model else "step"

    def run_model(images: Any) -> Any:
        nonlocal inside_model
        inside_model = True
        try:
            return (instead or step.model)(images)
        finally:
            inside_model = False

    step._forward = run_model
    recorder = Recorder(phase, operations)
    recorder.hold(_state(step.model), "weights")
    recorder.hold((p.grad for p in _parameters(step.model)), "gradients")
    recorder.hold(_optimizer_state(step), "optimizer")
    recorder.hold(average.averages.values() if average else (), "average")
    totals = Totals(metrics or OutputMetrics(), step.world)
    recorder.hold(tensors_of(batch), "batch")
    with recorder, _watched(recorder, step.model):
        result = step(batch, epoch=0, step=1)
        if average is not None:
            average.update()
        totals.add(result.loss, result.sums, result.batch, result.outputs)
        clear_draws(step._drawing)
    recorder.hold((p.grad for p in _parameters(step.model)), "gradients")
    recorder.hold(_optimizer_state(step), "optimizer")
    recorder.hold(_laid_aside(step.model), "weights")
    recorder.hold(tensors_of(result.batch), "batch")
    return recorder.recording(carried=("batch", "kept", "passing"))


def named_layers(model: Network) -> Iterator[tuple[str, Layer]]:
    """The layers that a run goes through with their names; those of nets inside by a path."""
    for name, layer in zip(model.layer_names, model.layers, strict=True):
        if isinstance(layer, Network) and layer._graph is not None:
            yield from ((f"{name}/{inner}", one) for inner, one in named_layers(layer))
        else:
            yield name, layer


@contextmanager
def _watched(recorder: Recorder, model: Any) -> Iterator[None]:
    hooks = []
    if isinstance(model, Network):
        for name, layer in named_layers(model):
            hooks += recorder.watch(layer, name)
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _timeline(
    run: Callable[[int], Recording], weights: Iterable[Tensor], *, parts: int
) -> Timeline:
    """From one run with a batch so great that the bytes of its samples stand apart.

    Where sizes would leave the range of whole numbers two small batches tell the same.
    """
    largest = max((weight.numel() * weight.element_size() for weight in weights), default=0)
    great = 1 << max(24, largest.bit_length() + 2)
    try:
        return timeline_of([(great, run(great))], parts=parts)
    except StriateError:
        raise
    except Exception:
        return _of_two(run, parts)


def _of_two(run: Callable[[int], Recording], parts: int) -> Timeline:
    try:
        return timeline_of([(samples, run(samples)) for samples in _SMALL], parts=parts)
    except StriateError:
        raise
    except Exception as error:
        first = (str(error).splitlines() or [""])[0]
        _check.plan_fail(
            "plan",
            "be able to run the model on shapes alone",
            f"{type(error).__name__}: {first}",
            "A layer or loss that looks at the numbers themselves cannot be planned.",
        )


def _twin(step: TrainStep, made: StandIns) -> TrainStep:
    """The same step on the stand-ins that are in its model now."""
    optimizer = step.optimizer
    for entry in optimizer.state.values():
        for value in entry.values():
            if isinstance(value, Tensor):
                is_counter = value.dim() == 0 and value.device.type == "cpu"
                made.make(value, with_number=is_counter)
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    memo: dict[int, Any] = {id(p): made.make(p) for p in parameters} | made.of
    return TrainStep(
        step.model,
        step.criterion,
        copy.deepcopy(optimizer, memo),
        precision=step.precision,
        preprocess=step.preprocess,
        seed=step.seed,
        accumulate=step.accumulate,
        augment=step.augment and copied,
    )


def _have_state(step: TrainStep) -> None:
    """Gives the parameters gradients, and the optimizer what it keeps from one step to the next."""
    optimizer = step.optimizer
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            if parameter.requires_grad:
                parameter.grad = torch.empty_like(parameter)
                if isinstance(optimizer, Optimizer) and not optimizer.state[parameter]:
                    optimizer.state[parameter] = optimizer._new_state(group, parameter)
    if not isinstance(optimizer, Optimizer):
        optimizer.step()


def _parameters(model: torch.nn.Module) -> Sequence[Tensor]:
    return list(model.parameters())


def _state(model: torch.nn.Module) -> list[Tensor]:
    return [*model.parameters(), *model.buffers()]


def _laid_aside(model: torch.nn.Module) -> list[Any]:
    """Tensors that layers keep beside their parameters and buffers."""
    return [value for part in model.modules() for value in vars(part).values()]


def _optimizer_state(step: TrainStep) -> list[Any]:
    return [value for entry in step.optimizer.state.values() for value in entry.values()]
