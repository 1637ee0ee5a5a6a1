"""striate summary: the layers of a model."""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer

import striate
from striate import _check

__all__ = ["EXAMPLES", "summary"]

EXAMPLES = (
    "striate summary runs/classify/demo-1",
    "striate summary convnet --size 28 --channels 1",
)


def summary(
    model: Annotated[
        str, typer.Argument(metavar="MODEL|RUN", help="Model or run folder, or a net's name.")
    ],
    size: Annotated[int, typer.Option(help="Side of the pictures, for a net's name.")] = 128,
    classes: Annotated[int, typer.Option(help="Classes, for a net's name.")] = 10,
    channels: Annotated[int, typer.Option(help="1 grey, 3 colour, for a net's name.")] = 3,
) -> None:
    """Print the layers of a model.

    A net's name is convnet, the net that striate train trains, or one of the books': mnist_net,
    mnist_first_edition_net, mnist_dense_net, fashion_mnist_net.
    """
    _model(model, size, classes, channels).summary()


def _model(name: str, size: int, classes: int, channels: int) -> Any:
    if os.path.exists(name) or os.sep in name:
        return striate.load_model(name)
    if name == "convnet":
        return striate.tasks.convnet.convnet((size, size, channels), classes)
    if name in striate.recipes.NETS:
        return striate.recipes.NETS.get(name)()
    known = ", ".join(["convnet", *striate.recipes.NETS])
    rule = f"be a run folder, a model folder or one of {known}"
    _check.fail("summary", "model", rule, name, "Is the path of the folder right?")
