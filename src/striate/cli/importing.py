"""striate import: another program's weights, or a whole model of Keras, into a model folder."""

from __future__ import annotations

import os
import warnings
from typing import Annotated, Any

import typer

import striate
from striate import _check
from striate.cli.import_report import report_lines
from striate.cli.named_model import named_model
from striate.cli.picture_facts import PictureFacts, kept_facts
from striate.cli.streams import print_json, say

__all__ = ["EXAMPLES", "import_weights"]

EXAMPLES = (
    "striate import model.keras --out imported --labels cat,dog --scale 1/255",
    "striate import weights.safetensors --as resnet50 --out imported",
)
_WHOLE = (".keras", ".h5", ".hdf5")


def import_weights(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Of Keras, torch or safetensors.")],
    out: Annotated[
        str, typer.Option("--out", "-o", metavar="FOLDER", help="Model folder that is made.")
    ],
    model: Annotated[
        str | None,
        typer.Option("--as", metavar="MODEL|RUN", help="Whose weights: folder or net's name."),
    ] = None,
    dialect: Annotated[str | None, typer.Option(help="Whose form of the net: keras, …")] = None,
    size: Annotated[int | None, typer.Option(help="Side of the pictures.")] = None,
    classes: Annotated[int | None, typer.Option(help="Classes, for a net.")] = None,
    channels: Annotated[int | None, typer.Option(help="1 grey, 3 colour, for a net.")] = None,
    skip_mismatch: Annotated[
        bool, typer.Option("--skip-mismatch", help="Take what fits, leave the rest.")
    ] = False,
    labels: Annotated[str | None, typer.Option(help="Class names a,b,c, or their file.")] = None,
    scale: Annotated[str | None, typer.Option(help="Factor on pixels, such as 1/255.")] = None,
    mean: Annotated[str | None, typer.Option(help="Taken off next; one, or 0.5,0.4,…")] = None,
    std: Annotated[str | None, typer.Option(help="Divides last; one, or 0.2,0.3,…")] = None,
    preprocess: Annotated[
        str | None, typer.Option(help="File of JSON with these and more.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Bring another program's weights into a model folder.

    Without --as, FILE is a whole model of Keras (.keras, .h5), which is built anew of layers that
    striate has. With it, FILE holds the weights of that net: safetensors, a state dict that
    torch.save wrote, Keras' .weights.h5; the names may be those of Keras, torchvision or timm. All
    of these are read by a process that can do nothing else, and refused where they ask for more
    than numbers. Class names and preprocessing make the folder one that striate predict takes;
    those of a model folder are kept, but no temperature, as it was fitted to other weights.
    """
    told = {"labels": labels, "preprocess": preprocess, "scale": scale, "mean": mean, "std": std}
    facts = PictureFacts("import", size=size, **told)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        if model is None:
            _refuse_sizes(dialect=dialect, classes=classes, channels=channels)
            net, report = _whole(file)
            details = facts.of_model(net, {})
        else:
            form = _dialect(model, dialect, file)
            sizes: dict[str, Any] = {"size": size, "classes": classes, "channels": channels}
            net = named_model("import", model, dialect=form, **sizes)
            details = facts.of_model(net, kept_facts(model))
            report = net.load_weights(file, skip_mismatch=skip_mismatch)
    net.save(out, overwrite=False, **details)
    for warning in warned:
        say(str(warning.message))
    if json:
        print_json({"folder": out, **vars(report)})
        return
    print("\n".join([*report_lines(report, net.count_params()), f"model     {out}"]))


def _refuse_sizes(**told: Any) -> None:
    """A whole model has its own: what is said of a net's would be passed over."""
    for name, value in told.items():
        if value is not None:
            _check.fail("import", name, "stand beside --as, which names a net", value)


def _whole(file: str) -> tuple[Any, Any]:
    """A model of Keras, built anew, and what became of its parts."""
    if not file.lower().endswith(_WHOLE):
        rule = "name the net whose weights these are, where FILE is no .keras or .h5"
        _check.fail("import", "--as", rule, None, "striate models ls names nets.")
    found = striate.models.import_keras(file)
    return found.model, found.report


def _dialect(model: str, dialect: str | None, file: str) -> str | None:
    """As told; else the one in which the file's names are written."""
    names = striate.architectures.ARCHITECTURES
    if dialect is not None or model not in names or os.path.exists(model):
        return dialect
    found: str = striate.applications.own_file.written_in(names.get(model), file)
    return found
