"""striate lr-find: which learning rate fits some data."""

from __future__ import annotations

import functools
from typing import Annotated, Any

import typer

import striate
from striate.cli.streams import print_json, say
from striate.cli.train_flags import read_options, with_flags

__all__ = ["EXAMPLES", "FLAGS", "lr_find"]

EXAMPLES = (
    "striate lr-find photos/",
    "striate lr-find fashion_mnist --optimizer adamw --batch-size 128",
)
FLAGS = (
    "name",
    "runs",
    "format",
    "size_px",
    "validation",
    "group_by",
    "on_bad_image",
    "model",
    "batch_size",
    "accumulate",
    "optimizer",
    "weight_decay",
    "label_smoothing",
    "balance",
    "precision",
    "seed",
)
"""The options of a training that a search depends on, or that say where it is written."""


@functools.partial(with_flags, only=FLAGS)
def lr_find(
    options: dict[str, Any],
    data: Annotated[
        str | None, typer.Argument(metavar="DATA", help="As for striate train.")
    ] = None,
    sets: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Any setting of config.toml."),
    ] = None,
    config: Annotated[str | None, typer.Option(help="Settings, as for striate train.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Search a learning rate.

    A copy of the net that striate train would train sees a hundred batches, each with a higher
    learning rate. Suggested is a tenth of the rate at which the loss was least: a peak for the
    schedule. The curve is written to runs/lr-find/NAME-N; striate train --lr auto does the same
    and takes the suggestion.
    """
    striate.train.keep_memory()
    found = striate.tasks.classify.find_rate(
        read_options(data, options, sets, config, place="lr-find"), say=say
    )
    suggestion = found.sweep.suggestion
    figure = str(found.folder / "lr_find.png")
    if json:
        print_json({"suggestion": suggestion, "figure": figure})
        return
    if suggestion is None:
        say("The loss never fell: no rate is suggested. Are the labels right?")
    else:
        print(f"learning rate  {suggestion:.3g}")
    print(f"picture        {figure}")
