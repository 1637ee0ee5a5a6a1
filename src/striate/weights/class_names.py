"""The names of the classes that published weights know, as text files beside them."""

from __future__ import annotations

import functools
from importlib import resources
from typing import NamedTuple

from .. import _check

__all__ = ["CLASS_TABLES", "ClassName", "class_table"]

CLASS_TABLES = {"imagenet": 1000}
"""Name of a table -> how many classes it has."""


class ClassName(NamedTuple):
    """One class.

    Args:
        wnid: its number in WordNet, "n02123045".
        word: its first word in WordNet, which Keras gives and the books print: "tabby". Two pairs
            of classes share theirs.
        name: in words that tell all classes apart, "tabby cat".
    """

    wnid: str
    word: str
    name: str


@functools.cache
def class_table(name: str) -> tuple[ClassName, ...]:
    """The classes of a table, in the order of a net's outputs.

    Args:
        name: of the table: "imagenet", the 1,000 classes of ILSVRC 2012.

    Raises:
        ArgumentError: no table has the name.

    Example:
        >>> class_table("imagenet")[281]
        ClassName(wnid='n02123045', word='tabby', name='tabby cat')
    """
    _check.choice("class_table", "name", name, CLASS_TABLES)
    text = (resources.files(__package__) / "published" / f"{name}.txt").read_text(encoding="utf-8")
    return tuple(ClassName(*line.split(" ", 2)) for line in text.splitlines())
