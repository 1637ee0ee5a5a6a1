"""Where words go: results to standard output, everything else to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console

__all__ = ["columns", "print_json", "progress_console", "say"]


def say(sentence: str) -> None:
    """A sentence for the person in front of the screen, on standard error."""
    print(sentence, file=sys.stderr, flush=True)


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    print(json.dumps(value, indent=1, ensure_ascii=False))


def progress_console() -> Console:
    """The console of the progress line: standard error, as its terminal allows."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def columns(rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()) -> list[str]:
    """Rows as lines of aligned columns, the same on a terminal and in a pipe.

    Args:
        rows: the first one is the head.
        right: numbers of the columns that are flush right.

    Example:
        >>> columns([["class", "n"], ["cat", "12"]], right=[1])
        ['class   n', 'cat    12']
    """
    content = [list(map(str, row)) for row in rows]
    widths = [max(map(len, column)) for column in zip(*content, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if number in right else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in content
    ]
