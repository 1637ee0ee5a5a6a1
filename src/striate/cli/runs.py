"""striate runs: what was trained, and how two runs differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

import striate
from striate.cli.difference_table import difference_lines
from striate.cli.streams import columns, print_json, say

__all__ = ["COMMANDS", "HELP", "diff", "ls"]

HELP = "The runs that striate train made."
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_Run = Annotated[str, typer.Argument(metavar="RUN", help="Run folder.")]


def ls(
    runs: Annotated[str, typer.Argument(metavar="[RUNS]", help="Folder of runs.")] = "runs",
    json: _Json = False,
) -> None:
    """Print the runs, the oldest first."""
    found = striate.tasks.list_runs(runs)
    if json:
        print_json([row.to_json() for row in found])
        return
    if not found:
        say(f'No run in the folder "{runs}".')
        return
    head = ["run", "begun", "data", "accuracy", "95 % interval", "pictures", "epochs", "time"]
    print("\n".join(columns([head, *map(_cells, found)], right=(3, 5, 6, 7))))
    for row in found:
        if row.fault not in (None, "not finished"):
            say(f"{row.folder}: {row.fault}")


def diff(first: _Run, second: _Run, json: _Json = False) -> None:
    """Compare two runs.

    Settings, scores, and the pictures that only one of them recognises.
    The interval of the difference is of the pictures that both were
    scored on.
    """
    found = striate.tasks.diff_runs(first, second)
    if json:
        print_json(found.to_json())
    else:
        print("\n".join(difference_lines(found)))


def _cells(row: Any) -> list[str]:
    begun = (row.started or "")[:16].replace("T", " ")
    accuracy, interval = "-", row.fault if row.fault == "not finished" else "damaged"
    if row.fault is None:
        low, high = row.accuracy_interval
        accuracy, interval = f"{row.accuracy:.4f}", f"{low:.4f} to {high:.4f} ({row.part})"
    pictures = "-" if row.pictures is None else f"{row.pictures:,}"
    time = striate.tasks.duration(row.seconds)
    return [row.folder, begun, row.data, accuracy, interval, pictures, str(row.epochs), time]


COMMANDS: dict[str, tuple[Callable[..., None], tuple[str, ...]]] = {
    "ls": (ls, ("striate runs ls", "striate runs ls old_runs --json")),
    "diff": (
        diff,
        (
            "striate runs diff runs/classify/photos-1 runs/classify/photos-2",
            "striate runs diff runs/classify/photos-1 runs/classify/photos-2 --json",
        ),
    ),
}
