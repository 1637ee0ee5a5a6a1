"""Rows of bytes by key in mapped files that several processes read and extend."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import threading
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from striate.data.journal import Journal, append_handle

__all__ = ["KEY_BYTES", "RowStore", "row_files"]

KEY_BYTES = 32
"""Length of a key: a SHA-256."""

UInt8Array = npt.NDArray[np.uint8]

_NAME = re.compile(r"[0-9a-f]{16}\.rows")
_ROW_BITS = 32
_FILE_BYTES = 1 << 28


class RowStore:
    """Rows of one length, in files of some hundred rows each, and a journal of where each lies.

    A row is read through a map of its file: the operating system keeps in memory what there is
    room for. A row is appended with one write, and then its record; each record has the checksum
    of its row. Processes may append at the same time, and files may be removed at any time: what
    is mapped stays readable, and no name is used twice. So nothing is locked, and what is missing
    or damaged is not found.

    Args:
        folder: of the files; it must exist.
        row_bytes: length of each row.
        file_bytes: size at which the next file is begun. Default 256 MiB.

    Example:
        >>> import hashlib
        >>> key, row = hashlib.sha256(b"file").digest(), np.arange(4, dtype=np.uint8)
        >>> place = RowStore(Path("."), 4).append(key, row)
        >>> store, out = RowStore(Path("."), 4), np.empty((1, 4), np.uint8)
        >>> store.find(key, out[0]) == place, out
        (True, array([[0, 1, 2, 3]], dtype=uint8))
    """

    def __init__(self, folder: Path, row_bytes: int, *, file_bytes: int = _FILE_BYTES) -> None:
        self.folder = folder
        self.row_bytes = row_bytes
        self.damaged = 0
        self._file_bytes = file_bytes
        self._journal = Journal(folder / "index", KEY_BYTES, 16)
        self._names: list[str] = []
        self._maps: list[UInt8Array] = []
        self._lock = threading.Lock()
        self._writing: tuple[int, int] | None = None

    def find(self, key: bytes, out: UInt8Array) -> int:
        """The place of the row of a key, after it was read into `out` and checked; -1 without."""
        value = self._journal.find(key)
        if value is None:
            return -1
        name = value[:8].hex()
        row, check = (int(part) for part in np.frombuffer(value, "<u4", 2, 8))
        with self._lock:
            number = self._number(name)
            rows = self._map(number, row)
        if rows is None:
            return -1
        np.copyto(out, rows[row])
        if zlib.crc32(out.data) != check:
            with self._lock:
                self.damaged += 1
            return -1
        return number << _ROW_BITS | row

    def read(self, places: npt.NDArray[np.int64], out: UInt8Array) -> npt.NDArray[np.bool_]:
        """Copies the rows of places that `find` or `append` gave into out, (rows, row_bytes).

        Returns:
            whether each row was there: a file may have been removed before it was mapped.
        """
        numbers, rows = places >> _ROW_BITS, places & ((1 << _ROW_BITS) - 1)
        there = np.ones(len(places), np.bool_)
        for number in np.unique(numbers):
            chosen = numbers == number
            with self._lock:
                stored = self._map(int(number), int(rows[chosen].max()))
            if stored is None:
                there[chosen] = False
            elif chosen.all():
                np.take(stored, rows, axis=0, out=out, mode="clip")
            else:
                out[chosen] = stored[rows[chosen]]
        return there

    def append(self, key: bytes, row: UInt8Array) -> int:
        """Writes a row and its record, and gives its place; -1 where the file was out of step.

        Raises:
            OSError: the disk is full or refuses.
        """
        data = np.ascontiguousarray(row).reshape(-1)
        check = zlib.crc32(data.data)
        with self._lock:
            number, handle = self._file_to_write()
            written = os.write(handle, data.data)
            end = os.lseek(handle, 0, os.SEEK_CUR)
            if written < self.row_bytes or end % self.row_bytes:  # a full disk, a crash before us
                os.write(handle, bytes(-end % self.row_bytes))
                return -1
            at = end // self.row_bytes - 1
            value = bytes.fromhex(self._names[number]) + np.array([at, check], "<u4").tobytes()
            self._journal.append(key, value)
        return number << _ROW_BITS | at

    def _file_to_write(self) -> tuple[int, int]:
        """Number and handle of a file that is not full: the one in hand, one that stands, a new."""
        if self._writing is None or os.fstat(self._writing[1]).st_size >= self._file_bytes:
            files = row_files(self.folder).items()
            free = (path.stem for path, found in files if found.st_size < self._file_bytes)
            name = next(free, None) or secrets.token_hex(8)
            handle = append_handle(self, self.folder / f"{name}.rows")
            self._writing = (self._number(name), handle)
        return self._writing

    def _number(self, name: str) -> int:
        """A file's number in this process."""
        if name not in self._names:
            self._names.append(name)
            self._maps.append(np.empty((0, self.row_bytes), np.uint8))
        return self._names.index(name)

    def _map(self, number: int, row: int) -> UInt8Array | None:
        """The rows of a file, mapped so far that it has this row; None where it has not."""
        rows = self._maps[number]
        if len(rows) <= row:
            path = self.folder / f"{self._names[number]}.rows"
            try:
                count = os.stat(path).st_size // self.row_bytes
                if count <= row:
                    return None
                if len(rows) == 0:
                    os.utime(path)  # the least recently used files are the first to be removed
                shape = (count, self.row_bytes)
                rows = np.asarray(np.memmap(path, np.uint8, "r", shape=shape))
            except (OSError, ValueError):  # removed or cut between these calls
                return None
            self._maps[number] = rows
        return rows


def row_files(folder: Path) -> dict[Path, os.stat_result]:
    """The files of rows in a folder, with their sizes and times.

    Example:
        >>> Path("rows").mkdir()
        >>> _ = Path("rows/0123456789abcdef.rows").write_bytes(b"1234")
        >>> [(path.name, found.st_size) for path, found in row_files(Path("rows")).items()]
        [('0123456789abcdef.rows', 4)]
    """
    found = {}
    for path in folder.iterdir():
        if _NAME.fullmatch(path.name):
            with contextlib.suppress(FileNotFoundError):  # removed since it was listed
                found[path] = path.stat()
    return found
