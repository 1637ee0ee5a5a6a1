"""What FILES of a command mean: names, and with - what comes on standard input."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from striate import _check

__all__ = ["named_files"]

_FIRST_BYTES = 4096
_MOST_BYTES = 2**28


def named_files(names: Iterable[str], stdin: BinaryIO, *, null: bool) -> Iterator[str | bytes]:
    """The names, where "-" stands for what standard input holds.

    That is a list of names, one a line; or with `null` names that each end with a NUL byte; or
    else, where its first 4,096 bytes hold a NUL byte, which no name can and every picture does,
    one picture. A list is read as it comes; empty lines are passed over.

    Args:
        names: as the user wrote them.
        stdin: standard input, as bytes.
        null: whether the list is separated by NUL bytes, as `find -print0` writes it.

    Raises:
        DataError: a picture of more than 256 MiB.
    """
    for name in names:
        if name != "-":
            yield name
            continue
        start = stdin.read(_FIRST_BYTES)
        if null or b"\0" not in start:
            yield from _listed(start, stdin, b"\0" if null else b"\n")
            continue
        picture = start + stdin.read(_MOST_BYTES - len(start) + 1)
        if len(picture) > _MOST_BYTES:
            rule, fix = "be a picture of at most 256 MiB", "Name the file instead."
            _check.data_fail("Standard input", rule, f"more than {_MOST_BYTES:,} bytes", fix)
        yield picture


def _listed(start: bytes, stdin: BinaryIO, end: bytes) -> Iterator[str]:
    """The names of a list, each as soon as it is whole."""
    rest = start
    while True:
        *whole, rest = rest.split(end)
        yield from (os.fsdecode(name) for name in whole if name)
        more = stdin.read(_FIRST_BYTES)
        if not more:
            break
        rest += more
    if rest:
        yield os.fsdecode(rest)
