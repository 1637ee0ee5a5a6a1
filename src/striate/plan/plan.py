"""Plan: what a net costs layer by layer, and the memory of its runs for any batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from .. import _check
from .calibration import Calibration
from .overheads import fitting_batch, resident_bytes
from .row import Row
from .step_time import StepTime, step_time
from .timeline import Peak, Timeline

__all__ = ["MODES", "Plan"]

MODES = ("train", "predict")
_APART = ("rows", "timelines", "calibration")


@dataclass(frozen=True)
class Plan:
    """What a net costs, and the memory that its runs need.

    Args:
        net: its name.
        input_shape: of one sample; a tuple of shapes where there are several.
        mode: "train" or "predict".
        batch: samples a step.
        precision: "float32" or "bfloat16".
        optimizer: its name; "" for prediction.
        rows: of the layers in the order in which they run.
        parameters: numbers in the net, trained or not.
        trainable: numbers that are trained.
        multiply_adds: of one sample; None if not known.
        timelines: mode -> memory of its run.
        accumulate: parts in which a batch of training passes.
        pixels: type of the images, "float32" or "uint8".
        ema: decay of the average of the weights; None where there is none.
        calibration: of the machine that is to run it; None where times are not predicted.

    Raises:
        ArgumentError: a mode that was not planned.
    """

    net: str
    input_shape: Any
    mode: str
    batch: int
    precision: str
    optimizer: str
    rows: Sequence[Row] = field(repr=False)
    parameters: int
    trainable: int
    multiply_adds: int | None
    timelines: Mapping[str, Timeline] = field(repr=False, hash=False)
    accumulate: int = 1
    pixels: str = "float32"
    ema: float | None = None
    calibration: Calibration | None = field(default=None, repr=False)

    @property
    def peak_bytes(self) -> int:
        """The most memory that the run holds at one time."""
        return self.timeline().peak_bytes(self.batch)

    @property
    def resident_bytes(self) -> int:
        """The memory that a process is expected to take for the run; its tensors are a part."""
        return self.resident()

    def resident(self, mode: str | None = None, *, keeps_memory: bool = False) -> int:
        """The memory that a process is expected to take for a run, see `resident_bytes`.

        Args:
            mode: of the run. Default None: the plan's.
            keeps_memory: whether `striate.train.keep_memory` is in force.
        """
        return resident_bytes(self.timeline(mode), self.batch, keeps_memory=keeps_memory)

    def peak(self, mode: str | None = None) -> Peak:
        """The moment of a run at which most is held.

        Args:
            mode: of the run. Default None: the plan's.
        """
        return self.timeline(mode).peak(self.batch)

    def timeline(self, mode: str | None = None) -> Timeline:
        """The memory of a run.

        Args:
            mode: of the run. Default None: the plan's.
        """
        return self.timelines[_check.choice("Plan", "mode", mode or self.mode, self.timelines)]

    def timed(self, calibration: Calibration) -> Plan:
        """The same plan with predicted times.

        Args:
            calibration: such as of `models.calibrate`.
        """
        return replace(self, calibration=calibration)

    def step_time(self, mode: str | None = None) -> StepTime | None:
        """The predicted time of a step; None where the plan has no calibration.

        Args:
            mode: of the run. Default None: the plan's.
        """
        if self.calibration is None:
            return None
        return step_time(
            self.timeline(mode),
            self.calibration,
            batch=self.batch,
            mode=mode or self.mode,
            precision=self.precision,
        )

    def with_batch(self, batch: int) -> Plan:
        """The same plan for another batch: nothing is traced anew."""
        return replace(self, batch=_check.positive_int("Plan", "batch", batch))

    def largest_batch(self, memory_bytes: int, *, mode: str | None = None) -> int:
        """The largest batch whose resident memory is expected to fit; 0 where no sample does.

        Args:
            memory_bytes: that the process may take more.
            mode: of the run. Default None: the plan's.
        """
        return fitting_batch(self.timeline(mode), memory_bytes)

    def to_json(self) -> dict[str, Any]:
        """Everything but the timelines, as JSON can hold it.

        Example:
            >>> lines = {"predict": Timeline([], [])}
            >>> found = Plan("net", (1,), "predict", 8, "float32", "", (), 0, 0, 0, lines)
            >>> found.to_json()["peaks"]["predict"]["total_bytes"]
            0
        """
        shown = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in _APART}
        peaks = {}
        for mode in self.timelines:
            peak = self.peak(mode)
            peaks[mode] = {
                "total_bytes": peak.total_bytes,
                "resident_bytes": self.resident(mode),
                "phase": peak.phase,
                "layer": peak.layer,
                "by_kind": peak.by_kind,
            }
        times = None
        if self.calibration is not None:
            predicted = {mode: self.step_time(mode) for mode in self.timelines}
            times = {mode: time.to_json() for mode, time in predicted.items() if time}
        rows = [row.to_json() for row in self.rows]
        return shown | {"peaks": peaks, "times": times, "rows": rows}
