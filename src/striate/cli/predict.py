"""striate predict: what is on picture files."""

from __future__ import annotations

from typing import Annotated, Any

import typer

import striate
from striate import _check
from striate.cli.answering import answer
from striate.cli.prediction_writer import open_writer
from striate.cli.streams import say

__all__ = ["EXAMPLES", "predict"]

EXAMPLES = (
    "striate predict runs/classify/photos-1 new.jpg more/ --top 1",
    "find . -name '*.jpg' -print0 | striate predict runs/classify/photos-1 -0 - --csv",
)


def predict(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Run folder, or model folder.")],
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILES", help="Pictures, folders, patterns; - reads stdin."),
    ],
    top: Annotated[int, typer.Option(help="How many classes for each picture.")] = 3,
    threshold: Annotated[
        float, typer.Option(help="Where several classes may be there: from which probability.")
    ] = 0.5,
    tta: Annotated[bool, typer.Option("--tta", help="Mean of several views a picture.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print comma-separated values.")] = False,
    null: Annotated[
        bool, typer.Option("-0", "--null", help="Names on stdin end with NUL.")
    ] = False,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="End with 0 even if files cannot be read.")
    ] = False,
) -> None:
    """Name what is on pictures.

    A picture that cannot be read does not stop the others; the exit code
    is 0 only if every picture could be read, else 3. Standard input (-)
    holds names, one a line, or the bytes of one picture.
    """
    if json and as_csv:
        _check.fail("predict", "--csv", "not stand beside --json", as_csv, "Choose one.")
    if null and "-" not in files:
        _check.fail("predict", "-0", "stand beside -, which reads names", null, "Add -.")
    classifier = striate.tasks.classify.open_classifier(run)
    if classifier.temperature is not None:
        say(f"Probabilities are calibrated: the model's temperature is {classifier.temperature:g}.")
    writer = open_writer(classifier, run, json=json, as_csv=as_csv, tta=tta)
    options: dict[str, Any] = {"top": top, "threshold": threshold, "tta": tta}
    answer(classifier, files, writer, null=null, keep_going=keep_going, **options)
