"""Many paths in little memory: one piece of bytes, and where each path ends."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import overload

import numpy as np

__all__ = ["PathList"]


class PathList(Sequence[str]):
    """A sequence of paths that takes the bytes of their names and 8 more for each.

    A list of strings takes some 60 bytes more for each path, a list of `pathlib.Path` some 300.

    Args:
        paths: strings or path objects, in any iterable.

    Example:
        >>> paths = PathList(["cat/1.png", "dog/1.png"])
        >>> len(paths), paths[1], list(paths[:1])
        (2, 'dog/1.png', ['cat/1.png'])
    """

    def __init__(self, paths: Iterable[str | os.PathLike[str]]) -> None:
        names, ends = bytearray(), bytearray()
        for path in paths:
            names += os.fsencode(path)
            ends += len(names).to_bytes(8, "little")
        self._names = bytes(names)
        self._ends = np.frombuffer(bytes(ends), "<u8")

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, number: int) -> str: ...

    @overload
    def __getitem__(self, number: slice) -> list[str]: ...

    def __getitem__(self, number: int | slice) -> str | list[str]:
        if isinstance(number, slice):
            return [self[i] for i in range(*number.indices(len(self)))]
        place = range(len(self))[number]
        start = int(self._ends[place - 1]) if place else 0
        return os.fsdecode(self._names[start : int(self._ends[place])])
