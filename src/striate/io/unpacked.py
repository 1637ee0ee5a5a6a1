"""The archives that were unpacked into the cache: which there are, how large, and their removal."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from striate import settings

__all__ = [
    "UnpackedArchive",
    "archives_folder",
    "make_room",
    "remove_archives",
    "unpacked_archives",
]

_RECENT_S = 3600.0


@dataclass(frozen=True)
class UnpackedArchive:
    """One archive in the cache.

    Args:
        name: SHA-256 of the archive, in hexadecimal digits.
        files: how many were unpacked.
        size_bytes: of these.
        used: when it was last used, in seconds since 1970.
    """

    name: str
    files: int
    size_bytes: int
    used: float


def archives_folder() -> Path:
    """Where archives are unpacked; it is named, not made."""
    return settings.cache_folder() / "archives"


def unpacked_archives() -> list[UnpackedArchive]:
    """The archives in the cache, the last used first.

    Example:
        >>> os.environ["STRIATE_CACHE"] = str(Path("nothing").resolve())
        >>> unpacked_archives()
        []
    """
    root = archives_folder()
    found = []
    for place in root.iterdir() if root.is_dir() else ():
        if not place.is_dir() or place.name.startswith("."):
            continue
        sizes = [
            os.lstat(os.path.join(folder, name)).st_size
            for folder, _, names in os.walk(place / "files")
            for name in names
        ]
        found.append(UnpackedArchive(place.name, len(sizes), sum(sizes), place.stat().st_mtime))
    return sorted(found, key=lambda each: -each.used)


def remove_archives(names: Iterable[str] | None = None) -> int:
    """Removes unpacked archives; they are unpacked again when they are needed. Gives the bytes.

    Args:
        names: of archives; others are passed over. Default: all.

    Example:
        >>> os.environ["STRIATE_CACHE"] = str(Path("nothing").resolve())
        >>> remove_archives()
        0
    """
    wanted = None if names is None else set(names)
    found = [each for each in unpacked_archives() if wanted is None or each.name in wanted]
    for each in found:
        shutil.rmtree(archives_folder() / each.name, ignore_errors=True)
        (archives_folder() / f"{each.name}.lock").unlink(missing_ok=True)
    return sum(each.size_bytes for each in found)


def make_room(limit_bytes: int) -> None:
    """Removes archives until a limit is kept, those first that were not used for longest.

    What was used in the last hour stays: a run may be reading it.

    Args:
        limit_bytes: greatest size of all together.
    """
    found = unpacked_archives()
    too_much = sum(each.size_bytes for each in found) - limit_bytes
    for each in reversed(found):
        if too_much <= 0 or time.time() - each.used < _RECENT_S:
            break
        too_much -= remove_archives([each.name])
