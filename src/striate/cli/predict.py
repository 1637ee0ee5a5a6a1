"""striate predict: what is on picture files."""

from __future__ import annotations

import csv
import dataclasses
import sys
from typing import Annotated, Any

import typer

import striate
from striate import _check
from striate.cli.exit_codes import DATA
from striate.cli.streams import columns, print_json, say

__all__ = ["EXAMPLES", "predict"]

EXAMPLES = (
    "striate predict runs/classify/photos-1 new.jpg",
    "striate predict runs/classify/photos-1 new_photos/ --csv",
)


def predict(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Run folder, or model folder.")],
    files: Annotated[
        list[str], typer.Argument(metavar="FILES", help="Pictures, folders, patterns.")
    ],
    top: Annotated[int, typer.Option(help="How many classes for each picture.")] = 3,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print comma-separated values.")] = False,
) -> None:
    """Name what is on pictures.

    A picture that cannot be read does not stop the others. The exit code
    is 0 only if every picture could be read, else 3.
    """
    if json and as_csv:
        _check.fail("predict", "--csv", "not stand beside --json", as_csv, "Choose one.")
    found = striate.tasks.classify.predict(run, files, top=top)
    good = [prediction for prediction in found if prediction.error is None]
    if json:
        print_json([dataclasses.asdict(prediction) for prediction in found])
    elif as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows([["file", "class", "probability"], *map(_row, good)])
    elif good:
        head = ["file", "class", "probability", f"top {len(good[0].top)}"]
        rows = [[*_row(prediction), _top(prediction)] for prediction in good]
        print("\n".join(columns([head, *rows], right=(2,))))
    failed = [prediction for prediction in found if prediction.error is not None]
    for prediction in failed:
        say(str(prediction.error))
    if failed:
        say(f"{len(failed)} of {len(found)} files could not be read.")
        raise typer.Exit(DATA)


def _row(prediction: Any) -> list[str]:
    return [prediction.file, prediction.label, f"{prediction.probability:.4f}"]


def _top(prediction: Any) -> str:
    return ", ".join(f"{name} {probability:.3f}" for name, probability in prediction.top)
