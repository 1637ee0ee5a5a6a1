"""The cache of fitted pictures: shared by runs, bounded, and never a source of other pixels.

<cache folder>/pictures/
    files                  which file, unchanged, has which content (FileKeys)
    <recipe>/recipe.json   how these pictures were decoded and fitted
    <recipe>/index, *.rows the pictures, by content (RowStore)

The name of a recipe is a hash of all that the pixels depend on beside the file. A picture that is
damaged on the disk is not found, and is decoded anew. Nothing in here is ever worth a backup.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from striate import _check, settings
from striate._counted import counted
from striate.data.file_keys import FileKeys
from striate.data.row_store import RowStore, row_files
from striate.io.lock import FileLock

__all__ = ["CachedPictures", "PictureCache", "cached_pictures", "remove_cached"]

UInt8Array = npt.NDArray[np.uint8]

_ROOM_BYTES = 1 << 26
_FREE_BYTES = 1 << 30
_FILE_CAP_BYTES = 1 << 26
_STALE_S = 60.0
_RECENT_NS = 3600 * 10**9


@dataclass(frozen=True)
class CachedPictures:
    """The cached pictures of one recipe.

    Args:
        name: of the recipe: a hash.
        recipe: how the pictures were decoded and fitted; empty where that cannot be read.
        count: of the pictures; 0 where the recipe cannot be read.
        size_bytes: of the pictures on the disk.
        used: when the pictures were last used, in seconds since 1970.
    """

    name: str
    recipe: Mapping[str, Any]
    count: int
    size_bytes: int
    used: float


class PictureCache:
    """Fitted pictures by the content of their files, for one recipe.

    Args:
        recipe: all that the pixels depend on beside the file, as JSON can hold it.
        row_bytes: length of one picture.
        limit_bytes: greatest size of the pictures of all recipes; the files that were not used
            for longest are removed for new ones. A disk keeps 1 GiB free.
        folder: of all recipes. Default: `pictures` in the cache folder of `striate.settings`.

    Raises:
        OSError: the folder cannot be made or written.

    Example:
        >>> cache = PictureCache({"size": 2}, 4, limit_bytes=2**20, folder=Path("cache"))
        >>> _ = Path("a.raw").write_bytes(bytes(4))
        >>> out = np.empty(4, np.uint8)
        >>> cache.load("a.raw", lambda data: np.frombuffer(data, np.uint8), out, place="File") >= 0
        True
    """

    def __init__(
        self,
        recipe: Mapping[str, Any],
        row_bytes: int,
        *,
        limit_bytes: int,
        folder: Path | None = None,
    ) -> None:
        self.root = folder or settings.cache_folder() / "pictures"
        self._limit_bytes = limit_bytes
        self._room_bytes = 0
        self._left_out = 0
        self._why = ""
        recipe = {**recipe, "row_bytes": row_bytes}
        text = json.dumps(recipe, sort_keys=True)
        name = hashlib.sha256(text.encode()).hexdigest()[:16]
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        place = self.root / name
        place.mkdir(mode=0o700, exist_ok=True)
        if _read_recipe(place) != recipe:
            new = place / f"recipe.{secrets.token_hex(4)}"
            new.write_text(text, encoding="utf-8")
            os.replace(new, place / "recipe.json")
        self.keys = FileKeys(self.root / "files")
        self.rows = RowStore(place, row_bytes)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know: damage that was found, pictures that could not be kept."""
        rows = []
        if self.rows.damaged:
            rows.append(
                f'Cache of pictures "{self.rows.folder}": '
                f"{counted(self.rows.damaged, 'was damaged and was', 'were damaged and were')} "
                "decoded anew."
            )
        if self._left_out:
            rows.append(
                f'Cache of pictures "{self.root}": '
                f"{counted(self._left_out, 'was not kept and is', 'were not kept and are')} "
                f"decoded each time: {self._why}."
            )
        return tuple(rows)

    def load(
        self, path: str, make: Callable[[str | bytes], UInt8Array], out: UInt8Array, *, place: str
    ) -> int:
        """Fills out with the picture of a file, from the cache or made from its bytes.

        Args:
            path: of the file.
            make: from the bytes of the file, or from the path of one of over 64 MiB, which is
                not kept, to the picture.
            out: (row_bytes,) where the picture goes.
            place: begins the message where the file cannot be read.

        Returns:
            the place of the picture for `rows.read`; -1 where it is not in the cache

        Raises:
            DataError: the file cannot be read; what `make` raises.
        """
        key = self.keys.known(path)
        at = -1 if key is None else self.rows.find(key, out)
        if at >= 0:
            return at
        if _is_big(path):
            out[...] = make(path).reshape(-1)
            return -1
        data, read_key = self.keys.read(path, place)
        if key is None:
            at = self.rows.find(read_key, out)
            if at >= 0:
                return at
        out[...] = make(data).reshape(-1)
        return self.keep(read_key, out)

    def keep(self, key: bytes, picture: UInt8Array) -> int:
        """The place of a new picture; -1 where there is no room for it."""
        if not self._why:
            try:
                if self._room_bytes < len(picture):
                    self._room_bytes = self._make_room()
                if self._room_bytes >= len(picture):
                    self._room_bytes -= len(picture)
                    at = self.rows.append(key, picture)
                    return at if at >= 0 else self.rows.append(key, picture)
            except OSError as error:
                self._why = error.strerror or str(error)
        self._left_out += 1
        return -1

    def _make_room(self) -> int:
        """Bytes that may be written before the next look; none where the limit stands in the way.

        Those files go first that were not used for longest; what was used in the last hour stays.
        """
        wanted = min(_ROOM_BYTES, self._limit_bytes)
        with FileLock(self.root / "lock", _STALE_S):
            stats = {k: v for folder in _recipes(self.root) for k, v in row_files(folder).items()}
            too_much = sum(found.st_size for found in stats.values()) + wanted - self._limit_bytes
            too_much = max(too_much, wanted + _FREE_BYTES - shutil.disk_usage(self.root).free)
            for file, found in sorted(stats.items(), key=lambda item: item[1].st_mtime_ns):
                if too_much <= 0 or time.time_ns() - found.st_mtime_ns < _RECENT_NS:
                    break
                file.unlink(missing_ok=True)
                too_much -= found.st_size
                if not row_files(file.parent) and file.parent != self.rows.folder:
                    shutil.rmtree(file.parent, ignore_errors=True)
        if too_much > 0:
            self._why = (
                f"the limit is {self._limit_bytes / 2**30:.3g} GiB (STRIATE_CACHE_GIB), and the "
                f"disk keeps {_FREE_BYTES / 2**30:.3g} GiB free"
            )
        return max(0, wanted - max(0, too_much))


