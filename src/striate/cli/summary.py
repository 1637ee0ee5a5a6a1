"""striate summary: the layers of a model."""

from __future__ import annotations

from typing import Annotated

import typer

from striate.cli.named_model import named_model

__all__ = ["EXAMPLES", "summary"]

EXAMPLES = (
    "striate summary runs/classify/demo-1",
    "striate summary resnet50 --size 160 --classes 37 --dialect keras",
)


def summary(
    model: Annotated[
        str, typer.Argument(metavar="MODEL|RUN|NET", help="Model or run folder, or a net's name.")
    ],
    size: Annotated[int | None, typer.Option(help="Side of the pictures, for a net.")] = None,
    classes: Annotated[int | None, typer.Option(help="Classes, for a net.")] = None,
    channels: Annotated[int | None, typer.Option(help="1 grey, 3 colour, for a net.")] = None,
    dialect: Annotated[
        str | None, typer.Option(help="paper, keras, torchvision or timm, for an architecture.")
    ] = None,
) -> None:
    """Print the layers of a model.

    NET is an architecture that striate models ls prints; convnet, the net that striate train
    trains; or one of the books': mnist_net, mnist_first_edition_net, mnist_dense_net,
    fashion_mnist_net. An architecture's weights are not made, so even the largest needs no memory.
    """
    found = named_model(
        "summary",
        model,
        size=size,
        classes=classes,
        channels=channels,
        dialect=dialect,
        is_sketch=True,
    )
    found.summary()
