"""Numbered folders beside each other: their names, which stand, and what a crash left."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from striate.io.latest import LATEST

__all__ = [
    "HIGHEST",
    "clear_leftovers",
    "gone_name",
    "is_folder",
    "standing_numbers",
    "step_name",
    "step_number",
]

HIGHEST = 10**15 - 1
"""The highest number that a name may hold."""

_DIGITS = r"(\d{10}|[1-9]\d{10,14})"
_STEP = re.compile(rf"step-{_DIGITS}")
_LEFTOVER = re.compile(rf"\.step-{_DIGITS}\.(new|old|gone)|\.{LATEST}\.new")


def step_name(number: int) -> str:
    """The name of a number's folder.

    Example:
        >>> step_name(12), step_number("step-0000000012"), step_number("step-12")
        ('step-0000000012', 12, None)
    """
    return f"step-{number:010d}"


def step_number(name: str) -> int | None:
    """The number of a folder's name; None for any other name."""
    found = _STEP.fullmatch(name)
    return int(found[1]) if found else None


def gone_name(number: int) -> str:
    """The name of a number's folder while it is removed."""
    return f".{step_name(number)}.gone"


def standing_numbers(folder: Path) -> list[int]:
    """Numbers of all that stand, whole or not, the highest first."""
    found = set()
    for name in os.listdir(folder) if folder.exists() else ():
        number, left = step_number(name), _LEFTOVER.fullmatch(name)
        if number is not None and is_folder(folder / name):
            found.add(number)
        elif left and left[2] == "old":  # a crash amid a replacement leaves it
            found.add(int(left[1]))
    return sorted(found, reverse=True)


def clear_leftovers(folder: Path) -> None:
    """Removes what a crash left, but what it left of a replacement is put back."""
    for name in os.listdir(folder) if folder.exists() else ():
        left = _LEFTOVER.fullmatch(name)
        if left is None:
            continue
        path = folder / name
        if left[2] == "old" and not os.path.lexists(folder / f"step-{left[1]}"):
            os.rename(path, folder / f"step-{left[1]}")
        elif is_folder(path):
            shutil.rmtree(path)
        else:
            path.unlink()


def is_folder(path: Path) -> bool:
    """Whether a folder stands there, and no link to one."""
    return path.is_dir() and not path.is_symlink()
