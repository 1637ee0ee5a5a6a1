"""Predicted times as text."""

from __future__ import annotations

from .calibration import Calibration
from .plan import Plan

__all__ = ["duration_text", "source_of_times", "time_lines"]

_MOST_KINDS = 3
_UNITS = (("h", 7200.0, 3600.0), ("min", 120.0, 60.0), ("s", 1.0, 1.0), ("ms", 0.0, 0.001))
"""Name, the seconds from which it is used, and its own."""


def duration_text(seconds: float) -> str:
    """Seconds in the unit that suits them, with two digits or three.

    Example:
        >>> duration_text(0.0421), duration_text(0.42), duration_text(95), duration_text(9000)
        ('42 ms', '420 ms', '95 s', '2.5 h')
    """
    name, _, size = next(unit for unit in _UNITS if seconds >= unit[1])
    value = seconds / size
    return f"{value:.0f} {name}" if value >= 10 else f"{value:.2g} {name}"


def source_of_times(calibration: Calibration) -> str:
    """What predicted times stand on, and how far they were off."""
    machine, nets = calibration.machine, len({each.net for each in calibration.checks})
    threads = f"{machine.threads} thread{'s' if machine.threads > 1 else ''}"
    where = machine.processor if machine.device == "cpu" else machine.device
    return (
        f"Times are predicted, by a calibration of {where}, {threads}, torch "
        f"{machine.torch_version}. ± is the largest error in {len(calibration.checks)} steps of "
        f"{nets} nets that were measured there, or 25 %. Reading the pictures is not in it."
    )


def time_lines(plan: Plan, samples: int | None = None, *, named: bool = False) -> list[str]:
    """The times of a plan, a line for each of its runs; none where it has no calibration.

    Args:
        plan: that may have been given a calibration.
        samples: of an epoch. Default None: not known.
        named: whether the net is named, too.
    """
    found, of = [], f" of {plan.net}" if named else ""
    for mode in plan.timelines:
        time = plan.step_time(mode)
        if time is None:
            continue
        largest = sorted(time.by_kind.items(), key=lambda pair: -pair[1])[:_MOST_KINDS]
        parts = ", ".join(f"{kind} {seconds / time.seconds:.0%}" for kind, seconds in largest)
        epoch = ""
        if samples is not None:
            epoch = f", {duration_text(time.epoch_seconds(samples))} an epoch of {samples:,}"
        found.append(
            f"Time to {mode}{of}, batch {plan.batch}: {duration_text(time.seconds)} a step "
            f"± {time.error:.0%}, {time.samples_per_second:,.0f} samples a second{epoch}; {parts}"
        )
    return found
