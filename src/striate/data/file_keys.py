"""The content of a file as a key, and a table that spares reading files that did not change."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

from striate.data.journal import Journal
from striate.data.row_store import KEY_BYTES
from striate.io.regular_file import open_regular

__all__ = ["FileKeys", "identity"]

_IDENTITY_BYTES = 16
_SETTLED_NS = 2 * 10**9
_TABLE_CAP_BYTES = 1 << 28


class FileKeys:
    """SHA-256 of files, remembered by device, inode, size and the times of change.

    A file that was changed within the last two seconds is not remembered: a further change might
    not show in its times.

    Args:
        path: of the table; it is shared by processes and made where it is missing. Beyond 256 MiB
            it is begun anew.

    Example:
        >>> _ = Path("note.txt").write_bytes(b"hi")
        >>> keys = FileKeys(Path("table"))
        >>> keys.known("note.txt") is None, keys.read("note.txt", "File")[1].hex()[:8]
        (True, '8f434346')
    """

    def __init__(self, path: Path) -> None:
        if path.exists() and path.stat().st_size > _TABLE_CAP_BYTES:
            path.unlink(missing_ok=True)
        self._table = Journal(path, _IDENTITY_BYTES, KEY_BYTES)

    def known(self, path: str) -> bytes | None:
        """The key of a file that did not change since it was read; None where that is unknown."""
        try:
            return self._table.find(identity(os.stat(path)))
        except (OSError, ValueError):
            return None

    def read(self, path: str, place: str) -> tuple[bytes, bytes]:
        """The bytes of a file and their key.

        Raises:
            DataError: it is no regular file that can be read; `place` begins the message.
        """
        with open_regular(place, path) as file:
            before = os.fstat(file.fileno())
            data = file.read()
            after = os.fstat(file.fileno())
        return data, self._remember(data, before, after)

    def _remember(self, data: bytes, before: os.stat_result, after: os.stat_result) -> bytes:
        key = hashlib.sha256(data).digest()
        settled = time.time_ns() - max(after.st_mtime_ns, after.st_ctime_ns) > _SETTLED_NS
        if settled and identity(before) == identity(after):
            try:
                self._table.append(identity(after), key)
            except OSError:  # a table that cannot grow costs time only
                return key
        return key


def identity(found: os.stat_result) -> bytes:
    """What tells a file, as it is now, from all others and from itself after a change."""
    parts = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    return hashlib.blake2b(repr(parts).encode(), digest_size=_IDENTITY_BYTES).digest()
