"""Calibrating: operations are measured, and the steps of nets to see how far that carries."""

from __future__ import annotations

import dataclasses
import functools
import mmap
import statistics
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch

from .calibration import Calibration, Check, Machine
from .operations import Work, work_of
from .rates import fitted
from .stopwatch import least_seconds
from .timeline import Timeline
from .trials import Trial, trials

__all__ = ["Reference", "calibrated"]

_TRIALS_SECONDS, _STEPS_SECONDS = 2.0, 1.0
_FRESH_BYTES = 2**25
_SMALL_BYTES, _SMALL_TIMES = 2**20, 8
_OWN = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_PRIVATE") else {}


class Reference(NamedTuple):
    """A step of a net that can be run.

    Args:
        net, mode, precision, batch: as of `Check`.
        timeline: of the run.
        run: makes the step.
        is_tiny: whether it has so little to compute that it tells what an operation takes besides.
    """

    net: str
    mode: str
    precision: str
    batch: int
    timeline: Timeline
    run: Callable[[], Any]
    is_tiny: bool = False

    def predicted(self, calibration: Calibration) -> float:
        """What a calibration says of the step's seconds."""
        parts = calibration.seconds(
            self.timeline, self.batch, mode=self.mode, precision=self.precision
        )
        return sum(parts.values())


def calibrated(device: torch.device, references: Sequence[Reference]) -> Calibration:
    """The times of this machine, measured within seconds.

    What operations take one by one is fitted first. Tiny steps tell what each takes besides, in a
    net; the others, by which factor all is longer there. Each of these is predicted with the
    factor of the other nets, so that it is a check.

    Args:
        device: that is measured.
        references: steps on it.
    """
    found = _measured_rates(Machine.here(device), device)
    runs = [each.run for each in references]
    seconds = least_seconds(runs, device, budget_seconds=_STEPS_SECONDS)
    measured = list(zip(references, seconds, strict=True))
    tiny = [pair for pair in measured if pair[0].is_tiny]
    found = dataclasses.replace(found, dispatch_seconds=_dispatch(found, tiny))
    steps = [
        Check(*each[:4], each.predicted(found), second)
        for each, second in measured
        if not each.is_tiny
    ]
    factors = {each.precision: _factor(steps, each.precision) for each in steps}
    checks = [
        each._replace(
            predicted_seconds=each.predicted_seconds * _factor(steps, each.precision, but=each.net)
        )
        for each in steps
    ]
    return dataclasses.replace(found, factors=factors, checks=tuple(checks))


def _measured_rates(machine: Machine, device: torch.device) -> Calibration:
    listed = trials(device)
    with torch.no_grad():
        works = [_work(trial) for trial in listed]
        times = [_SMALL_TIMES if sum(work.amounts[1:]) < _SMALL_BYTES else 1 for work in works]
        calls = [functools.partial(_run, *pair) for pair in zip(listed, times, strict=True)]
        seconds = least_seconds(calls, device, budget_seconds=_TRIALS_SECONDS)
    each = [second / count for second, count in zip(seconds, times, strict=True)]
    fresh_rate = _fresh_rate() if device.type == "cpu" else 0.0
    return Calibration(machine, fitted(list(zip(works, each, strict=True))), fresh_rate, {})


def _work(trial: Trial) -> Work:
    work = work_of(trial.function, trial.args, trial.function(*trial.args))
    return work or Work("", "", (0, 0, 0, 0))


def _run(trial: Trial, times: int) -> None:
    """Small ones are repeated, as a net repeats its blocks."""
    for _ in range(times):
        trial.function(*trial.args)


def _fresh_rate() -> float:
    """Seconds a byte that memory takes more where it is written for the first time."""

    def fill_anew() -> None:
        torch.frombuffer(mmap.mmap(-1, _FRESH_BYTES, **_OWN), dtype=torch.uint8).fill_(1)

    again = torch.ones(_FRESH_BYTES, dtype=torch.uint8)
    calls = [fill_anew, lambda: again.fill_(1)]
    anew, old = least_seconds(calls, torch.device("cpu"), budget_seconds=0.0, least_rounds=4)
    return max(anew - old, 0.0) / _FRESH_BYTES


def _dispatch(found: Calibration, tiny: Sequence[tuple[Reference, float]]) -> dict[str, float]:
    """What is left of the tiny steps' times, shared out among their operations."""
    left: dict[str, list[float]] = {}
    for each, seconds in tiny:
        count = sum(one.times for one in each.timeline.operations)
        share = max(seconds - each.predicted(found), 0.0) / count
        left.setdefault(each.mode, []).append(share)
    return {mode: statistics.median(shares) for mode, shares in left.items()}


def _factor(steps: Sequence[Check], precision: str, *, but: str = "") -> float:
    """How many times as long as the sum of its operations a step takes; of all nets but one."""
    ratios = [
        each.measured_seconds / each.predicted_seconds
        for each in steps
        if each.precision == precision and each.net != but
    ]
    return statistics.median(ratios) if ratios else 1.0
