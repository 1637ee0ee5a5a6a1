"""Report: a plan with the memory that there is, the remedies, and another plan beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from .. import _check
from .calibration import Calibration
from .free_memory import Memory
from .plan import Plan
from .remedy import Remedy
from .table import compare, lines, size_text
from .time_lines import source_of_times, time_lines

__all__ = ["CALCULATED", "NOT_CALCULATED", "Report", "remedy_lines"]

CALCULATED = (
    "Calculated from the tensors of a whole step, which is run on shapes alone: weights, "
    "gradients, the optimizer's state, the batch, what is kept for the backward pass, what passes."
)
NOT_CALCULATED = (
    "Resident is what the process is expected to take more for it in all: the tensors, what "
    "PyTorch's kernels take while they run, and the holes of the C library's heap (glibc; a few "
    "percent off, seldom 20). Not in it: Python and PyTorch themselves, and the pictures in memory."
)

_SAID = ("", CALCULATED, NOT_CALCULATED)
_MOST_HOLDERS = 5


@dataclass(frozen=True)
class Report:
    """A plan and what it means for a machine.

    Args:
        plan: that is told of.
        memory: that there is; None where it is not known.
        remedies: from `remedies`; None where they were not asked for.
        against: a plan to be compared with; None where there is none.
        samples: of an epoch; None where they are not known.

    Raises:
        ArgumentError: samples that are not a whole number of at least 1.
    """

    plan: Plan
    memory: Memory | None = None
    remedies: Sequence[Remedy] | None = None
    against: Plan | None = None
    samples: int | None = None

    def __post_init__(self) -> None:
        if self.samples is not None:
            _check.positive_int("plan", "samples", self.samples)

    def timed(self, calibration: Calibration) -> Report:
        """The same report with predicted times.

        Args:
            calibration: such as of `models.calibrate`.
        """
        against = None if self.against is None else self.against.timed(calibration)
        return replace(self, plan=self.plan.timed(calibration), against=against)

    @property
    def fits(self) -> bool | None:
        """Whether the plan's run is expected to fit into the memory; None if not known."""
        return None if self.memory is None else self.plan.resident_bytes <= self.memory.bytes

    def largest_batches(self, plan: Plan | None = None) -> dict[str, int]:
        """Mode -> the largest batch that is expected to fit into the memory; empty if not known.

        Args:
            plan: that is asked for. Default None: the report's.
        """
        if self.memory is None:
            return {}
        asked = plan or self.plan
        return {mode: asked.largest_batch(self.memory.bytes, mode=mode) for mode in asked.timelines}

    def lines(self) -> list[str]:
        """The report as text, without the remedies.

        Example:
            >>> from striate.plan import Plan, Timeline
            >>> runs = {"predict": Timeline([], [])}
            >>> plan = Plan("net", (1,), "predict", 8, "float32", "", (), 0, 0, 0, runs)
            >>> Report(plan).lines()[0]
            'net: input 1, batch 8, float32'
        """
        if self.against is not None:
            return [
                _title(self.plan),
                _title(self.against),
                "",
                *compare(self.plan, self.against),
                "",
                *self._memory_lines(self.plan, self.against),
                *self._time_lines(self.plan, self.against),
                *self._said(),
            ]
        found = [_title(self.plan), "", *lines(self.plan), *self._holders()]
        found += [*self._memory_lines(self.plan), *self._time_lines(self.plan)]
        return [*found, *self._said()]

    def to_json(self) -> dict[str, Any]:
        """Everything, as JSON can hold it."""
        remedies, memory = self.remedies, self.memory
        against = self.against
        return {
            **_with_holders(self.plan, self.samples),
            "memory": None if memory is None else memory._asdict(),
            "fits": self.fits,
            "largest_batches": self.largest_batches(),
            "samples": self.samples,
            "remedies": None if remedies is None else [dict(vars(each)) for each in remedies],
            "against": None
            if against is None
            else _with_holders(against, self.samples)
            | {"largest_batches": self.largest_batches(against)},
            "calculated": CALCULATED,
            "not_calculated": NOT_CALCULATED,
        }

    def _holders(self) -> list[str]:
        most = sorted(self.plan.peak().by_layer.items(), key=lambda pair: -pair[1])
        text = ", ".join(f"{name} {size_text(size)}" for name, size in most[:_MOST_HOLDERS])
        return [f"Layers that hold most at the peak to {self.plan.mode}: {text}"] if text else []

    def _time_lines(self, *plans: Plan) -> list[str]:
        named = len(plans) > 1
        return [line for plan in plans for line in time_lines(plan, self.samples, named=named)]

    def _said(self) -> list[str]:
        calibration = self.plan.calibration
        return [*_SAID, *([] if calibration is None else [source_of_times(calibration)])]

    def _memory_lines(self, *plans: Plan) -> list[str]:
        if self.memory is None:
            return ["Memory: this system does not tell how much is free. Use --memory 8GB."]
        found = [f"Memory: {size_text(self.memory.bytes)} ({self.memory.source})"]
        for plan in plans:
            of = f" of {plan.net}" if len(plans) > 1 else ""
            verb = "fits" if plan.resident_bytes <= self.memory.bytes else "does not fit"
            parts = [f"{_batch(n)} to {mode}" for mode, n in self.largest_batches(plan).items()]
            found.append(f"Batch {plan.batch}{of} {verb}; largest that fits: {', '.join(parts)}")
        return found


def remedy_lines(remedies: Sequence[Remedy]) -> list[str]:
    r"""What each remedy saves, a line each, as text.

    Args:
        remedies: of a plan.

    Example:
        >>> print(*remedy_lines([Remedy("half the batch", "batch_size=4", 60, 40)]), sep="\n")
        Remedy          How               Peak     Saves
        half the batch  batch_size=4  60 bytes  40 bytes
    """
    rows = [("Remedy", "How", "Peak", "Saves")]
    for each in remedies:
        sizes = size_text(each.peak_bytes), size_text(each.saved_bytes)
        rows.append((each.name, each.how, *sizes))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        f"{name:<{widths[0]}}  {how:<{widths[1]}}  {peak:>{widths[2]}}  {saves:>{widths[3]}}"
        for name, how, peak, saves in rows
    ]


def _title(plan: Plan) -> str:
    shape = plan.input_shape
    several = bool(shape) and isinstance(shape[0], tuple)
    shapes = [" × ".join(map(str, one)) for one in (shape if several else [shape])]
    words = [f"input {' and '.join(shapes)}", f"batch {plan.batch}", plan.precision]
    return f"{plan.net}: {', '.join([*words, plan.optimizer] if plan.optimizer else words)}"


def _with_holders(plan: Plan, samples: int | None) -> dict[str, Any]:
    found = plan.to_json()
    for mode, times in (found["times"] or {}).items():
        time = plan.step_time(mode)
        times["epoch_seconds"] = time and samples and time.epoch_seconds(samples)
    for mode, peak in found["peaks"].items():
        peak["by_layer"] = plan.peak(mode).by_layer
    return found


def _batch(count: int) -> str:
    return str(count) if count else "not even 1"
