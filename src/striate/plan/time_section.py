"""Predicted times as a part of a page."""

from __future__ import annotations

from striate.io.markup import Child, Html, element
from striate.io.page import section, table

from .plan import Plan
from .time_lines import duration_text, source_of_times, time_lines

__all__ = ["time_section"]

_LEAST_SHARE = 0.005


def time_section(plan: Plan, samples: int | None = None) -> list[Html]:
    """The times of a plan with a bar for each kind of work; nothing without a calibration.

    Args:
        plan: that may have been given a calibration.
        samples: of an epoch. Default None: not known.
    """
    if plan.calibration is None:
        return []
    parts: list[Child] = [element("p", line) for line in time_lines(plan, samples)]
    for mode in plan.timelines:
        parts += [element("h3", f"To {mode}"), _kinds(plan, mode)]
    parts.append(element("p", source_of_times(plan.calibration), class_="note"))
    return [section("Time", *parts, anchor="time")]


def _kinds(plan: Plan, mode: str) -> Html:
    time = plan.step_time(mode)
    parts = sorted(time.by_kind.items(), key=lambda pair: -pair[1]) if time else []
    whole = sum(seconds for _, seconds in parts)
    rows: list[list[Child]] = [
        [kind, duration_text(seconds), f"{seconds / whole:.0%}", _bar(seconds / parts[0][1])]
        for kind, seconds in parts
        if seconds >= _LEAST_SHARE * whole
    ]
    return table(["kind", "time", "share", ""], rows, numbers=(1, 2), bar=True)


def _bar(share: float) -> Html:
    return element("span", class_="bar", style=f"width:{100 * share:.1f}%")
