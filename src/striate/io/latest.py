"""The file LATEST: which folder beside it is the newest, and by its manifest's hash, unchanged."""

from __future__ import annotations

import hashlib
from pathlib import Path

from striate.io.damage import Damaged
from striate.io.durable import replace_bytes
from striate.io.manifest import manifest_hash

__all__ = ["LATEST", "name_latest", "read_latest"]

LATEST = "LATEST"
"""The file's name. It holds a folder's name, the hash of that one's manifest, and its own hash."""

_CAP_BYTES = 1000


def name_latest(folder: Path) -> None:
    """Makes LATEST, beside a folder that was written durably, name this one; durable itself."""
    line = f"{folder.name} {manifest_hash(folder)}"
    text = f"{line}\n{hashlib.sha256(line.encode()).hexdigest()}\n"
    replace_bytes(folder.parent / LATEST, text.encode())


def read_latest(parent: Path) -> tuple[str, str]:
    """The folder's name and its manifest's hash.

    Raises:
        OSError: there is none, or it cannot be read.
        Damaged: it is not as it was written.
    """
    path = parent / LATEST
    if path.is_symlink() or not path.is_file():
        raise Damaged("a link or a folder" if path.exists() else "no such file")
    with open(path, "rb") as file:
        text = file.read(_CAP_BYTES)
    line = text.partition(b"\n")[0]
    if text != line + b"\n" + hashlib.sha256(line).hexdigest().encode() + b"\n":
        raise Damaged("other bytes than were written")
    name, _, digest = line.decode(errors="replace").partition(" ")
    if not name.isprintable():
        raise Damaged("a name that cannot be printed")
    return name, digest
