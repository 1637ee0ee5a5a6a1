"""Files as a source: read by threads, kept in memory where they are small together."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from striate import _check, structure
from striate.data.order import IndexArray
from striate.data.path_list import PathList
from striate.data.source import as_tensors, as_weights, rows_of

__all__ = ["MEMORY_LIMIT_BYTES", "FileSource"]

MEMORY_LIMIT_BYTES = 2**30
"""What was read is kept in memory up to this many bytes, unless another limit is given."""

_FILES_A_TASK = 4


class FileSource:
    """One file a sample, read by threads when it is first fetched.

    Where all samples together take no more than a limit, each file is read once, and later epochs
    come from memory. The threads are those of the machine; they never change order or values.

    Args:
        paths: one file a sample.
        targets: one row a sample, in any structure that `ArraySource` takes; None to predict.
        read: path -> array of `shape` and `dtype`; called by several threads.
        shape: of one sample.
        dtype: of the samples. Default uint8.
        weights: weight of each sample in the loss; None for 1 each.
        memory_limit_bytes: greatest size of all samples that is kept; 0 keeps none. Default 1 GiB.

    Raises:
        ShapeError: no path, or targets or weights of another length.
        ArgumentError: memory_limit_bytes is below 0. What `read` raises comes from `fetch`.

    Example:
        >>> source = FileSource(["a", "bc"], read=lambda path: np.array([len(path)]), shape=(1,))
        >>> source.fetch(np.array([1, 0]))[0]
        tensor([[2],
                [1]], dtype=torch.uint8)
    """

    def __init__(
        self,
        paths: Iterable[str | os.PathLike[str]],
        targets: Any = None,
        *,
        read: Callable[[str], npt.NDArray[Any]],
        shape: tuple[int, ...],
        dtype: npt.DTypeLike = np.uint8,
        weights: Any = None,
        memory_limit_bytes: int = MEMORY_LIMIT_BYTES,
    ) -> None:
        limit_bytes = _check.whole(self._place, "memory_limit_bytes", memory_limit_bytes, 0)
        self.paths = PathList(paths)
        self.targets, self.weights = targets, weights
        if targets is not None:
            self.targets = as_tensors(targets, "targets", place=self._place)
        if weights is not None:
            self.weights = as_weights(weights, place=self._place)
        self._check_lengths()
        self._read = read
        self._shape, self._dtype = shape, np.dtype(dtype)
        size_bytes = len(self.paths) * int(np.prod(shape)) * self._dtype.itemsize
        self._kept = size_bytes <= limit_bytes
        self._memory = self._empty(len(self.paths) if self._kept else 0)
        self._present = np.zeros(len(self.paths), np.bool_)
        self._pool = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="striate-files")

    @property
    def _place(self) -> str:
        return type(self).__name__

    def _check_lengths(self) -> None:
        if not self.paths:
            _check.shapes_fail(self._place, "paths", "name at least one file", {"paths": (0,)})
        for part in ("targets", "weights"):
            for leaf in structure.leaves(getattr(self, part)):
                if leaf is not None and tuple(leaf.shape[:1]) != (len(self.paths),):
                    shapes = {"paths": (len(self.paths),), part: tuple(leaf.shape)}
                    _check.shapes_fail(self._place, part, "have one row a path", shapes)

    def _empty(self, count: int) -> npt.NDArray[Any]:
        return np.empty((count, *self._shape), self._dtype)

    @property
    def slow(self) -> bool:
        """Whether files must still be read: false once all samples are in memory."""
        return not bool(self._present.all())

    def __len__(self) -> int:
        return len(self.paths)

    def fetch(self, indices: IndexArray) -> tuple[Any, Any, Any]:
        """(images, targets, weights) of the samples with these numbers, in this order."""
        targets, weights = (
            None
            if part is None
            else structure.map_leaves(lambda leaf: rows_of(leaf, indices), part)
            for part in (self.targets, self.weights)
        )
        return self._samples(indices), targets, weights

    def _samples(self, indices: IndexArray) -> Tensor:
        samples = self._empty(len(indices))
        if not self._kept:
            self._fill(samples, indices)
            return torch.from_numpy(samples)
        missing = indices[~self._present[indices]]
        if len(missing):
            self._fill(self._memory, missing, missing)
            self._present[missing] = True
        if len(indices):
            np.take(self._memory, indices, axis=0, out=samples, mode="clip")
        return torch.from_numpy(samples)

    def _fill(
        self, rows: npt.NDArray[Any], indices: IndexArray, places: IndexArray | None = None
    ) -> None:
        """Reads the files of these numbers, some by each thread, into the rows at these places."""
        if places is None:
            places = np.arange(len(indices))

        def fill(start: int) -> None:
            for at in range(start, min(start + _FILES_A_TASK, len(indices))):
                self._load(int(indices[at]), rows[places[at]])

        list(self._pool.map(fill, range(0, len(indices), _FILES_A_TASK)))

    def _load(self, number: int, row: npt.NDArray[Any]) -> None:
        """Reads one file into a row."""
        row[...] = self._read(self.paths[number])
