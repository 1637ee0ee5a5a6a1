"""striate train: from labelled pictures, or a known data set, to a trained model."""

from __future__ import annotations

from typing import Annotated, Any

import typer

import striate
from striate.cli.run_report import report
from striate.cli.streams import progress_console, say
from striate.cli.train_flags import read_options, read_said, with_flags

__all__ = ["EXAMPLES", "train"]

EXAMPLES = (
    "striate train photos/",
    "striate train photos/ --model efficientnet_lite0 --pretrained",
    "striate train labels.csv --lr auto --epochs 30 --set dropout=0.2",
    "striate train --resume runs/classify/photos-1",
)


@with_flags
def train(
    options: dict[str, Any],
    data: Annotated[
        str | None,
        typer.Argument(metavar="DATA", help="Folder, table, archive, or name of a data set."),
    ] = None,
    sets: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Any setting of config.toml."),
    ] = None,
    config: Annotated[
        str | None, typer.Option(help="Settings: TOML, JSON or YAML, or a run's config.toml.")
    ] = None,
    resume: Annotated[
        str | None,
        typer.Option(metavar="auto|RUN", help="Go on with a run that was stopped."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Train on labelled pictures and score.

    A convnet is trained on some of the pictures and scored on others; --model takes a paper's net
    instead. With --pretrained it begins with public weights: the last layer is trained first, on
    features that are computed once, then the stages that are not frozen, at a lower rate. DATA
    holds one folder a class, perhaps below train/, val/ and test/; or is a CSV or JSON Lines table
    of files and labels; an archive of these; or a name: mnist, fashion_mnist, cifar10, digits.
    Everything is written to a new folder runs/classify/NAME-N; its config.toml, given as --config,
    repeats the run. What is said here wins over the file in STRIATE_CONFIG, that over --config,
    and that over ./striate.toml.

    A run that was killed or stopped goes on bit for bit with --resume and its folder, or with the
    same words and --resume auto.
    """
    striate.train.keep_memory()
    if resume in (None, "auto"):
        chosen, said = read_options(data, options, sets, config), None
    else:
        said = read_said(data, options, sets, config)
        chosen = striate.tasks.options.TrainOptions(**said)
    run = striate.tasks.classify.train_with(
        chosen,
        resume=resume,
        said=said,
        callbacks=[striate.callbacks.ProgressBar(console=progress_console())],
        say=say,
    )
    report(run, json=json)
