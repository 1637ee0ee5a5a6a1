"""The layers of a model as Keras describes it, in its order: their names, classes and places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from striate.io.damage import Damaged

__all__ = ["DescribedLayer", "described_layers", "snake_case"]

_MOST_DEEP = 20
_WORD_BEGINS = re.compile(r"(?<=.)(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True)
class DescribedLayer:
    """A layer that a model's description names.

    Args:
        name: of a layer in a nested model "outer/inner".
        path: where Keras keeps its variables in a file of weights.
        kind: its class as Keras writes it in names.
        is_model: it holds layers of its own.
    """

    name: str
    path: tuple[str, ...]
    kind: str
    is_model: bool


def described_layers(config: Any) -> tuple[DescribedLayer, ...]:
    """The layers of a description, each before those inside it.

    Args:
        config: plain data of unknown origin; what is not understood in it is passed over.

    Raises:
        Damaged: models in models, more than 20.

    Example:
        >>> dense = {"class_name": "Dense", "config": {"name": "head"}}
        >>> [layer] = described_layers({"class_name": "Sequential", "config": {"layers": [dense]}})
        >>> layer.name, layer.path
        ('head', ('layers', 'dense'))
    """
    return tuple(_inside(config, (), ()))


def snake_case(name: str) -> str:
    """A class' name as Keras writes it in names.

    Example:
        >>> snake_case("BatchNormalization"), snake_case("Conv2D")
        ('batch_normalization', 'conv2d')
    """
    return _WORD_BEGINS.sub("_", re.sub(r"\W", "", name)).lower()


def _inside(config: Any, names: tuple[str, ...], path: tuple[str, ...]) -> Iterator[DescribedLayer]:
    if len(names) > _MOST_DEEP:
        raise Damaged(f"models in models, more than {_MOST_DEEP}")
    used: dict[str, int] = {}
    for entry in _entries(config) or ():
        if not isinstance(entry, dict) or not isinstance(entry.get("class_name"), str):
            continue
        kind = snake_case(entry["class_name"])
        count = used[kind] = used.get(kind, -1) + 1
        inner = entry.get("config")
        name = inner.get("name") if isinstance(inner, dict) else None
        name = name if isinstance(name, str) else entry.get("name")
        if isinstance(name, str):
            here, place = (*names, name), (*path, "layers", f"{kind}_{count}" if count else kind)
            yield DescribedLayer("/".join(here), place, kind, _entries(entry) is not None)
            yield from _inside(entry, here, place)


def _entries(config: Any) -> list[Any] | None:
    """The list of layers in a description, which old Keras has in place of the settings."""
    settings = config.get("config") if isinstance(config, dict) else None
    entries = settings.get("layers") if isinstance(settings, dict) else settings
    return entries if isinstance(entries, list) else None
