"""striate import: another program's weights into a model folder."""

from __future__ import annotations

import os
import warnings
from typing import Annotated, Any

import typer

import striate
from striate._counted import counted
from striate.cli.named_model import named_model
from striate.cli.streams import print_json, printable, say

__all__ = ["EXAMPLES", "import_weights"]

EXAMPLES = (
    "striate import weights.pt --as runs/classify/demo-1 --out imported",
    "striate import weights.safetensors --as mnist_net --out imported",
)


def import_weights(
    file: Annotated[str, typer.Argument(metavar="FILE", help="State dict, or safetensors.")],
    model: Annotated[
        str, typer.Option("--as", metavar="MODEL|RUN", help="Whose weights: folder or net's name.")
    ],
    out: Annotated[
        str, typer.Option("--out", "-o", metavar="FOLDER", help="Model folder that is made.")
    ],
    size: Annotated[int | None, typer.Option(help="Side of the pictures, for a net.")] = None,
    classes: Annotated[int | None, typer.Option(help="Classes, for a net.")] = None,
    channels: Annotated[int | None, typer.Option(help="1 grey, 3 colour, for a net.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Bring another program's weights into a model.

    FILE is a safetensors file, or a state dict that torch.save wrote. The latter is a pickle: it is
    converted by a process that can do nothing else, and refused where it asks for more than
    tensors. All weights of the model must be in it, and no others; names as in striate or without
    its part _layers. Labels and preprocessing of a model folder are kept; a temperature is not, as
    it was fitted to other weights.
    """
    net = named_model("import", model, size=size, classes=classes, channels=channels)
    kept = _kept(model)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        report = net.load_weights(file)
    net.save(out, overwrite=False, **kept)
    for warning in warned:
        say(str(warning.message))
    if json:
        print_json({"folder": out, **vars(report)})
        return
    print(f"{counted(len(report.matched), 'tensor')}, {counted(net.count_params(), 'number')}")
    if report.left_out:
        print(f"left out  {printable(', '.join(report.left_out))}")
    print(f"model     {out}")


def _kept(model: str) -> dict[str, Any]:
    """What a model folder holds besides the net."""
    if not (os.path.exists(model) or os.sep in model):
        return {}
    found = striate.models.loading.read_model_folder(model)
    details = {name: value for name, value in found.details.items() if name != "temperature"}
    return {"labels": found.labels, "preprocess": found.preprocess, "details": details or None}
