"""What a compiled model and its data agree on, before the first step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .. import _check
from ..records import Batch
from ..train.criterion import Criterion
from ..train.precision import resolve
from ..train.step import device_of
from ..train.totals import OutputMetrics
from .class_weights import require_classes
from .ends import ends_of
from .network import Network

__all__ = ["Prepared", "prepare"]


@dataclass(frozen=True)
class Prepared:
    """Losses, metrics and precision of one use of a compiled model.

    Args:
        first: batch of the data.
        criterion: the losses of the model's outputs.
        metrics: of the model's outputs.
        precision: "float32" or "bfloat16".
        preprocess: what the data want done to the images on the device, or None.
        check: refuses a batch whose targets the loss cannot take; None where all were checked.
    """

    first: Batch
    criterion: Criterion
    metrics: OutputMetrics
    precision: str
    preprocess: Any
    check: Callable[[Batch], None] | None


def prepare(
    model: Network,
    batches: Any,
    *,
    place: str,
    precision: str,
    epoch: int = 0,
    class_weight: dict[int, float] | None = None,
) -> Prepared:
    """Builds the model if need be, and joins losses and metrics to its outputs.

    Targets that are at hand as a whole are all checked now; others when their batch comes.

    Raises:
        ArgumentError: not compiled; no batch, or none with targets; labels out of range; the
            weight of a class that there is not.
        ShapeError: targets that do not fit the outputs.
    """
    compiled = getattr(model, "compiled", None)
    if compiled is None:
        fix = 'Call model.compile("rmsprop", loss="categorical_crossentropy") first.'
        _check.fail(place, "model", "be compiled", f"{model.place}, not compiled", fix)
    first = next(iter(batches.epoch(epoch)), None)
    if first is None:
        _check.fail(place, "x", "hold at least one batch", "none")
    if first.targets is None:
        _check.fail(place, "y", "hold the targets", None)
    ends = ends_of(model, first)
    criterion: Criterion = compiled.criterion(ends.names, ends.auxiliary)
    metrics: OutputMetrics = compiled.output_metrics(ends.names, ends.shapes)

    parts = [
        name for name, loss in zip(ends.names, criterion.losses, strict=False) if loss is not None
    ]
    losses = [f"{name}_loss" for name in parts] if len(parts) > 1 else []
    model.scored = ("loss", *losses, *(label for label, _, _ in metrics.entries))

    def check(batch: Batch) -> None:
        criterion.check_targets(batch.targets, ends.shapes)

    whole = getattr(getattr(batches, "source", None), "targets", None)
    if whole is not None:
        criterion.check_targets(whole, ends.shapes)
    if class_weight:
        require_classes(class_weight, first.targets, criterion.losses[0], ends.shapes[0])
    return Prepared(
        first=first,
        criterion=criterion,
        metrics=metrics,
        precision=resolve(precision, device_of(model), place=place),
        preprocess=getattr(batches, "preprocess", None),
        check=check if whole is None else None,
    )
