"""An amount of memory as it is written on the command line: 8GB, 500MB, 1.5GiB."""

from __future__ import annotations

import re
from typing import Any

import striate
from striate import _check

__all__ = ["memory_size", "memory_there"]

_FORM = re.compile(r"\s*(\d+(?:\.\d*)?|\.\d+)\s*([kmgt]?)(i?)b?\s*", re.IGNORECASE | re.ASCII)
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}
_MOST_BYTES = 10**18


def memory_size(place: str, text: str) -> int:
    """Bytes: 1 GB are 1,000,000,000, 1 GiB are 1,073,741,824; a bare number is of bytes.

    Args:
        place: the command, for the message.
        text: as it was written.

    Raises:
        ArgumentError: no such amount, less than a byte, or a million TB and more.

    Example:
        >>> memory_size("plan", "8GB"), memory_size("plan", "1.5 GiB")
        (8000000000, 1610612736)
    """
    found = _FORM.fullmatch(text)
    if found is not None and (found[2] or not found[3]):
        amount = float(found[1]) * (1024 if found[3] else 1000) ** _POWERS[found[2].lower()]
        if 1 <= amount < _MOST_BYTES:
            return int(amount)
    fix = "Write it as --memory 8GB, 500MB or 1.5GiB."
    _check.fail(place, "memory", "be an amount of memory", text, fix)


def memory_there(place: str, text: str | None) -> Any:
    """The memory that was given; else what this process may take, None if that is not known.

    Args:
        place: the command, for the message.
        text: as it was written, or None.

    Raises:
        ArgumentError: as in `memory_size`.
    """
    if text is None:
        return striate.plan.free_memory()
    return striate.plan.Memory(memory_size(place, text), "as given")
