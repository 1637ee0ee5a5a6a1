"""Archives of pictures, unpacked into the cache: only plain files, within limits, once."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from striate import _check, settings
from striate.io.damage import Damaged
from striate.io.extraction import LIMITS, Extraction, Limits
from striate.io.lock import FileLock
from striate.io.members import BLOCK_BYTES, Member
from striate.io.tar_members import tar_members
from striate.io.unpacked import archives_folder, make_room
from striate.io.zip_members import zip_members

__all__ = ["ARCHIVES", "Unpacked", "extract"]

ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz")
"""What the name of an archive ends with, in small or capital letters."""

_LIST = "members.json"


@dataclass(frozen=True)
class Unpacked:
    """An archive in the cache.

    Args:
        folder: that holds its pictures, text and JSON.
        skipped: (name, reason) of its files that were not written.
    """

    folder: Path
    skipped: tuple[tuple[str, str], ...] = field(default=(), repr=False)


def extract(archive: str | os.PathLike[str], *, limits: Limits = LIMITS) -> Unpacked:
    """Unpacks an archive into the cache, under the hash of its contents, and only once.

    Archives that were not used in the last hour make room for it, the oldest first, where all
    together take more than STRIATE_CACHE_GIB.

    Pictures, text, JSON, XML and YAML are written, nothing else, and nothing hidden. An archive
    is refused as a whole, and nothing of it is kept, where an entry is a link, a device or a
    pipe, leads out of the folder, has another's name but for small and capital letters, overlaps
    another, is encrypted or damaged, or goes beyond a limit.

    Args:
        archive: a .zip, .tar, .tar.gz or .tgz file.
        limits: what it may hold at most.

    Raises:
        DataError: no such file, another ending, refused, or no room in the cache.

    Example:
        >>> import os, zipfile
        >>> os.environ["STRIATE_CACHE"] = str(Path("cache").resolve())
        >>> with zipfile.ZipFile("pets.zip", "w") as file:
        ...     file.writestr("cat/1.png", b"")
        ...     file.writestr("setup.py", b"")
        >>> unpacked = extract("pets.zip")
        >>> (unpacked.folder / "cat" / "1.png").exists(), unpacked.skipped
        (True, (('setup.py', 'no picture, text or JSON: its name ends with ".py"'),))
    """
    source = Path(archive)
    place = f'Archive "{source}"'
    if not source.name.lower().endswith(ARCHIVES):
        fix = "Unpack it yourself, and name the folder."
        _check.data_fail(place, f"end with {', '.join(ARCHIVES)}", f'"{source.name}"', fix)
    try:
        with _regular_file(place, source) as file:
            digest = _digest(file)
            target = archives_folder() / digest
            target.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(target.with_name(f"{digest}.lock"), stale_s=60) as lock:
                standing = _standing(target)
                if standing is None:
                    standing = _unpack(file, source.name, target, limits, lock)
                os.utime(target)  # the least recently used are the first to make room
            make_room(settings.picture_cache_bytes())
            return standing
    except Damaged as error:
        fix = "Nothing of it was kept."
        _check.data_fail(place, "be an archive that can be unpacked safely", error, fix)
    except OSError as error:
        got = error.strerror or str(error)
        rule = f"find room in {settings.cache_folder()}"
        _check.data_fail(place, rule, got, "Free space or set STRIATE_CACHE.")


@contextmanager
def _regular_file(place: str, path: Path) -> Iterator[BinaryIO]:
    """An open regular file; nothing blocks on a pipe or a device."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(path, flags)
    except OSError as error:
        got = error.strerror or str(error)
        _check.data_fail(place, "be a file that can be read", got, "Check path and rights.")
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        got = "a folder, pipe or device"
        _check.data_fail(place, "be a regular file", got, "Name an archive.")
    with os.fdopen(handle, "rb") as file:
        yield file


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while block := file.read(BLOCK_BYTES):
        digest.update(block)
    return digest.hexdigest()


def _standing(target: Path) -> Unpacked | None:
    """What was unpacked before, if it is still whole."""
    try:
        listed = json.loads((target / _LIST).read_text(encoding="utf-8"))
        folder = target / "files"
        whole = all(os.path.getsize(folder / name) == size for name, size in listed["files"])
    except (OSError, ValueError):
        return None
    return (
        Unpacked(folder, tuple((name, why) for name, why in listed["skipped"])) if whole else None
    )


def _unpack(file: BinaryIO, name: str, target: Path, limits: Limits, lock: FileLock) -> Unpacked:
    """Unpacks under another name, which becomes the target's when all is there."""
    fresh = target.with_name(f".{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    before = os.fstat(file.fileno())
    try:
        (fresh / "files").mkdir(parents=True)
        writer = Extraction(fresh / "files", limits, before.st_size)
        for member in _members(file, name, limits):
            lock.renew()
            writer.take(member)
        after = os.fstat(file.fileno())
        if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
            raise Damaged("a file that changed while it was read")
        if not writer.files:
            raise Damaged("no picture, text or JSON")
        listed = {"files": writer.files, "skipped": writer.skipped}
        (fresh / _LIST).write_text(json.dumps(listed), encoding="utf-8")
        shutil.rmtree(target, ignore_errors=True)
        os.rename(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return Unpacked(target / "files", tuple(writer.skipped))


def _members(file: BinaryIO, name: str, limits: Limits) -> Iterator[Member]:
    file.seek(0)
    if name.lower().endswith(".zip"):
        yield from zip_members(file, limits.entries)
    elif name.lower().endswith(".tar"):
        yield from tar_members(file, limits.entries)
    else:
        most = limits.most_bytes(os.fstat(file.fileno()).st_size)
        with gzip.GzipFile(fileobj=file) as stream:
            unpacked = cast(BinaryIO, _Gzip(stream, most))
            yield from tar_members(unpacked, limits.entries)
            while unpacked.read(BLOCK_BYTES):  # to the check sum at the end
                pass


class _Gzip:
    """What gzip unpacks, as long as it is not damaged and not more than a number of bytes."""

    def __init__(self, stream: gzip.GzipFile, most_bytes: int) -> None:
        self._stream, self._left = stream, most_bytes

    def read(self, size_bytes: int) -> bytes:
        try:
            data = self._stream.read(size_bytes)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise Damaged(f"what gzip cannot unpack: {error}") from None
        self._left -= len(data)
        if self._left < 0:
            raise Damaged("more when unpacked than an archive of its size may hold")
        return data
