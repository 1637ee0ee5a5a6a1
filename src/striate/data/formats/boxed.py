"""Pictures with boxes, gathered one by one and then made an index."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from striate import _check
from striate.data.boxes import Box, BoxTable
from striate.data.index import PictureIndex
from striate.data.paths import PathList
from striate.errors import DataError
from striate.io.decode import probe

__all__ = ["BoxedPictures", "sizes_of"]

Size = tuple[int, int]


class BoxedPictures:
    """The pictures of one part, their boxes, and what cannot be used.

    Args:
        root: the folder that the pictures' names begin at.
        part: "train", "val" or "test", for the messages.
    """

    def __init__(self, root: Path, part: str) -> None:
        self.root, self.part = root, part
        self.faults: list[tuple[Path, str]] = []
        self.skipped: list[tuple[Path, str]] = []
        self._names: list[str] = []
        self._seen: set[str] = set()
        self._sizes: list[Size] = []
        self._boxes: list[Sequence[Box]] = []

    def add(self, name: str, size_px: Size, boxes: Sequence[Box]) -> None:
        """Takes one picture with its (h, w) and its boxes; the same name again is a fault."""
        if name in self._seen:
            self.refuse(self.root / name, "named before")
            return
        self._seen.add(name)
        self._names.append(name)
        self._sizes.append(size_px)
        self._boxes.append(boxes)

    def refuse(self, path: Path, why: str) -> None:
        """Takes note of a picture or annotation that cannot be used."""
        self.faults.append((path, why))

    def index(
        self,
        class_names: Sequence[str],
        *,
        class_ids: Sequence[int] | None = None,
        format: str,
        why: str,
    ) -> PictureIndex:
        """The index of what was taken.

        Raises:
            DataError: no picture was taken.
        """
        if not self._names:
            got, fix = "none", "Check where the pictures are."
            if self.faults:
                path, reason = self.faults[0]
                got = f"none, but {len(self.faults)} that cannot be used"
                fix = f'The first: "{path}", {reason}.'
            rule = f"hold pictures with boxes in the part {self.part}"
            _check.data_fail(f'Folder "{self.root}"', rule, got, fix)
        return PictureIndex(
            self.root,
            PathList(self.root, self._names),
            tuple(class_names),
            boxes=BoxTable.of(self._boxes),
            sizes_px=np.array(self._sizes, np.int32).reshape(-1, 2),
            class_ids=None if class_ids is None else tuple(class_ids),
            skipped=tuple(self.skipped),
            faults=tuple(self.faults),
            format=format,
            why=why,
        )


def sizes_of(paths: Sequence[str | os.PathLike[str]]) -> list[Size | str]:
    """(h, w) of each picture, upright, by its header; or why there is none."""
    with ThreadPoolExecutor(thread_name_prefix="striate-sizes") as pool:
        return list(pool.map(_size, paths))


def _size(path: str | os.PathLike[str]) -> Size | str:
    try:
        return probe(path).size_px
    except DataError as error:
        return str(error)
