"""JSON from files of unknown origin: small, finite, every name once, one kind of error."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from striate.io.damage import Damaged

__all__ = ["MOST_BYTES", "read_json"]

MOST_BYTES = 1 << 23
"""The longest text that is read where nothing else is said."""

_MOST_NESTED = 250_000  # an empty list takes two letters, and thirty times as much memory


def read_json(text: Any, most_bytes: int = MOST_BYTES) -> Any:
    r"""What a text holds, read more narrowly than Python does.

    NaN and numbers beyond floats are refused, and so is a name that stands twice in one object:
    two readers could see two different things. A text of any depth, or of millions of lists, ends
    in the same kind of error.

    Args:
        text: bytes of UTF-8; a file of tensors in their place is refused.
        most_bytes: the longest text that is read.

    Raises:
        Damaged: the reason.

    Example:
        >>> read_json(b'{"a": [1, 2.5, null]}')
        {'a': [1, 2.5, None]}
    """
    if not isinstance(text, bytes):
        raise Damaged("tensors, no JSON")
    if len(text) > most_bytes:
        raise Damaged(f"JSON of {len(text):,} bytes, more than {most_bytes:,}")
    nested = text.count(b"[") + text.count(b"{")
    if nested > _MOST_NESTED:
        raise Damaged(f"JSON of {nested:,} lists and objects, more than {_MOST_NESTED:,}")
    try:
        return json.loads(
            text,
            object_pairs_hook=_each_once,
            parse_constant=_not_finite,
            parse_float=_finite,
        )
    except RecursionError:
        raise Damaged("JSON that is nested too deep") from None
    except ValueError as error:  # of UTF-8, of JSON, of a number of too many digits
        raise Damaged(f"no JSON: {error}") from None


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        left = iter(found)  # each name once, in the order of its first place
        twice = next(name for name, _ in pairs if name != next(left, None))
        raise Damaged(f"JSON in which {twice[:80]!r} stands twice in one object")
    return found


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _not_finite(text)


def _not_finite(text: str) -> NoReturn:
    raise Damaged(f"JSON with the number {text[:40]}")
