"""The summaries that the texts print, row by row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from ..row import Row
from ..session import Session
from ..summaries import SUMMARIES

__all__ = ["summaries"]

_LAYER = re.compile(r"(\w+?)(?:_\d+)? \((\w+)\)?\s+(\[?\(.*\)\]?)\s+([\d,]+)")
_COUNT = re.compile(r"(\w+(?:-trainable)?) params: ([\d,]+)", re.IGNORECASE)
_CUT = len("MaxPooling2")  # letters of a class that a line with a counter has room for


def summaries(session: Session) -> Iterator[Row]:
    """Every line of every summary; the counters behind automatic names do not count."""
    for listing, tables in SUMMARIES.items():
        printed = session.run(listing).printed.split('Model: "')[1:]
        for number, (lines, here) in enumerate(zip_longest(tables, printed, fillvalue=""), 1):
            pairs = zip_longest(lines, _lines(here), fillvalue="no such row")
            for row, (theirs, ours) in enumerate(pairs, 1):
                what = f"summary {number}, row {row}"
                yield Row(listing, what, theirs, ours, _key(theirs) == _key(ours))


def _lines(table: str) -> list[str]:
    """The lines that say something, with single spaces."""
    lines = (" ".join(line.split()) for line in table.splitlines())
    return [line for line in lines if _key(line) is not None]


def _key(line: str) -> tuple[str, ...] | None:
    """What of a line is compared: name without counter, class, shape and parameters."""
    layer = _LAYER.fullmatch(line)
    if layer is not None:
        name, kind, shape, count = layer.groups()
        return name, kind[:_CUT], shape, count
    total = _COUNT.fullmatch(line)
    return total and total.groups()
