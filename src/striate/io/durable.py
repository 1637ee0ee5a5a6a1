"""Bytes that are on the disk when the call returns."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

__all__ = ["replace_bytes", "sync_folder", "write_bytes", "write_pieces"]

_CHUNK_BYTES = 1 << 22  # hashed and written while it is in the processor's cache
_BUFFER_BYTES = 1 << 20  # gathers the small pieces


def write_bytes(path: Path, data: bytes) -> None:
    """Writes a new file and returns when the disk has it; a file that stands there is an error."""
    write_pieces(path, [data])


def write_pieces(path: Path, pieces: Iterable[bytes | memoryview]) -> str:
    """As `write_bytes`, from pieces that are never joined; returns the sha256 of all.

    Other threads run meanwhile: hashing and writing release the interpreter's lock.
    """
    digest = hashlib.sha256()
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o666), "wb", buffering=_BUFFER_BYTES) as file:
        for piece in pieces:
            view = memoryview(piece)
            for at in range(0, len(view), _CHUNK_BYTES):
                chunk = view[at : at + _CHUNK_BYTES]
                digest.update(chunk)
                file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


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
