"""Arrays in folders, as a file holds them: what a reader of a format hands to the next one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

__all__ = ["Folder", "StoredArray"]


@dataclass(frozen=True)
class StoredArray:
    """An array of the file.

    Args:
        dtype: such as "float32"; "" where it is no kind of number that is read.
        shape: as the file says.
        read: gives its bytes, the last dimension fastest, the lowest byte first.
    """

    dtype: str
    shape: tuple[int, ...]
    read: Callable[[], bytes]


@dataclass(frozen=True)
class Folder:
    """A folder of the file.

    Args:
        folders: by name.
        arrays: by name.
        texts: gives the texts of one of its attributes; None where there is no such attribute.
    """

    folders: Mapping[str, Folder]
    arrays: Mapping[str, StoredArray]
    texts: Callable[[str], tuple[str, ...] | None]

    def folder(self, path: str) -> Folder | None:
        """The folder at a path below this one, if there is one."""
        return self._down(path.split("/"))

    def array(self, path: str) -> StoredArray | None:
        """The array at a path below this folder, if there is one."""
        *above, name = path.split("/")
        inside = self._down(above)
        return inside.arrays.get(name) if inside else None

    def _down(self, names: list[str]) -> Folder | None:
        found: Folder | None = self
        for name in names:
            found = found.folders.get(name) if found else None
        return found
