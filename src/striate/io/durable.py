"""Bytes that are on the disk when the call returns."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["replace_bytes", "sync_folder", "write_bytes"]


def write_bytes(path: Path, data: bytes) -> None:
    """Writes a new file and returns when the disk has it; a file that stands there is an error."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o666), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def replace_bytes(path: Path, data: bytes) -> None:
    """Writes a file, or another one in its place, and returns when the disk has it.

    A crash at any point leaves the old bytes or the new ones under the name, never a part.
    """
    new = path.parent / f".{path.name}.new"
    new.unlink(missing_ok=True)
    try:
        write_bytes(new, data)
        os.replace(new, path)
    except OSError:
        new.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Returns when the disk has the folder's list of names. Windows has no such call."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
