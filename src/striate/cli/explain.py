"""striate explain: what a net looks at."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Annotated, Any

import typer

import striate
from striate import _check
from striate.cli.field_table import field_facts, field_lines
from striate.cli.named_model import named_model
from striate.cli.streams import print_json
from striate.io.new_file import new_file
from striate.io.writable import require_writable

__all__ = ["COMMANDS", "HELP", "receptive_field"]

HELP = "What a net looks at."


def receptive_field(
    model: Annotated[
        str, typer.Argument(metavar="MODEL|RUN|NET", help="Model or run folder, or a net's name.")
    ],
    layer: Annotated[str | None, typer.Option(help="Only this layer.")] = None,
    effective: Annotated[
        bool, typer.Option("--effective", help="Also by gradients, with the weights there are.")
    ] = False,
    picture: Annotated[
        str | None, typer.Option(metavar="FILE", help="A new PNG that shows both.")
    ] = None,
    size: Annotated[int | None, typer.Option(help="Side of the pictures, for a net.")] = None,
    dialect: Annotated[
        str | None, typer.Option(help="paper, keras, torchvision or timm, for an architecture.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Print which window of the picture a position of each layer's map sees, in pixels.

    Start is where the window of the first position begins; it is negative where the net pads. A
    window of "all" is that of a layer that mixes its whole map. --effective looks with gradients
    at one layer, the last with more than one position, or the named one: on the side of the
    square that holds 95 % of their energy. A net's name means new weights.
    """
    if picture is not None and os.path.lexists(picture):
        fix = "Choose another name: nothing is overwritten."
        _check.fail("explain", "picture", "be a new file", picture, fix)
    if picture is not None:
        require_writable(os.path.dirname(os.path.abspath(picture)))
    by_gradient = effective or picture is not None
    net = named_model("explain", model, size=size, dialect=dialect, is_sketch=not by_gradient)
    fields = striate.models.receptive_fields(net, size)
    if layer is not None and layer not in fields:
        near = ", ".join(_check.nearest(layer, fields))
        _check.fail("explain", "layer", "name a layer with a map", layer, f"Nearest: {near}.")
    rows = [field_facts(name, pair) for name, pair in fields.items() if layer in (None, name)]
    answer: dict[str, Any] = {"layers": rows}
    if by_gradient:
        found = striate.explain.effective_field(net, layer, size=size)
        answer["effective"] = {"layer": found.layer, "side_px": found.side_px()}
        if picture is not None:
            _draw(picture, found, f"{found.layer} of {model}")
            answer["picture"] = picture
    if json:
        print_json(answer)
        return
    print("\n".join(field_lines(rows)))
    if by_gradient:
        side = answer["effective"]["side_px"]
        print(f"\n{found.layer}: 95 % of the gradient in {side} × {side} pixels")
    if picture is not None:
        print(f"picture  {picture}")


def _draw(path: str, found: Any, title: str) -> None:
    figures = striate.tasks.figures
    content = figures.png(figures.receptive_field_figure(found, title=title))
    with new_file(path) as place:
        place.write_bytes(content)


COMMANDS: dict[str, tuple[Callable[..., None], tuple[str, ...]]] = {
    "receptive-field": (
        receptive_field,
        (
            "striate explain receptive-field vgg16",
            "striate explain receptive-field resnet18 --layer conv3_block1_out --picture field.png",
        ),
    ),
}
