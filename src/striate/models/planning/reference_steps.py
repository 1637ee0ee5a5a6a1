"""Steps of a net that are run to be measured, each with its trace."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from ... import structure
from ...layers.mode import mode
from ...plan.calibrating import Reference
from ...plan.stand_ins import StandIns
from ...records import Batch
from ...train.step import TrainStep, device_of, dtype_of, forward
from ...train.totals import OutputMetrics, Totals
from ..network import Network
from ..predictor import predictor_of
from .memory_trace import prediction_timeline, training_timeline
from .planned_step import input_shapes, pictures_of, planned_step

__all__ = ["reference_steps"]


def reference_steps(
    net: Network,
    batches: Sequence[int],
    *,
    precision: str,
    modes: Sequence[str] = ("train", "predict"),
    optimizer: str | None = None,
) -> Iterator[Reference]:
    """The steps of a net with numbers of chance; those with one sample count as tiny.

    Args:
        net: built; its weights change with the steps of training.
        batches: samples of the steps.
        precision: "float32" or "bfloat16".
        modes: of "train" and "predict".
        optimizer: by name. Default None: "rmsprop".
    """
    made = StandIns()
    pictures = pictures_of(net, input_shapes(net), torch.float32)
    step, metrics, one = planned_step(net, pictures, optimizer, precision=precision)
    for name in modes:
        if name == "train":
            line = training_timeline(step, one, metrics=metrics, made=made)
        else:
            line = prediction_timeline(net, Batch(pictures), precision=precision, made=made)
        for samples in batches:
            given = _by_chance(one, samples)
            run = (
                _training(step, given, metrics)
                if name == "train"
                else _predicting(net, given.images, precision)
            )
            yield Reference(net.name, name, precision, samples, line, run, samples == 1)


def _training(step: TrainStep, batch: Batch, metrics: OutputMetrics) -> Callable[[], None]:
    numbers = itertools.count()

    def run() -> None:
        with mode(step.model, True):
            result = step(batch, epoch=0, step=next(numbers))
            totals = Totals(metrics, step.world)
            totals.add(result.loss, result.sums, result.batch, result.outputs)

    return run


def _predicting(net: Network, images: Any, precision: str) -> Callable[[], None]:
    """As `predict` does, of a twin whose weights stay."""
    twin = copy.deepcopy(net)
    twin.eval()
    device, dtype = device_of(net), dtype_of(net)
    whole = predictor_of(twin) if precision == "float32" else None

    def run() -> None:
        with torch.no_grad():
            forward(whole or twin, images, precision, None, device, dtype)

    return run


def _by_chance(batch: Batch, samples: int) -> Batch:
    """So many samples in the shape of one."""

    def like(leaf: Any) -> Any:
        if not isinstance(leaf, Tensor) or not leaf.dim():
            return leaf
        found = torch.zeros(samples, *leaf.shape[1:], dtype=leaf.dtype, device=leaf.device)
        return found.normal_() if found.is_floating_point() else found

    parts = (batch.images, batch.targets, batch.weights, batch.sample_ids)
    return Batch(*(structure.map_leaves(like, part) for part in parts))
