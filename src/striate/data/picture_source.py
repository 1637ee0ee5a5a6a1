"""Picture files as a source: decoded and fitted once, by threads, and then read from a cache."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from striate import _check, settings
from striate.data.cache import PictureCache
from striate.data.files import MEMORY_LIMIT_BYTES, FileSource
from striate.data.order import IndexArray
from striate.data.pictures import FITTING, read_picture
from striate.io.decode import DECODER
from striate.records import Preprocess

__all__ = ["PictureSource"]

_UNREAD, _NOT_CACHED = -1, -2


class PictureSource(FileSource):
    """Picture files, decoded and fitted by threads when they are first fetched.

    The fitted pictures are kept in the cache folder, by the content of their files: later epochs
    and later runs map them from there, and the operating system holds in memory what there is
    room for. A file that changed is decoded anew by the next source. Without a cache, fitted
    pictures are kept in memory where all together take no more than a limit.

    Args:
        paths: one file a sample.
        targets: one row a sample, in any structure that `ArraySource` takes; None to predict.
        preprocess: with `size` and `channels`; its scale, mean, std and order are not applied.
        weights: weight of each sample in the loss; None for 1 each.
        memory_limit_bytes: greatest size of all fitted pictures that is kept in memory where
            there is no cache; 0 keeps none. Default 1 GiB.
        cache_limit_bytes: greatest size of all cached pictures of all runs; 0 for no cache.
            Default: STRIATE_CACHE_GIB, else 16 GiB.

    Raises:
        ArgumentError: preprocess names no size or no channels, or a limit is below 0.
        ShapeError: no path, or targets or weights of another length.
        DataError: from `fetch`: a file cannot be decoded, or has changed since it was first
            decoded; it is named.

    Example:
        >>> import PIL.Image
        >>> PIL.Image.new("RGB", (40, 30), (255, 0, 0)).save("red.png")
        >>> preprocess = Preprocess((2, 2), channels=3)
        >>> source = PictureSource(["red.png"], [3], preprocess=preprocess, cache_limit_bytes=0)
        >>> images, targets, _ = source.fetch(np.array([0]))
        >>> images.shape, images.dtype, targets
        (torch.Size([1, 2, 2, 3]), torch.uint8, tensor([3]))
    """

    def __init__(
        self,
        paths: Iterable[str | os.PathLike[str]],
        targets: Any = None,
        *,
        preprocess: Preprocess,
        weights: Any = None,
        memory_limit_bytes: int = MEMORY_LIMIT_BYTES,
        cache_limit_bytes: int | None = None,
    ) -> None:
        if preprocess.size is None or preprocess.channels is None:
            rule = "name size and channels: the pictures of a batch are of one shape"
            fix = "For example Preprocess(size=(128, 128), channels=3)."
            _check.fail("PictureSource", "preprocess", rule, preprocess, fix)
        if cache_limit_bytes is None:
            cache_limit_bytes = settings.picture_cache_bytes()
        limit_bytes = _check.whole("PictureSource", "cache_limit_bytes", cache_limit_bytes, 0)
        self.preprocess = preprocess
        shape = (*preprocess.size, preprocess.channels)
        self._no_cache = ""
        self._cache = self._opened_cache(shape, limit_bytes)
        super().__init__(
            paths,
            targets,
            read=self._decoded,
            shape=shape,
            weights=weights,
            memory_limit_bytes=memory_limit_bytes if self._cache is None else 0,
        )
        self._places = np.full(len(self), _UNREAD, np.int64)
        self._seen = np.zeros(len(self), np.int64)

    def _opened_cache(self, shape: tuple[int, ...], limit_bytes: int) -> PictureCache | None:
        recipe: dict[str, Any] = {
            "decoder": DECODER,
            "fitting": FITTING,
            "size": list(shape[:2]),
            "channels": shape[2],
            "fit": self.preprocess.fit,
            "interpolation": self.preprocess.interpolation,
        }
        if self.preprocess.short_side_px is not None:
            recipe["short_side_px"] = self.preprocess.short_side_px
        row_bytes = int(np.prod(shape))
        if limit_bytes < row_bytes:
            return None
        try:
            return PictureCache(recipe, row_bytes, limit_bytes=limit_bytes)
        except OSError as error:
            reason = error.strerror or str(error)
            self._no_cache = f"Cache of pictures: none is used, as its folder fails: {reason}."
            return None

    @property
    def notes(self) -> tuple[str, ...]:
        """What happened in the cache that the user should know, in sentences; mostly nothing."""
        if self._cache is None:
            return (self._no_cache,) if self._no_cache else ()
        return self._cache.notes

    @property
    def slow(self) -> bool:
        """Whether files must still be read: false once all pictures are in the cache or memory."""
        return super().slow if self._cache is None else bool((self._places < 0).any())

    def _decoded(self, source: str | bytes, name: str | None = None) -> npt.NDArray[np.uint8]:
        return read_picture(source, self.preprocess, name=name)

    def _samples(self, indices: IndexArray) -> Tensor:
        if self._cache is None:
            return super()._samples(indices)
        samples = self._empty(len(indices))
        rows = samples.reshape(len(indices), self._cache.rows.row_bytes)
        places = self._places[indices]
        cached = np.flatnonzero(places >= 0)
        if len(cached) == len(indices) and len(indices):
            there = self._cache.rows.read(places, rows)
        else:
            there = np.zeros(len(indices), np.bool_)
            if len(cached):
                found = np.empty((len(cached), rows.shape[1]), np.uint8)
                there[cached] = self._cache.rows.read(places[cached], found)
                rows[cached] = found
        if not there.all():
            missing = np.flatnonzero(~there)
            self._fill(rows, indices[missing], missing)
        return torch.from_numpy(samples)

    def _load(self, number: int, row: npt.NDArray[Any]) -> None:
        path = self.paths[number]
        self._require_unchanged(number, path)
        if self._cache is None or self._places[number] == _NOT_CACHED:
            row[...] = self._decoded(path).reshape(row.shape)
            return
        at = self._cache.load(
            path,
            lambda source: self._decoded(source, path),
            row,
            place=f'Picture "{path}"',
        )
        self._places[number] = at if at >= 0 else _NOT_CACHED

    def _require_unchanged(self, number: int, path: str) -> None:
        """Refuses a file of another size or time of change than when it was first read."""
        try:
            found = os.stat(path)
        except (OSError, ValueError):
            return  # reading it says why
        now = hash((found.st_size, found.st_mtime_ns)) or 1
        if self._seen[number] == 0:
            self._seen[number] = now
        elif self._seen[number] != now:
            rule = "stay as it was while it is in use"
            fix = "Begin anew, with data that nothing changes meanwhile."
            _check.data_fail(f'Picture "{path}"', rule, "a file that was changed", fix)
