"""striate export-weights: a model's weights as another library's file."""

from __future__ import annotations

from typing import Annotated

import typer

import striate
from striate._counted import counted
from striate.cli.streams import print_json

__all__ = ["EXAMPLES", "export_weights"]

EXAMPLES = (
    "striate export-weights runs/classify/photos-1 --to timm --out net.safetensors",
    "striate export-weights imported --to keras -o net.weights.h5",
)


def export_weights(
    model: Annotated[str, typer.Argument(metavar="MODEL|RUN", help="Model or run folder.")],
    to: Annotated[str, typer.Option(help="keras, torchvision, timm, or the names' author.")],
    out: Annotated[str, typer.Option("--out", "-o", metavar="FILE", help="File that is made.")],
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="A file that stands there is replaced.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Write a model's weights so that another library reads them.

    For torchvision and timm FILE is safetensors, under the names of their net, which then computes
    the same; the model is one of striate models ls, in their dialect. For Keras FILE is
    .weights.h5, and any model of layers that Keras has will do.
    """
    net = striate.load_model(model)
    path = net.export_weights(out, to=to, overwrite=overwrite)
    if json:
        print_json({"file": str(path), "to": to, "numbers": net.count_params()})
        return
    print(f"{counted(net.count_params(), 'number')}, names of {to}")
    print(f"file      {path}")
