"""remedies: what each way to need less memory would save, computed for a plan."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import torch

from ...errors import PlanError, ShapeError
from ...plan.plan import Plan
from ...plan.remedy import Remedy
from ...plan.stand_ins import StandIns
from ...records import Batch, Preprocess
from ..network import Network
from .checkpointed import checkpointed
from .memory_trace import prediction_timeline, training_timeline
from .planned_step import input_shapes, pictures_of, planned_step
from .shrunk import costliest_layer, optimizer_for, with_stride, without_layer

__all__ = ["remedies"]

_DEVICES = (2, 4)
_PARTS = (2, 4)


def remedies(
    model: Network,
    found: Plan,
    *,
    optimizer: str | torch.optim.Optimizer | None = None,
    preprocess: Preprocess | None = None,
) -> list[Remedy]:
    """What each remedy would save of a plan's peak.

    Each is planned anew, with the run or the net changed: nothing is estimated. A smaller batch and
    several devices are the same run with fewer samples. Checkpoints keep the ends of the stages,
    or of the square root of the layers at a time where there are no stages; all but the last are
    run again in the backward pass. What cannot be done with a net, or saves nothing, is left out.

    Args:
        model: of the plan.
        found: its plan.
        optimizer: as in `plan`.
        preprocess: as in `plan`.

    Example:
        >>> import striate
        >>> from striate.models import plan
        >>> net = striate.Sequential(
        ...     [striate.layers.Conv2D(8, 3, input_shape=(28, 28, 1)), striate.layers.Flatten()]
        ... )
        >>> remedies(net, plan(net, 64))[0].name
        'half the batch'
    """
    optimizer = optimizer or getattr(model, "optimizer", None)
    ways = _Ways(model, found, optimizer, preprocess)
    pairs = (*ways.smaller_batches(), *ways.smaller_nets(), *ways.other_runs(), *ways.devices())
    before = found.peak_bytes
    return [Remedy(name, how, peak, before - peak) for name, how, peak in pairs if peak < before]


Way = tuple[str, str, int]
"""Its name, how it is done, the peak with it."""


class _Ways:
    """The ways to need less than a plan."""

    def __init__(
        self, model: Network, found: Plan, optimizer: Any, preprocess: Preprocess | None
    ) -> None:
        self.model = model
        self.found = found
        self.optimizer = optimizer
        self.preprocess = preprocess
        self.made = StandIns()  # what is known of operations saves time

    def smaller_batches(self) -> Iterator[Way]:
        half = self.found.batch // 2
        if half:
            peak = self.found.with_batch(half).peak_bytes
            yield "half the batch", f"batch_size={half}", peak

    def smaller_nets(self) -> Iterator[Way]:
        strided = with_stride(self.model)
        if strided is not None:
            with suppress(ShapeError, PlanError):  # where open sizes become too small
                yield "stride 2", "strides=2 in the first convolution", self._again(strided)
        name = costliest_layer(self.model, self.found)
        shorter = None if name is None else without_layer(self.model, name)
        if shorter is not None:
            yield "a layer less", f'without "{name}"', self._again(shorter)

    def other_runs(self) -> Iterator[Way]:
        found = self.found
        if found.precision == "float32":
            how = 'precision="bfloat16"'
            yield "16 bits", how, self._again(self.model, precision="bfloat16")
        if found.mode != "train":
            return
        for parts in _PARTS:
            if found.accumulate < parts <= found.batch:
                peak = self._again(self.model, accumulate=parts)
                yield f"{parts} parts", f"accumulate={parts}", peak
        peak_with_checkpoints = self._with_checkpoints()
        if peak_with_checkpoints is not None:
            yield "checkpoints", "recompute each stage", peak_with_checkpoints

    def devices(self) -> Iterator[Way]:
        batch = self.found.batch
        for devices in _DEVICES:
            if batch >= devices:
                peak = self.found.with_batch(-(-batch // devices)).peak_bytes
                yield f"{devices} devices", f"a batch of {batch} over {devices} devices", peak

    def _with_checkpoints(self) -> int | None:
        run = checkpointed(self.model)
        return None if run is None else self._again(self.model, instead=run)

    def _again(self, net: Network, *, instead: Any = None, **changes: Any) -> int:
        """The peak of the same run with changes, or of another net."""
        found = self.found
        how: dict[str, Any] = {"precision": found.precision, "preprocess": self.preprocess}
        how |= {"accumulate": found.accumulate, **changes}
        pictures = pictures_of(net, input_shapes(net, _size(found)), getattr(torch, found.pixels))
        made = self.made if net is self.model else StandIns()
        if found.mode == "predict":
            del how["accumulate"]
            line = prediction_timeline(net, Batch(pictures), made=made, **how)
            return line.peak_bytes(found.batch)
        optimizer = self.optimizer if net is self.model else optimizer_for(net, self.optimizer)
        step, metrics, one = planned_step(net, pictures, optimizer, **how)
        line = training_timeline(
            step, one, metrics=metrics, decay=found.ema, made=made, instead=instead
        )
        return line.peak_bytes(found.batch)


def _size(found: Plan) -> tuple[int, int] | None:
    shape = found.input_shape
    return shape[:2] if len(shape) == 3 and not isinstance(shape[0], tuple) else None
