"""Nested tuples, lists and dicts of leaves: what a model takes and gives.

A structure is a leaf, or a tuple, list or dict of structures; a dict's order is its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

__all__ = ["leaves", "leaves_by_name", "map_leaves", "names", "pack_like"]


def leaves(structure: Any) -> list[Any]:
    """The leaves, in order.

    Example:
        >>> leaves({"a": 1, "b": (2, [3])})
        [1, 2, 3]
    """
    if isinstance(structure, dict):
        return [leaf for part in structure.values() for leaf in leaves(part)]
    if isinstance(structure, tuple | list):
        return [leaf for part in structure for leaf in leaves(part)]
    return [structure]


def leaves_by_name(structure: Any, wanted: Sequence[str]) -> list[Any] | None:
    """The leaves; those of a dict in the order of the wanted names, None where its own differ.

    Example:
        >>> leaves_by_name({"b": 2, "a": 1}, ["a", "b"]), leaves_by_name([3, 4], ["a", "b"])
        ([1, 2], [3, 4])
    """
    found = leaves(structure)
    if not isinstance(structure, dict):
        return found
    table = dict(zip(names(structure), found, strict=True))
    return [table[name] for name in wanted] if set(table) == set(wanted) else None


def map_leaves(function: Callable[[Any], Any], structure: Any) -> Any:
    """The same structure with each leaf replaced by function(leaf)."""
    if isinstance(structure, dict):
        return {key: map_leaves(function, part) for key, part in structure.items()}
    if isinstance(structure, tuple | list):
        parts = [map_leaves(function, part) for part in structure]
        return tuple(parts) if isinstance(structure, tuple) else parts
    return function(structure)


def pack_like(structure: Any, values: Iterator[Any]) -> Any:
    """The same structure with the leaves taken, in order, from an iterator."""
    return map_leaves(lambda _: next(values), structure)


def names(structure: Any, root: str = "output") -> list[str]:
    """A name for each leaf: the dict's keys, or the root's name with a number.

    Example:
        >>> names({"boxes": 0, "labels": 0}), names((0, 0)), names(0)
        (['boxes', 'labels'], ['output_1', 'output_2'], ['output'])
    """
    if isinstance(structure, dict):
        return [name for key, part in structure.items() for name in names(part, str(key))]
    if isinstance(structure, tuple | list):
        return [
            name
            for number, part in enumerate(structure, 1)
            for name in names(part, f"{root}_{number}")
        ]
    return [root]
