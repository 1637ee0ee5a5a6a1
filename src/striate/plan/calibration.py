"""Calibration: how long operations take on one machine, and how far predictions were off there."""

from __future__ import annotations

import math
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import torch

from .fresh_memory import fresh_bytes
from .rates import Rates, seconds_of
from .timeline import Timeline

__all__ = ["Calibration", "Check", "Machine"]


class Machine(NamedTuple):
    """What times depend on besides the net.

    Args:
        processor: its name.
        threads: that compute.
        torch_version: of PyTorch.
        device: "cpu", or the name of the accelerator.
    """

    processor: str
    threads: int
    torch_version: str
    device: str

    @staticmethod
    def here(device: torch.device) -> Machine:
        """This machine, as this process uses it."""
        is_cpu = device.type == "cpu"
        return Machine(
            _processor(),
            torch.get_num_threads(),
            torch.__version__,
            "cpu" if is_cpu else torch.cuda.get_device_name(device),
        )


class Check(NamedTuple):
    """A step that was predicted and measured.

    Args:
        net: its name.
        mode: "train" or "predict".
        precision: "float32" or "bfloat16".
        batch: samples.
        predicted_seconds, measured_seconds: of the step.
    """

    net: str
    mode: str
    precision: str
    batch: int
    predicted_seconds: float
    measured_seconds: float


_LEAST_ERROR = 0.25
"""Nets that a calibration was not judged by may be farther off than those that judged it."""


@dataclass(frozen=True)
class Calibration:
    """How long operations take on one machine.

    Args:
        machine: that was measured.
        rates: of the kinds of operations.
        fresh_rate: seconds a byte of memory that the system gives anew.
        dispatch_seconds: mode -> what every operation takes besides, whatever its size.
        factors: precision -> how many times as long as the sum of its operations a step takes.
        checks: steps of nets that were measured, and what was predicted for them.
    """

    machine: Machine
    rates: Rates = field(repr=False, hash=False)
    fresh_rate: float
    dispatch_seconds: Mapping[str, float] = field(hash=False)
    factors: Mapping[str, float] = field(default_factory=dict, hash=False)
    checks: Sequence[Check] = ()

    @property
    def error(self) -> float:
        """The largest error of the checks, as a fraction of what was measured; at least 0.25.

        Of 88 steps of 21 other nets 19 in 20 were within that, see docs/log.md.
        """
        ratios = [each.predicted_seconds / each.measured_seconds for each in self.checks]
        return max(_LEAST_ERROR, max((abs(ratio - 1) for ratio in ratios), default=math.inf))

    def seconds(
        self, timeline: Timeline, batch: int, *, mode: str, precision: str
    ) -> dict[str, float]:
        """What of a step's time each kind of work takes.

        Args:
            timeline: of the run.
            batch: its samples.
            mode: "train" or "predict".
            precision: "float32" or "bfloat16".
        """
        samples = -(-batch // timeline.parts)
        found: dict[str, float] = {}
        for each in timeline.operations:
            amounts = [a + b * samples for a, b in zip(each.fixed, each.each, strict=True)]
            seconds = each.times * seconds_of(self.rates, each.kind, each.dtype, amounts)
            found[each.kind] = found.get(each.kind, 0.0) + seconds
        count = sum(each.times for each in timeline.operations)
        found["dispatch"] = count * self.dispatch_seconds.get(mode, 0.0)
        found["fresh memory"] = fresh_bytes(timeline, batch) * self.fresh_rate
        factor = self.factors.get(precision, 1.0)
        return {kind: factor * seconds for kind, seconds in found.items() if seconds}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
