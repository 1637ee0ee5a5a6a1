"""run_memory: what the steps of a run will need, before the run is begun."""

from __future__ import annotations

from ...train.batches import Batches
from ...train.ema import WeightAverage
from ...train.step import Augment
from ..network import Network
from ..preparing import prepare
from ..training_step import training_step
from .step_memory import StepMemory

__all__ = ["fetched_ahead", "run_memory"]


def run_memory(
    model: Network,
    batches: Batches,
    *,
    place: str = "fit",
    precision: str = "float32",
    accumulate: int = 1,
    ema: float | None = None,
    augment: Augment | None = None,
) -> StepMemory:
    """The memory of the steps that `fit` would make.

    Args:
        model: compiled. It is built, and its optimizer gets its parameters, as by `fit`.
        batches: of the run; their size does not matter.
        place: begins the messages.
        precision, accumulate, augment: as in `fit`.
        ema: decay of the average of the weights. Default None: there is none.

    Raises:
        ArgumentError, ShapeError: as `fit`.
    """
    ready = prepare(model, batches, place=place, precision=precision)
    return StepMemory(
        training_step(model, ready, accumulate=accumulate, augment=augment),
        ready.first,
        metrics=ready.metrics,
        average=None if ema is None else WeightAverage(model, ema),
        ahead=fetched_ahead(batches),
    )


def fetched_ahead(batches: Batches) -> int:
    """How many batches are fetched while a step is made."""
    loader = getattr(batches, "unweighted", batches)
    is_slow = getattr(getattr(loader, "source", None), "slow", False)
    return getattr(loader, "threads", 0) if is_slow else 0
