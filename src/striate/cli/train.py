"""striate train: from a folder of pictures, or a known data set, to a trained model."""

from __future__ import annotations

import shlex
from typing import Annotated

import typer

import striate
from striate.cli.score_table import score_lines
from striate.cli.streams import print_json, progress_console, say

__all__ = ["EXAMPLES", "report", "train"]

EXAMPLES = (
    "striate train photos/",
    "striate train fashion_mnist --epochs 5 --seed 1",
)


def train(
    data: Annotated[
        str, typer.Argument(metavar="NAME|FOLDER", help="A data set, or a folder of class folders.")
    ],
    epochs: Annotated[int | None, typer.Option(help="Passes. Default: 10 to 40 by size.")] = None,
    batch: Annotated[int | None, typer.Option(help="Pictures a step. Default: 32 or 128.")] = None,
    size: Annotated[int | None, typer.Option(help="Side in pixels. Default: up to 128.")] = None,
    learning_rate: Annotated[float | None, typer.Option(help="Peak. Default: by batch.")] = None,
    precision: Annotated[str, typer.Option(help="auto, float32 or bfloat16.")] = "auto",
    seed: Annotated[int, typer.Option(help="Of weights, order and held-out pictures.")] = 0,
    validation: Annotated[
        float | None, typer.Option(help="Fraction held out where the data does not say.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Of the run. Default: the data's.")] = None,
    runs: Annotated[str, typer.Option(help="Folder of runs.")] = "runs",
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Train on labelled pictures and score.

    A convnet is trained on some of the pictures and scored on others. A FOLDER holds one folder a
    class, perhaps below train/, val/ and test/; a NAME is mnist, fashion_mnist, cifar10 or digits.
    Everything is written to a new folder runs/classify/NAME-N.
    """
    striate.train.keep_memory()
    run = striate.tasks.classify.train(
        data,
        epochs=epochs,
        batch_size=batch,
        size_px=size,
        learning_rate=learning_rate,
        precision=precision,
        seed=seed,
        validation=validation,
        name=name,
        runs=runs,
        callbacks=[striate.callbacks.ProgressBar(console=progress_console())],
        say=say,
    )
    report(run, json=json)


def report(run: striate.tasks.classify.Run, *, json: bool = False) -> None:
    """Prints the scores of a run, its files, and what to do next."""
    files = sorted(path.name for path in run.folder.iterdir() if path.suffix == ".png")
    if json:
        print_json({"folder": str(run.folder), "figures": files, **run.scores.to_json()})
        return
    print()
    print("\n".join(score_lines(run.scores)))
    print(f"\nrun       {run.folder}")
    for file in files:
        print(f"picture   {run.folder / file}")
    folder = shlex.quote(str(run.folder))
    say(f"\nLook at {run.folder / 'mistakes.png'} first. Then for example:")
    say(f"  striate predict {folder} FILES…")
    say(f"  striate evaluate {folder} OTHER_FOLDER")
    say(f"  striate summary {folder}")
