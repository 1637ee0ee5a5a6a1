"""The tables of published weights: all of them, and the ones that are asked for by name."""

from __future__ import annotations

import csv
import functools
from importlib import resources
from typing import Any

from .. import _check
from ..io.digest import Digest
from ..records import Preprocess
from .records import SOURCES, Hub, Place, PublishedWeights, Web, Wheel

__all__ = ["find_published", "published_weights"]

_VALUES: dict[str, dict[str, Any]] = {
    "standard": {
        "scale": 1 / 255,
        "mean": (0.485, 0.456, 0.406),
        "std": (0.229, 0.224, 0.225),
    },
    "signed": {"scale": 1 / 127.5, "mean": (1.0,)},
    "centred": {"order": "bgr", "mean": (103.939, 116.779, 123.68)},
    "lite": {"mean": (127.0,), "std": (128.0,)},
    "inside": {},
}
"""Word of a table -> what is done to pixel values; "inside" is what the net itself begins with."""


@functools.cache
def published_weights() -> tuple[PublishedWeights, ...]:
    """All records, those of one source after the other.

    Example:
        >>> [each.full_name for each in published_weights() if each.architecture == "resnet18"]
        ['torchvision/imagenet', 'timm/imagenet_a1']
    """
    tables = resources.files(__package__) / "published"
    return tuple(
        _record(source, row)
        for source in SOURCES
        for row in csv.DictReader((tables / f"{source}.csv").read_text("utf-8").splitlines())
    )


def find_published(
    architecture: str, name: str = "imagenet", *, include_top: bool = True, place: str = "weights"
) -> PublishedWeights:
    """The record of a net's weights, of the first source that has the name.

    Args:
        architecture: whose they are.
        name: "imagenet", or with its source "torchvision/imagenet".
        include_top: whether the classifier is wanted. Where there is no file without it, the one
            with it is given.
        place: for the message.

    Raises:
        ArgumentError: nobody is known to publish such weights.

    Example:
        >>> find_published("resnet50").full_name
        'keras/imagenet'
        >>> find_published("resnet50", "imagenet_v2").top1
        0.80858
    """
    known = [each for each in published_weights() if each.architecture == architecture]
    if not known:
        nets = dict.fromkeys(each.architecture for each in published_weights())
        near = ", ".join(_check.nearest(architecture, nets))
        fix = f"Nearest with published weights: {near}. Or name a file of your own."
        _check.fail(place, "weights", f"be known for {architecture}", name, fix)
    found = [each for each in known if name in (each.name, each.full_name)]
    if not found:
        names = ", ".join(dict.fromkeys(each.full_name for each in known))
        rule = f"name published weights of {architecture}, or an existing file"
        _check.fail(place, "weights", rule, name, f"There are {names}.")
    source = [each for each in found if each.source == found[0].source]
    return next((each for each in source if each.include_top == include_top), source[0])


def _record(source: str, row: dict[str, str]) -> PublishedWeights:
    """A record from a line of a table."""
    side = int(row["side_px"])
    return PublishedWeights(
        architecture=row["architecture"],
        name=row["name"],
        source=source,
        dialect=row["dialect"],
        place=_place(row["url"], row["digest"]),
        licence=row["licence"],
        preprocess=Preprocess(
            size=(side, side),
            fit="crop",
            interpolation=row["interpolation"],
            channels=3,
            short_side_px=int(row["short_side_px"]),
            **_VALUES[row["values"]],
        ),
        top1=float(row["top1"]) if row["top1"] else None,
        top5=float(row["top5"]) if row["top5"] else None,
        recipe=row["recipe"],
        include_top=row["top"] == "yes",
    )


def _place(url: str, digest: str) -> Place:
    """An address, hub:<repository>, or wheel:<extra>/<module>/<file>."""
    known = Digest(*digest.split()) if digest else None
    scheme, _, rest = url.partition(":")
    if scheme == "hub":
        return Hub(rest)
    if scheme == "wheel" and known is not None:
        extra, module, file = rest.split("/", 2)
        return Wheel(module, file, known, extra)
    return Web(url, known)