def cached_pictures(folder: Path | None = None) -> list[CachedPictures]:
    """The cached pictures, by recipe, the last used first.

    Args:
        folder: of all recipes. Default: `pictures` in the cache folder of `striate.settings`.

    Example:
        >>> cached_pictures(Path("nothing"))
        []
    """
    root = folder or settings.cache_folder() / "pictures"
    found = []
    for place in _recipes(root):
        stats = row_files(place).values()
        size = sum(each.st_size for each in stats)
        used = max((each.st_mtime for each in stats), default=0.0)
        recipe = _read_recipe(place)
        count = size // int(recipe.get("row_bytes", size + 1))
        found.append(CachedPictures(place.name, recipe, count, size, used))
    return sorted(found, key=lambda each: -each.used)


def remove_cached(names: Iterable[str] | None = None, *, folder: Path | None = None) -> int:
    """Removes cached pictures; runs that use them go on. Gives the bytes that were removed.

    Args:
        names: of recipes. Default: all, and the table of known files.
        folder: as for `cached_pictures`.

    Raises:
        ArgumentError: no recipe has one of the names.

    Example:
        >>> remove_cached(folder=Path("nothing"))
        0
    """
    root = folder or settings.cache_folder() / "pictures"
    found = {each.name: each for each in cached_pictures(root)}
    wanted = list(found) if names is None else list(names)
    for name in wanted:
        if name not in found:
            near = ", ".join(_check.nearest(name, found))
            fix = f"Nearest: {near}." if near else "The cache is empty."
            _check.fail("cache rm", "name", "be one that striate cache ls lists", name, fix)
    for name in wanted:
        shutil.rmtree(root / name, ignore_errors=True)
    if names is None:
        (root / "files").unlink(missing_ok=True)
    return sum(found[name].size_bytes for name in wanted)


def _is_big(path: str) -> bool:
    try:
        return os.stat(path).st_size > _FILE_CAP_BYTES
    except (OSError, ValueError):  # whoever reads it says why it cannot be read
        return False


def _recipes(root: Path) -> list[Path]:
    return sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []


def _read_recipe(place: Path) -> dict[str, Any]:
    try:
        found = json.loads((place / "recipe.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
