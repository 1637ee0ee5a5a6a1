"""striate models: the networks of the books, and how two of them differ."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Annotated, Any

import typer

import striate
from striate.cli.model_difference_table import model_difference_lines
from striate.cli.named_model import named_sketch
from striate.cli.streams import columns, print_json, say

__all__ = ["COMMANDS", "HELP", "diff", "ls"]

HELP = "The architectures that there are."
_Net = Annotated[
    str, typer.Argument(metavar="NET[:DIALECT]", help="Net's name, or model or run folder.")
]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def ls(
    word: Annotated[
        str, typer.Argument(metavar="[WORD]", help="Only nets whose name or paper holds it.")
    ] = "",
    json: _Json = False,
) -> None:
    """Print the architectures, the oldest paper first.

    Parameters are those that are trained; multiply-adds are of one picture of the paper's size.
    Both are as in the paper: dialects differ.
    """
    rows = striate.architectures.list_architectures(word)
    if json:
        print_json([row.to_json() for row in rows])
        return
    if not rows:
        say(f'No net\'s name or paper holds "{word}". striate models ls prints all.')
        return
    head = ["net", "year", "input", "classes", "parameters", "multiply-adds", "dialects", "paper"]
    print("\n".join(columns([head, *map(_cells, rows)], right=(3, 4, 5))))


def diff(first: _Net, second: _Net, json: _Json = False) -> None:
    """Compare two models layer by layer: what differs, and why it matters.

    A net is as in its paper, or in the dialect that stands after a colon: resnet50:keras.
    Names of layers and the numbers in weights do not count.
    """
    nets = [named_sketch("models diff", text) for text in (first, second)]
    found = striate.models.diff_models(*nets)
    found = dataclasses.replace(found, first=first, second=second)
    if json:
        print_json(found.to_json())
    else:
        print("\n".join(model_difference_lines(found)))


def _cells(row: Any) -> list[str]:
    return [
        row.name,
        str(row.year or "-"),
        " × ".join(map(str, row.input_shape)),
        f"{row.classes:,}",
        f"{row.parameters:,}",
        f"{row.multiply_adds:,}",
        " ".join(row.dialects),
        row.paper or "-",
    ]


COMMANDS: dict[str, tuple[Callable[..., None], tuple[str, ...]]] = {
    "ls": (ls, ("striate models ls", "striate models ls mobilenet --json")),
    "diff": (
        diff,
        (
            "striate models diff lenet5 lenet5_modern",
            "striate models diff resnet50 resnet50:keras --json",
        ),
    ),
}
