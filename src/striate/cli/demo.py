"""striate demo: a whole training in less than a minute, offline."""

from __future__ import annotations

from typing import Annotated

import typer

import striate
from striate.cli.run_report import report
from striate.cli.streams import progress_console, say

__all__ = ["EXAMPLES", "demo"]

EXAMPLES = (
    "striate demo",
    "striate demo --runs my-runs",
)

_EPOCHS = 12


def demo(
    runs: Annotated[str, typer.Option(help="Folder of runs.")] = "runs",
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Train on handwritten digits, offline.

    The 1,797 digits come with scikit-learn; the training takes less than a minute.
    """
    striate.train.keep_memory()
    run = striate.tasks.classify.train(
        "digits",
        epochs=_EPOCHS,
        batch_size=64,
        precision="float32",
        name="demo",
        runs=runs,
        callbacks=[striate.callbacks.ProgressBar(console=progress_console())],
        say=say,
    )
    report(run, json=json)
    if not json:
        say("  striate train YOUR_FOLDER     (one folder of pictures for each class)")
