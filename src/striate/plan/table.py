"""A plan as text: a line a layer, then totals and peaks; and two plans side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .plan import Plan
from .row import Row

__all__ = ["compare", "lines", "size_text"]

_HEAD = ("Layer", "Kind", "Output", "Parameters", "Multiply-adds", "Output", "Kept", "Sees")
_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def size_text(count: int) -> str:
    """Bytes in the unit that suits them, 1 MB = 1,000,000 bytes.

    Example:
        >>> size_text(12_000_000), size_text(1_200_000_000), size_text(640)
        ('12.0 MB', '1.2 GB', '640 bytes')
    """
    value, place = float(count), 0
    while abs(value) >= 1000 and place < len(_UNITS) - 1:
        value, place = value / 1000, place + 1
    return f"{value:.1f} {_UNITS[place]}" if place else f"{count} bytes"


def lines(plan: Plan) -> list[str]:
    """The table of a plan; output and kept bytes are of one sample.

    Args:
        plan: to be shown.
    """
    cells = [_HEAD, *(_cells(row) for row in plan.rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(_HEAD))]
    table = [
        "  ".join(
            cell.rjust(width) if place > 2 else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in cells
    ]
    adds = "not known" if plan.multiply_adds is None else f"{plan.multiply_adds:,} a sample"
    table += ["", f"Parameters: {plan.parameters:,} ({plan.trainable:,} trained)"]
    table.append(f"Multiply-adds: {adds}")
    for mode in plan.timelines:
        peak = plan.peak(mode)
        parts = ", ".join(f"{kind} {size_text(size)}" for kind, size in peak.by_kind.items())
        where = f" in {peak.layer}" if peak.layer else ""
        table.append(
            f"Peak to {mode}, batch {plan.batch}: {size_text(peak.total_bytes)} "
            f"({peak.phase}{where}): {parts}; resident {size_text(plan.resident(mode))}"
        )
    return table


def compare(first: Plan, second: Plan) -> list[str]:
    """Two plans side by side, and how many times the first the second is: a line for each figure.

    Parameters, multiply-adds of a sample, the batch, and of each mode that both have the peak and,
    where both were timed, the time of a step.

    Args:
        first, second: plans, of whatever nets and runs.

    Example:
        >>> from striate.plan import Plan, Timeline
        >>> runs = {"predict": Timeline([], [])}
        >>> small = Plan("small", (1,), "predict", 8, "float32", "", (), 10, 10, None, runs)
        >>> large = Plan("large", (1,), "predict", 8, "float32", "", (), 25, 25, 7, runs)
        >>> compare(small, large)[1].split()
        ['parameters', '10', '25', '×', '2.50']
    """
    rows = [
        ("", first.net, second.net, ""),
        _compared("parameters", first.parameters, second.parameters, _count_text),
        _compared("trained", first.trainable, second.trainable, _count_text),
        _compared("multiply-adds", first.multiply_adds, second.multiply_adds, _count_text),
        _compared("batch", first.batch, second.batch, _count_text),
    ]
    for mode in first.timelines:
        if mode in second.timelines:
            peaks = first.peak(mode).total_bytes, second.peak(mode).total_bytes
            rows.append(_compared(f"peak to {mode}", *peaks, size_text))
            times = first.step_time(mode), second.step_time(mode)
            if times[0] is not None and times[1] is not None:
                seconds = times[0].seconds, times[1].seconds
                rows.append(_compared(f"step to {mode}", *seconds, _seconds_text))
    widths = [max(len(row[place]) for row in rows) for place in range(4)]
    return [
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _compared(
    name: str, first: float | None, second: float | None, text: Callable[[Any], str]
) -> tuple[str, str, str, str]:
    """A row; without their ratio where one of the two is nothing or not known."""
    left, right = ("not known" if each is None else text(each) for each in (first, second))
    ratio = f"× {second / first:.2f}" if first and second is not None else ""
    return name, left, right, ratio


def _count_text(count: int) -> str:
    return f"{count:,}"


def _seconds_text(seconds: float) -> str:
    return f"{seconds:.3g} s"


def _cells(row: Row) -> tuple[str, ...]:
    shape = " × ".join(str(size) for size in row.output_shape)
    sees = ""
    if row.fields is not None:
        height, width = row.fields
        sees = "whole" if height.is_whole and width.is_whole else f"{height.size_px}"
        if not height.is_whole and height.size_px != width.size_px:
            sees += f" × {width.size_px}"
    adds = "?" if row.multiply_adds is None else f"{row.multiply_adds:,}"
    made = "?" if row.output_bytes is None else size_text(row.output_bytes)
    kept = size_text(row.kept_bytes)
    return row.name, row.kind, shape, f"{row.parameters:,}", adds, made, kept, sees
