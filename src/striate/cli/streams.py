"""Where words go: results to standard output, everything else to standard error."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console

__all__ = ["as_json", "columns", "hush", "print_json", "printable", "progress_console", "say"]

_NOT_UTF8 = re.compile("[\ud800-\udfff]")
_NOT_PRINTED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


_silent = False


def hush(wanted: bool) -> None:
    """Whether from now on nothing is printed but results and errors."""
    global _silent
    _silent = wanted


def say(sentence: str, *, error: bool = False) -> None:
    """A sentence for the person in front of the screen, on standard error.

    Args:
        sentence: to be said.
        error: whether it is said where only results and errors are wanted, too.
    """
    if error or not _silent:
        print(sentence, file=sys.stderr, flush=True)


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    print(as_json(value))


def as_json(value: Any, *, indent: int | None = 1) -> str:
    r"""A value as JSON; bytes of a file name that are no UTF-8 are escaped as Python names them.

    Example:
        >>> as_json(["ä", "\udcff"], indent=None)
        '["ä", "\\udcff"]'
    """
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    return _NOT_UTF8.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def printable(text: str) -> str:
    r"""A text on one line: line ends, other control characters and stray bytes are escaped.

    Example:
        >>> print(printable("two\nlines, a byte: \udcff"))
        two\nlines, a byte: \udcff
    """
    return _NOT_PRINTED.sub(lambda found: ascii(found[0])[1:-1], text)


def progress_console() -> Console:
    """The console of the progress line: standard error, as its terminal allows."""
    return Console(stderr=True, highlight=False, soft_wrap=True, quiet=_silent)


def columns(
    rows: Iterable[Sequence[str]], *, right: Sequence[int] = (), at_least: Sequence[int] = ()
) -> list[str]:
    """Rows as lines of aligned columns, the same on a terminal and in a pipe, each cell printable.

    Args:
        rows: the first one is the head.
        right: numbers of the columns that are flush right.
        at_least: widths that the columns have at least.

    Example:
        >>> columns([["class", "n"], ["cat", "12"]], right=[1])
        ['class   n', 'cat    12']
    """
    content = [[printable(str(cell)) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*content, strict=True)]
    widths = [max(pair) for pair in zip(widths, at_least or [0] * len(widths), strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if number in right else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in content
    ]
