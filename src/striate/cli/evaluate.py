"""striate evaluate: the scores of a trained run."""

from __future__ import annotations

from typing import Annotated

import typer

import striate
from striate.cli.score_table import score_lines
from striate.cli.streams import print_json

__all__ = ["EXAMPLES", "evaluate"]

EXAMPLES = (
    "striate evaluate runs/classify/demo-1",
    "striate evaluate runs/classify/photos-1 newer_photos/ --json",
)


def evaluate(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Run folder that striate train made.")],
    data: Annotated[
        str | None,
        typer.Argument(
            metavar="[DATA]", help="Class folders or a data set. Default: what RUN held out."
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Score a trained run.

    It is scored on the pictures that it held out, or on other data.
    """
    scores = striate.tasks.classify.evaluate(run, data)
    if json:
        print_json(scores.to_json())
    else:
        print("\n".join(score_lines(scores)))
