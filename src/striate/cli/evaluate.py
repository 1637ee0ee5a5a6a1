"""striate evaluate: the scores of a trained run."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

import striate
from striate.cli.score_table import score_lines
from striate.cli.streams import print_json, say

__all__ = ["EXAMPLES", "evaluate"]

EXAMPLES = (
    "striate evaluate runs/classify/demo-1 --worst 25",
    "striate evaluate runs/classify/photos-1 newer_photos/ --json",
)


def evaluate(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Run folder that striate train made.")],
    data: Annotated[
        str | None,
        typer.Argument(metavar="DATA", help="Labelled pictures. Default: what RUN held out."),
    ] = None,
    worst: Annotated[int, typer.Option(help="How many of the worst answers to show.")] = 0,
    out: Annotated[str | None, typer.Option(help="New folder. Default: RUN/evaluations/…")] = None,
    format: Annotated[
        str, typer.Option(help="Of DATA: folder, table, …; auto finds out.")
    ] = "auto",
    tta: Annotated[bool, typer.Option("--tta", help="Mean of several views a picture.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Score a trained run.

    It is scored on the pictures that it held out, or on other data: class
    folders, a table of files and labels, or the name of a data set.
    --worst shows the worst answers, as worst.png and worst.csv.
    """
    found = striate.tasks.classify.evaluate(
        run, data, format=format, worst=worst, out=out, tta=tta, say=say
    )
    if json:
        folder = {} if found.folder is None else {"folder": str(found.folder)}
        shown = {"worst": [asdict(case) for case in found.worst]} if worst else {}
        print_json({**found.scores.to_json(), **folder, **shown})
        return
    print("\n".join(score_lines(found.scores)))
    if found.folder is not None:
        print(f"\nevaluation  {found.folder}")
    if found.worst and found.folder is not None:
        print(f"picture     {found.folder / 'worst.png'}")
