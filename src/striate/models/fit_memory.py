"""What `fit` settles about memory before its first step: the batch, and in how many parts."""

from __future__ import annotations

import copy
from typing import Any

from .. import _check
from ..train.batches import Batches
from ..train.ema import WeightAverage
from ..train.keeping import RunKeeper
from ..train.memory_guard import ON_OOM
from ..train.step import TrainStep
from .feeding import holds_arrays
from .fit_options import FitOptions, batches_of
from .network import Network
from .planning.enough_memory import Beginning, beginning, largest_batch
from .planning.run_memory import fetched_ahead, run_memory
from .planning.step_memory import StepMemory
from .preparing import Prepared

__all__ = ["batch_size_of", "beginning_of"]


def batch_size_of(
    model: Network, given: FitOptions, data: tuple[Any, Any, Any], keeper: RunKeeper
) -> tuple[Any, list[str]]:
    """The batch, and what is to be said of it.

    It is as given; "auto" is that of the saved run that goes on, else the largest that fits.

    Args:
        model: compiled.
        given: to `fit`.
        data: (x, y, weights) without what is held out.
        keeper: of the run.

    Raises:
        ArgumentError: no size, or "auto" where x is no arrays.
        PlanError: not even one sample fits, or what fits cannot be known.
    """
    if given.batch_size != "auto":
        given_size = 32 if given.batch_size is None else given.batch_size
        return _check.positive_int("fit", "batch_size", given_size), []
    if not holds_arrays(data[0], data[1]):
        rule = "be left out where x is no arrays, but batches already"
        _check.fail("fit", "batch_size", rule, given.batch_size)
    if keeper.found is not None:
        return keeper.found.configuration["data"]["batch_size"], []
    batches = batches_of(given, data, 1, 0)
    memory = run_memory(
        model,
        batches,
        precision=given.precision,
        accumulate=given.accumulate,
        ema=given.ema.decay if isinstance(given.ema, WeightAverage) else given.ema,
        augment=given.augment,
    )
    count, sentence = largest_batch(memory, batches.steps_per_epoch or 1)
    return count, [sentence]


def beginning_of(
    step: TrainStep, batches: Batches, ready: Prepared, given: FitOptions, keeper: RunKeeper
) -> Beginning:
    """Whether the steps fit into memory, and in how many parts the run begins.

    A saved run goes on in its own parts. Of a compiled forward pass the memory is not known.

    Args:
        step: of the run.
        batches: of the run.
        ready: what the model and the batches agree on.
        given: to `fit`.
        keeper: of the run.

    Raises:
        PlanError: the steps do not fit.
    """
    its_own = keeper.resumes and given.on_oom == "accumulate"
    if given.jit or its_own or given.on_oom not in ON_OOM:
        return Beginning(step.accumulate)
    planned = copy.copy(step)
    planned.accumulate = max(step.accumulate, _saved_parts(keeper))
    average = step.model.ema
    memory = StepMemory(
        planned,
        ready.first,
        metrics=ready.metrics,
        average=average if isinstance(average, WeightAverage) else None,
        ahead=fetched_ahead(batches),
    )
    return beginning(memory, len(ready.first), on_oom=given.on_oom)


def _saved_parts(keeper: RunKeeper) -> int:
    """In how many parts the saved run passed its batches; 1 where memory sufficed."""
    run = keeper.found.sections.get("run") if keeper.found else None
    extras = run.get("extras") if isinstance(run, dict) else None
    parts = extras.get("accumulate") if isinstance(extras, dict) else None
    return parts if isinstance(parts, int) and parts > 0 else 1  # what is odd is refused later
