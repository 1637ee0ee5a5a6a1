"""Short records in a file that several processes append to at the same time.

A record is appended with one write to a file that is open for appending, so records of several
processes never mix on a local disk, and no lock is held. Each carries a checksum: a record that a
crash cut, or that was damaged later, is passed over. Nothing is flushed to the disk: what a power
failure takes can be made again.
"""

from __future__ import annotations

import os
import threading
import weakref
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

__all__ = ["Journal", "append_handle"]

_CHECK_BYTES = 4


class Journal:
    """Records key -> value of fixed lengths; the newest whole record of a key counts.

    What stands in the file when the journal is opened is found by `find`; what is appended later
    is found by those who open it later.

    Args:
        path: of the file; it is made by the first `append`.
        key_bytes: length of each key, at least 8. Keys are hashes: their first 8 bytes differ.
        value_bytes: length of each value.

    Example:
        >>> Journal(Path("a.journal"), 8, 2).append(b"key 0001", b"ab")
        >>> Journal(Path("a.journal"), 8, 2).find(b"key 0001")
        b'ab'
    """

    def __init__(self, path: Path, key_bytes: int, value_bytes: int) -> None:
        self.path = path
        self._key_bytes = key_bytes
        self.record_bytes = key_bytes + value_bytes + _CHECK_BYTES
        self._lock = threading.Lock()
        self._handle: int | None = None
        self._records = self._read()
        heads = np.ascontiguousarray(self._records[:, :8]).view("<u8")[:, 0]
        self._order = np.argsort(heads, kind="stable")
        self._heads = heads[self._order]

    def __len__(self) -> int:
        return len(self._records)

    def _read(self) -> npt.NDArray[np.uint8]:
        """The whole records of the file, mapped; those that are not whole are left out."""
        empty = np.empty((0, self.record_bytes), np.uint8)
        try:
            count = os.stat(self.path).st_size // self.record_bytes
            if count == 0:
                return empty
            return np.memmap(self.path, np.uint8, "r", shape=(count, self.record_bytes))
        except (OSError, ValueError):  # gone, or cut, between the two calls
            return empty

    def find(self, key: bytes) -> bytes | None:
        """The value of a key; None where no whole record has it."""
        head = np.frombuffer(key, "<u8", 1)[0]
        at = int(np.searchsorted(self._heads, head, side="right"))
        while at > 0 and self._heads[at - 1] == head:
            at -= 1
            record: bytes = self._records[self._order[at]].tobytes()
            body, check = record[:-_CHECK_BYTES], record[-_CHECK_BYTES:]
            if body.startswith(key) and zlib.crc32(body).to_bytes(4, "little") == check:
                return body[self._key_bytes :]
        return None

    def append(self, key: bytes, value: bytes) -> None:
        """Adds a record for those who open the journal from now on; may raise OSError."""
        body = key + value
        record = body + zlib.crc32(body).to_bytes(4, "little")
        with self._lock:
            if self._handle is None:
                self._handle = append_handle(self, self.path)
                rest = os.fstat(self._handle).st_size % self.record_bytes
                if rest:  # a crash cut the last record
                    os.write(self._handle, bytes(self.record_bytes - rest))
            os.write(self._handle, record)


def append_handle(owner: object, path: Path) -> int:
    """A handle that appends to a file, made where it is missing; it is closed with its owner.

    Raises:
        OSError: the file cannot be opened.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o600)
    weakref.finalize(owner, os.close, handle)
    return handle
