"""Many paths in little memory: one string of bytes, and where each name ends."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import overload

import numpy as np
import numpy.typing as npt

__all__ = ["PathList"]


class PathList(Sequence[Path]):
    """The paths of many files, held as one string of bytes.

    A `Path` takes some 500 bytes, a name in here its own length and 8 bytes. Paths are made when
    they are asked for. Names are kept as they are given, so that one may lead out of the root.

    Args:
        root: the folder that the names begin at.
        names: of the files below it, with slashes; or absolute.

    Example:
        >>> paths = PathList("pets", ["cat/1.png", "dog/2.png"])
        >>> len(paths), paths[1].as_posix(), paths.name(0)
        (2, 'pets/dog/2.png', 'cat/1.png')
    """

    __slots__ = ("_blob", "_offsets", "root")

    def __init__(self, root: str | os.PathLike[str], names: Iterable[str] = ()) -> None:
        self.root = Path(root)
        blob, ends = bytearray(), array("q", [0])
        for name in names:
            blob += os.fsencode(name)
            ends.append(len(blob))
        self._blob = bytes(blob)
        self._offsets: npt.NDArray[np.int64] = np.frombuffer(ends, np.int64).copy()

    def __len__(self) -> int:
        return len(self._offsets) - 1

    @overload
    def __getitem__(self, index: int) -> Path: ...

    @overload
    def __getitem__(self, index: slice) -> PathList: ...

    def __getitem__(self, index: int | slice) -> Path | PathList:
        if isinstance(index, slice):
            return self.take(range(len(self))[index])
        return self.root / self.name(index)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PathList) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return f'PathList("{self.root}", {len(self):,} names)'

    def _key(self) -> tuple[Path, bytes, bytes]:
        return self.root, self._blob, self._offsets.tobytes()

    def name(self, index: int) -> str:
        """The name of one file: its path below the root."""
        return os.fsdecode(self._bytes(range(len(self))[index]))

    def take(self, indices: Iterable[int]) -> PathList:
        """The paths with these numbers, in this order."""
        return PathList(self.root, (self.name(int(index)) for index in indices))

    def repeated(self) -> list[tuple[int, int]]:
        """(number of the first, number of a later one) of each name that stands there again."""
        keys = np.fromiter((hash(self._bytes(i)) for i in range(len(self))), np.int64, len(self))
        order = np.argsort(keys, kind="stable")
        alike = np.flatnonzero(keys[order][1:] == keys[order][:-1])
        firsts: dict[bytes, int] = {}
        found = []
        for place in alike:
            earlier, later = int(order[place]), int(order[place + 1])
            first = firsts.setdefault(self._bytes(earlier), earlier)
            if self._bytes(later) == self._bytes(earlier):
                found.append((first, later))
        return sorted(found, key=lambda pair: pair[1])

    def _bytes(self, index: int) -> bytes:
        return self._blob[self._offsets[index] : self._offsets[index + 1]]
