"""Files of unknown origin, opened so that nothing blocks and nothing but a file is read."""

from __future__ import annotations

import os
import stat
from typing import BinaryIO

from striate import _check

__all__ = ["open_regular", "read_at_most"]


def open_regular(place: str, path: str) -> BinaryIO:
    """An open regular file; nothing blocks on a pipe or a device."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(path, flags)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        _check.data_fail(place, "be a file that can be read", reason, "Check path and rights.")
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        _check.data_fail(place, "be a regular file", "a folder, pipe or device", "Name a picture.")
    return os.fdopen(handle, "rb")


def read_at_most(file: BinaryIO, limit_bytes: int) -> bytes:
    """The bytes of an open file up to a limit; memory is taken for what the file has, no more.

    Args:
        file: on a disk, at its beginning.
        limit_bytes: most bytes that are read.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryFile() as file:
        ...     _ = file.write(b"12345"), file.seek(0)
        ...     read_at_most(file, 3)
        b'123'
    """
    return file.read(min(limit_bytes, os.fstat(file.fileno()).st_size))
