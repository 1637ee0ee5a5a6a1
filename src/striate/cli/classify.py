"""striate classify: what is on pictures, by a net that others have trained."""

from __future__ import annotations

from typing import Annotated

import typer

import striate
from striate import _check
from striate.cli.answering import answer
from striate.cli.fetching import Fetching
from striate.cli.prediction_writer import open_writer

__all__ = ["EXAMPLES", "classify"]

EXAMPLES = (
    "striate classify photo.jpg more/ --top 3",
    "striate classify photos/ --model resnet50 --weights torchvision/imagenet_v2 --csv",
)


def classify(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILES", help="Pictures, folders, patterns; - reads stdin."),
    ],
    model: Annotated[
        str, typer.Option(metavar="NET", help="Net's name; striate weights ls lists them.")
    ] = "efficientnet_lite0",
    weights: Annotated[
        str, typer.Option(metavar="NAME|PATH", help="Published weights, or a file of yours.")
    ] = "imagenet",
    top: Annotated[int, typer.Option(help="How many classes for each picture.")] = 5,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print comma-separated values.")] = False,
    null: Annotated[
        bool, typer.Option("-0", "--null", help="Names on stdin end with NUL.")
    ] = False,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="End with 0 even if files cannot be read.")
    ] = False,
) -> None:
    """Name what is on pictures, in the 1,000 classes of ImageNet.

    Nothing is trained: the weights are published ones, which are fetched once
    and kept. Those of efficientnet_lite0 come with the extra lite0 and need
    no network.

    A picture that cannot be read does not stop the others; the exit code
    is 0 only if every picture could be read, else 3.
    """
    if json and as_csv:
        _check.fail("classify", "--csv", "not stand beside --json", as_csv, "Choose one.")
    if null and "-" not in files:
        _check.fail("classify", "-0", "stand beside -, which reads names", null, "Add -.")
    name = f"{model}:{weights}"
    classifier = striate.tasks.classify.published_classifier(
        model, weights, progress=Fetching(f"the weights {name}")
    )
    writer = open_writer(classifier, name, json=json, as_csv=as_csv, tta=False)
    answer(classifier, files, writer, null=null, keep_going=keep_going, top=top)
