"""striate summary: the layers of a model."""

from __future__ import annotations

from typing import Annotated

import typer

from striate.cli.named_model import named_model

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
    named_model("summary", model, size=size, classes=classes, channels=channels).summary()
