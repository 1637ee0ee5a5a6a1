"""What became of the weights of a file, in lines."""

from __future__ import annotations

from typing import Any

from striate._counted import counted
from striate.cli.streams import printable

__all__ = ["report_lines"]

_SHOWN = 6


def report_lines(report: Any, numbers: int) -> list[str]:
    """A line for each kind of news, and one for each weight that did not fit.

    Args:
        report: of `load_weights` or `import_keras`.
        numbers: that the net holds.
    """
    lines = [f"{counted(len(report.matched), 'tensor')}, {counted(numbers, 'number')}"]
    if report.source:
        lines.append(f"names     {report.source}")
    if report.reshaped:
        rows = [f"{name} {theirs} -> {ours}" for name, (theirs, ours) in report.reshaped.items()]
        more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
        lines.append(f"reshaped  {len(rows)}: {'; '.join(rows[:_SHOWN])}{more}")
    lines += report.lines()
    if report.left_out:
        lines.append(f"left out  {', '.join(report.left_out)}")
    if report.moved is not None:
        lines.append(f"moved     outputs by {report.moved:.2g} of the largest, on a noise picture")
    return [printable(line) for line in lines]
