"""Step time: how long a step will take on a calibrated machine, with its error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .. import _check
from .calibration import Calibration
from .timeline import Timeline

__all__ = ["StepTime", "step_time"]


@dataclass(frozen=True)
class StepTime:
    """The predicted time of one step.

    Args:
        seconds: of the step.
        error: largest error of the calibration's checks, a fraction.
        batch: samples of the step.
        by_kind: seconds of each kind of work.

    Example:
        >>> found = StepTime(0.5, 0.2, 32, {"product": 0.5})
        >>> found.samples_per_second, found.epoch_seconds(60_000)
        (64.0, 937.5)
    """

    seconds: float
    error: float
    batch: int
    by_kind: Mapping[str, float] = field(repr=False, hash=False)

    @property
    def samples_per_second(self) -> float:
        """How many samples pass in a second."""
        return self.batch / self.seconds

    def epoch_seconds(self, samples: int) -> float:
        """The time of the steps in which so many samples pass; the last one may be smaller.

        Args:
            samples: of an epoch.

        Raises:
            ArgumentError: not a whole number of at least 1.
        """
        steps = -(-_check.positive_int("plan", "samples", samples) // self.batch)
        return steps * self.seconds

    def to_json(self) -> dict[str, Any]:
        """Everything, as JSON can hold it."""
        return {
            "step_seconds": self.seconds,
            "error": self.error,
            "samples_per_second": self.samples_per_second,
            "by_kind": dict(self.by_kind),
        }


def step_time(
    timeline: Timeline, calibration: Calibration, *, batch: int, mode: str, precision: str
) -> StepTime:
    """The time of a step by a calibration.

    Args:
        timeline: of the run.
        calibration: of the machine that will run it.
        batch: samples of the step.
        mode: "train" or "predict".
        precision: "float32" or "bfloat16".
    """
    parts = calibration.seconds(timeline, batch, mode=mode, precision=precision)
    return StepTime(sum(parts.values()), calibration.error, batch, parts)
