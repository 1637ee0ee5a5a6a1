"""Files of unknown origin, opened so that nothing blocks and nothing but a file is read."""

from __future__ import annotations

import os
import stat
from typing import BinaryIO

from striate import _check

__all__ = ["open_regular"]


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
