"""CapturedStep: a training step recorded once as a CUDA graph, and replayed batch by batch.

On an accelerator a small net spends most of a step waiting for Python to name the next operation;
a graph names them all at once. The update stays outside: it reads numbers of the optimizer, such
as the learning rate, that change from step to step. The look whether all gradients are finite
stays too, and the device is waited for there.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol

import torch
from torch import Tensor

from .. import _check, structure
from ..records import Batch
from .step import StepResult, TrainStep

__all__ = ["CapturedStep", "Record", "cuda_graph"]

_EAGER_STEPS = 3
"""Steps of one shape in a row before it is recorded: libraries choose their kernels in these."""


class Record(Protocol):
    """What records the operations of a function once."""

    def __call__(self, function: Callable[[], Any]) -> tuple[Callable[[], None], Any]:
        """(replay, outputs): replay computes anew what stands in the tensors of the outputs."""
        ...


def cuda_graph(function: Callable[[], Any]) -> tuple[Callable[[], None], Any]:
    """A `Record` by a CUDA graph.

    Args:
        function: without arguments; what it reads must lie where it lies now at each replay.
    """
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):  # waits for what runs, and records in a stream of its own
        outputs = function()
    return graph.replay, outputs


class CapturedStep(TrainStep):
    """A `TrainStep` whose forward and backward pass are recorded and replayed.

    A shape is recorded when its batches come for the fourth time in a row. One that comes now and
    then, such as the last of an epoch, is never recorded, and runs as it always does. What a step
    reads beside the batch and the weights, such as the momentum of a normalization, is recorded
    with it: no callback may change that.

    Args:
        arguments: those of `TrainStep`.
        record: how to record. Default: as a CUDA graph, for which the model must be on a GPU.
        settings: the named arguments of `TrainStep`.

    Raises:
        ArgumentError: the model is not on a GPU, has layers that draw anew at each step (Dropout,
            augmentation), is compiled, or the step is accumulated; or a batch holds what is no
            tensor. Numbers of Python would be recorded with it.
    """

    def __init__(self, *arguments: Any, record: Record | None = None, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        if record is None and self.device.type != "cuda":
            fix = "Move the model to a GPU with model.to('cuda'), or leave it out."
            _check.fail("fit", "capture", "be False on this device", self.device, fix)
        if self._drawing:
            names = ", ".join(sorted({type(layer).__name__ for layer in self._drawing}))
            fix = "Leave it out: what they draw is computed anew at each step."
            _check.fail("fit", "capture", "be False for a model with layers that draw", names, fix)
        fix = "Leave out one of the two."
        if self.accumulate > 1:
            rule = "be 1 where the step is captured"
            _check.fail("fit", "accumulate", rule, self.accumulate, fix)
        if self._forward is not self.model:
            _check.fail("fit", "capture", "be False for a compiled model", True, fix)
        self._record = record or cuda_graph
        self._last: Any = None
        self._in_a_row = 0
        self._captured: dict[Any, _Captured] = {}

    def differentiate(self, batch: Batch, *, epoch: int, step: int) -> StepResult:
        """All of a step but the update: the gradients are in the parameters."""
        if self.accumulate > 1:  # as the guard of memory made it
            return super().differentiate(batch, epoch=epoch, step=step)
        shape = _shape_of(batch)
        captured = self._captured.get(shape)
        self._in_a_row = self._in_a_row + 1 if shape == self._last else 1
        self._last = shape
        if captured is None and self._in_a_row <= _EAGER_STEPS:
            with self._beside():
                return super().differentiate(batch, epoch=epoch, step=step)
        if captured is None:
            captured = self._captured[shape] = _Captured(self, batch, self._record)
        return captured(batch)

    def _beside(self) -> AbstractContextManager[Any]:
        """A stream beside the usual one, which a recording must not have to wait for."""
        if self.device.type != "cuda":
            return nullcontext()
        side = torch.cuda.Stream(self.device)
        side.wait_stream(torch.cuda.current_stream(self.device))
        return _Rejoined(side)


class _Rejoined:
    """A stream for a while; the usual one then waits for it."""

    def __init__(self, side: torch.cuda.Stream) -> None:
        self._side, self._inside = side, torch.cuda.stream(side)

    def __enter__(self) -> None:
        self._inside.__enter__()

    def __exit__(self, *error: object) -> None:
        self._inside.__exit__(*error)
        torch.cuda.current_stream(self._side.device).wait_stream(self._side)


class _Captured:
    """The recorded pass for batches of one shape.

    Args:
        step: of which it is the pass.
        batch: the first, which also lends its shape to the tensors that are read.
        record: how to record.
    """

    def __init__(self, step: CapturedStep, batch: Batch, record: Record) -> None:
        self._step = step
        self._read = _copied(batch)
        self._parameters = [p for group in step.optimizer.param_groups for p in group["params"]]
        self._replay, outputs = record(self._run)
        self._loss, self._sums, self._outputs, self._gradients = outputs

    def _run(self) -> Any:
        loss, sums, outputs = self._step._passed(self._read, 0, 0)
        return loss, sums, outputs, [parameter.grad for parameter in self._parameters]

    def __call__(self, batch: Batch) -> StepResult:
        for own, given in zip(_tensors(self._read), _tensors(batch), strict=True):
            own.copy_(given)
        self._replay()
        for parameter, gradient in zip(self._parameters, self._gradients, strict=True):
            parameter.grad = gradient
        return self._step._result(self._loss, self._sums, self._outputs, batch)


def _shape_of(batch: Batch) -> tuple[Any, ...]:
    return tuple([(tuple(tensor.shape), tensor.dtype) for tensor in _tensors(batch)])


def _tensors(batch: Batch) -> list[Tensor]:
    """Those that a pass reads: images, targets and weights."""
    leaves = structure.leaves((batch.images, batch.targets, batch.weights))
    for leaf in leaves:
        if leaf is not None and not isinstance(leaf, Tensor):
            fix = "Leave it out for such data."
            rule = "be False where a batch holds what is no tensor"
            _check.fail("fit", "capture", rule, type(leaf).__name__, fix)
    return [leaf for leaf in leaves if leaf is not None]


def _copied(batch: Batch) -> Batch:
    def copy(leaf: Any) -> Any:
        return leaf.clone() if isinstance(leaf, Tensor) else leaf

    parts = (batch.images, batch.targets, batch.weights)
    images, targets, weights = (structure.map_leaves(copy, part) for part in parts)
    return Batch(images, targets, weights, batch.sample_ids)
