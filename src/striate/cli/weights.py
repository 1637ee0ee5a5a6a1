"""striate weights: which are published, what is known of them; to fetch and remove them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any

import typer

import striate
from striate.cli.fetching import Fetching
from striate.cli.streams import columns, print_json, say

__all__ = ["COMMANDS", "HELP", "fetch", "ls", "rm", "show"]

HELP = "Published weights: which there are, to fetch them beforehand, and to remove them."
_Net = Annotated[str, typer.Argument(metavar="NET", help="Net's name.")]
_Name = Annotated[
    str, typer.Argument(metavar="[NAME]", help="Name of the weights, or source/name.")
]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def ls(
    word: Annotated[
        str, typer.Argument(metavar="[WORD]", help="Only nets and sources whose name holds it.")
    ] = "",
    json: _Json = False,
) -> None:
    """Print the published weights, and which of them are here.

    Top 1 and top 5 are percent of ImageNet's validation pictures, as published.
    """
    found = [
        each
        for each in striate.weights.published_weights()
        if each.include_top and word.lower() in f"{each.architecture} {each.full_name}".lower()
    ]
    if json:
        print_json([_facts(each) for each in found])
        return
    if not found:
        say(f'No net with published weights is called "{word}". striate weights ls prints all.')
        return
    head = ["net", "weights", "side", "top 1", "top 5", "licence", "here"]
    rows = [_cells(each) for each in found]
    print("\n".join(columns([head, *rows], right=(2, 3, 4))))


def show(net: _Net, name: _Name = "imagenet", json: _Json = False) -> None:
    """Print what is known of published weights: source, hash, licence, preprocessing, recipe."""
    facts = _facts(_found("show", net, name))
    if json:
        print_json(facts)
        return
    width = max(map(len, facts))
    for word, value in facts.items():
        print(f"{word:<{width}}  {'-' if value in (None, '') else value}")


def fetch(net: _Net, name: _Name = "imagenet") -> None:
    """Fetch published weights into the cache, so that they are there without a network."""
    record = _found("fetch", net, name)
    striate.applications.pretrained(
        net, record, progress=Fetching(f"the weights {net}:{record.full_name}")
    )
    print(striate.applications.converted.converted_folder(record))


def rm(net: _Net, name: _Name = "imagenet") -> None:
    """Remove from the cache what was fetched of published weights. They can be fetched again."""
    record = _found("rm", net, name)
    removed = striate.applications.converted.remove_published(record)
    say(f"Removed {removed / 2**20:,.1f} MiB.")


def _found(command: str, net: str, name: str) -> Any:
    place = f"weights {command}"
    striate.architectures.ARCHITECTURES.get(net, place=place, argument="net")
    return striate.weights.find_published(net, name, place=place)


def _facts(record: Any) -> dict[str, Any]:
    return {
        "net": record.architecture,
        "weights": record.full_name,
        "dialect": record.dialect,
        "place": str(record.place),
        "hash": None if record.digest is None else str(record.digest),
        "licence": record.licence,
        "top1": record.top1,
        "top5": record.top5,
        "recipe": record.recipe,
        "classes": record.labels,
        "preprocess": asdict(record.preprocess),
        "here": _is_here(record),
    }


def _is_here(record: Any) -> bool:
    return striate.applications.converted.converted_folder(record).is_dir()


def _cells(record: Any) -> list[str]:
    scores = ["-" if each is None else f"{each:.1%}" for each in (record.top1, record.top5)]
    side = str(record.preprocess.size[0])
    here = "yes" if _is_here(record) else "-"
    return [record.architecture, record.full_name, side, *scores, record.licence, here]


COMMANDS: dict[str, tuple[Callable[..., None], tuple[str, ...]]] = {
    "ls": (ls, ("striate weights ls", "striate weights ls resnet50 --json")),
    "show": (
        show,
        (
            "striate weights show efficientnet_lite0",
            "striate weights show resnet50 torchvision/imagenet_v2 --json",
        ),
    ),
    "fetch": (
        fetch,
        (
            "striate weights fetch efficientnet_lite0",
            "striate weights fetch resnet50 torchvision/imagenet_v2",
        ),
    ),
    "rm": (rm, ("striate weights rm resnet50", "striate weights rm resnet50 imagenet_v2")),
}
"""name -> (what it does, two examples for its help)."""
