"""JSON from files of unknown origin: small, finite, every name once, one kind of error."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from striate.io.damage import Damaged

__all__ = ["MOST_BYTES", "read_json"]

MOST_BYTES = 1 << 22
"""The longest text that is read: the objects it becomes take some twenty times as much."""


def read_json(text: bytes, most_bytes: int = MOST_BYTES) -> Any:
    r"""What a text holds, read more narrowly than Python does.

    NaN and Infinity are no JSON; a name that stands twice in one object would let two readers see
    two different things; a text of any depth ends in one kind of error.

    Args:
        text: UTF-8.
        most_bytes: the longest text that is read.

    Raises:
        Damaged: the reason.

    Example:
        >>> read_json(b'{"a": [1, 2.5, null]}')
        {'a': [1, 2.5, None]}
    """
    if len(text) > most_bytes:
        raise Damaged(f"JSON of {len(text):,} bytes, more than {most_bytes:,}")
    try:
        return json.loads(text, object_pairs_hook=_each_once, parse_constant=_no_constant)
    except RecursionError:
        raise Damaged("JSON that is nested too deep") from None
    except ValueError as error:  # of UTF-8, of JSON, of a number of too many digits
        raise Damaged(f"no JSON: {error}") from None


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Damaged(f"JSON in which {twice[:80]!r} stands twice in one object")
    return found


def _no_constant(word: str) -> NoReturn:
    raise Damaged(f"JSON with the number {word}")
