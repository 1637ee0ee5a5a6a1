"""The parts of a data set: how they are called, and that they are of the same classes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from striate import _check

__all__ = ["PARTS", "in_order", "part_in", "part_of", "quoted", "same_classes"]

PARTS = ("train", "val", "test")
"""What parts are called in striate, in their order."""

_WORDS = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "test": "test",
}

T = TypeVar("T")


def part_of(word: str) -> str | None:
    """The part that a word names, in small or capital letters: valid -> val; else None."""
    return _WORDS.get(word.strip().lower())


def part_in(name: str) -> str | None:
    """The one part that a file's name names somewhere: instances_train2017.json -> train."""
    words = re.findall(r"[a-z]+", Path(name).stem.lower())
    found = {_WORDS[word] for word in words if word in _WORDS}
    return found.pop() if len(found) == 1 else None


def in_order(place: str, parts: Mapping[str, T], fix: str) -> dict[str, T]:
    """The parts, train first.

    Raises:
        DataError: there is no part train.
    """
    if "train" not in parts:
        got = " and ".join(parts) or "no part"
        _check.data_fail(place, "have a part train", got, fix)
    return {part: parts[part] for part in PARTS if part in parts}


def same_classes(
    place: str, names: Iterable[str], train: Iterable[str], *, of: str = "the part train"
) -> None:
    """Refuses a part that has other classes than the part train.

    Raises:
        DataError: classes are missing, or there are others.
    """
    ours, theirs = set(names), set(train)
    missing, extra = sorted(theirs - ours), sorted(ours - theirs)
    if missing or extra:
        got = [f"no {quoted(missing)}"] if missing else []
        got += [f"{quoted(extra)}, which {of} has not"] if extra else []
        fix = "Give every part the same classes."
        _check.data_fail(place, f"have the classes of {of}", "; ".join(got), fix)


def quoted(names: Iterable[str]) -> str:
    """Names for a message, eight at most."""
    known = list(names)
    shown = ", ".join(f'"{name}"' for name in known[:8])
    return shown if len(known) <= 8 else f"{shown} and {len(known) - 8} more"
