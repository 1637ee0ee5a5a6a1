"""One part of a data set that comes from a table: its rows become an index."""

from __future__ import annotations

import os
from array import array
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from striate import _check
from striate._counted import counted
from striate.data.formats.entries import no_picture
from striate.data.formats.places import below, best_folder, joined, shown
from striate.data.formats.rows import Row
from striate.data.index import PictureIndex
from striate.data.paths import PathList
from striate.data.ragged import Ragged, offsets_of

__all__ = ["TablePart"]


class TablePart:
    """The rows of one part of one table, gathered and then made an index.

    Args:
        table: the file that they stand in.
        many: whether a picture may have several labels.
    """

    def __init__(self, table: Path, many: bool) -> None:
        self.table, self.many = table, many
        self._names: list[str] = []
        self._lines, self._values, self._lengths = array("q"), array("q"), array("q")
        self._faults: list[tuple[Path, str]] = []

    def add(self, row: Row, words: dict[str, int]) -> None:
        """Takes a row; a word that is not yet in words gets the next number."""
        fault = row.fault or no_picture(row.file)
        if fault:
            self._faults.append((Path(row.file or self.table.name), self._said(fault, row.line)))
            return
        self._names.append(row.file)
        self._lines.append(row.line)
        self._values.extend(words.setdefault(word, len(words)) for word in row.labels)
        self._lengths.append(len(row.labels))

    @property
    def codes(self) -> npt.NDArray[np.int64]:
        """The number of each label in the words, all rows one after the other."""
        return np.array(self._values, np.int64)

    def index(
        self,
        root: Path,
        candidates: Sequence[Path],
        class_names: tuple[str, ...],
        numbers: npt.NDArray[np.int64],
    ) -> PictureIndex:
        """The index of the pictures that are there.

        Args:
            root: the folder of the data.
            candidates: folders that the names may begin at.
            class_names: in the order of their numbers.
            numbers: from the number of a label in the words to that of its class.

        Raises:
            DataError: none of the pictures is there.
        """
        base = best_folder(self._names, candidates)
        prefix = below(root, base)
        kept = self._usable(base)
        if not kept:
            rule = "name pictures that are there"
            got = f"{counted(len(self._faults), 'row')} without one"
            path, why = self._faults[0] if self._faults else (self.table, "no row")
            fix = f'The first: "{path}", {why}. Names begin at the folder of the table.'
            _check.data_fail(f'Table "{self.table}"', rule, got, fix)
        sets = Ragged(numbers[self.codes], offsets_of(self._lengths)).take(kept)
        return PictureIndex(
            root,
            PathList(root, (joined(prefix, self._names[i]) for i in kept)),
            class_names,
            labels=None if self.many else sets.values,
            label_sets=sets if self.many else None,
            faults=tuple(self._faults),
            format="table",
            why=f"{self.table.name} names files and labels; files are in {shown(root, base)}",
        )

    def _usable(self, base: Path) -> list[int]:
        """The rows whose pictures are there and that stand there once; the rest are faults."""
        names = PathList(base, self._names)
        again = {later: first for first, later in names.repeated()}
        kept = []
        for i, name in enumerate(self._names):
            if i in again:
                fault = f"named before, line {self._lines[again[i]]}"
            elif not os.path.isfile(os.path.join(base, name)):
                fault = "no such file"
            else:
                kept.append(i)
                continue
            self._faults.append((base / name, self._said(fault, self._lines[i])))
        return kept

    def _said(self, fault: str, line: int) -> str:
        return f"{fault} ({self.table.name}, line {line})"
