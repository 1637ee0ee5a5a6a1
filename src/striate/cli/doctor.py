"""striate doctor: what this machine has."""

from __future__ import annotations

from typing import Annotated

import typer

import striate
from striate.cli.streams import columns, print_json

__all__ = ["EXAMPLES", "doctor"]

EXAMPLES = (
    "striate doctor",
    "striate doctor --json",
)

_LEAST_FREE_BYTES = 2**30


def doctor(
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Print what this machine has.

    Versions, device, threads, folders, free disk, data sets at hand.
    """
    facts = striate.tasks.environment.environment()
    folders = striate.tasks.environment.folders()
    at_hand = striate.tasks.environment.data_sets_at_hand()
    if json:
        print_json({**facts, "folders": folders, "data_sets": at_hand})
        return
    packages = facts.pop("packages")
    rows = [[name, _text(value)] for name, value in facts.items()]
    rows += [["", ""], *([name, _text(version)] for name, version in packages.items())]
    rows += [["", ""], *([name, _text(value)] for name, value in folders.items())]
    rows += [["", ""], *([name, where or "not here"] for name, where in at_hand.items())]
    print("\n".join(columns(rows)))
    if folders["free_bytes"] < _LEAST_FREE_BYTES:
        print("\nThe disk of the cache is nearly full.")


def _text(value: object) -> str:
    if value is None:
        return "not set"
    return f"{value / 2**30:.1f} GiB" if isinstance(value, int) and value > 2**20 else str(value)
