"""The pictures of all parts of a data set as one numbered list, with what was seen of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from striate import _check
from striate.data.doctor.look import FACTS, Unusable, look
from striate.data.index import PictureIndex

__all__ = ["Pictures", "look_at_all"]

Integers = npt.NDArray[np.int64]
Progress = Callable[[int, int], object]

_CHUNK = 256


@dataclass(frozen=True, eq=False)
class Pictures:
    """All pictures, numbered through the parts.

    Args:
        indices: part -> its pictures.
        full: whether the pixels were looked at.
        facts: (n,) rows of `FACTS`; those of a picture that cannot be used are 0.
        faults: number of a picture -> why it cannot be used.
    """

    indices: Mapping[str, PictureIndex]
    full: bool
    facts: npt.NDArray[Any] = field(repr=False)
    faults: Mapping[int, Unusable] = field(repr=False)

    def __len__(self) -> int:
        return len(self.facts)

    @property
    def good(self) -> Integers:
        """Numbers of the pictures that can be used."""
        return np.flatnonzero(self.facts["height"])

    @property
    def begins(self) -> dict[str, int]:
        """part -> number of its first picture."""
        found, begin = {}, 0
        for part, index in self.indices.items():
            found[part] = begin
            begin += len(index)
        return found

    @property
    def parts(self) -> Integers:
        """(n,) number of each picture's part."""
        return np.repeat(np.arange(len(self.indices)), [len(x) for x in self.indices.values()])

    def path(self, number: int) -> str:
        """The path of one picture."""
        for index in self.indices.values():
            if number < len(index):
                return str(index.paths[int(number)])
            number -= len(index)
        _check.fail("check_data", "number", f"be below {len(self)}", number)

    def paths(self, numbers: Any) -> list[str]:
        """The paths of several pictures."""
        return [self.path(int(number)) for number in numbers]

    def where(self, number: int) -> tuple[str, int]:
        """The part of a picture, and its number there."""
        for part, begin in reversed(self.begins.items()):
            if number >= begin:
                return part, int(number - begin)
        _check.fail("check_data", "number", f"be below {len(self)}", number)

    def classes_of(self, number: int) -> tuple[int, ...] | None:
        """The classes of a picture; None where whole pictures have none."""
        part, own = self.where(number)
        index = self.indices[part]
        if index.labels is not None:
            return (int(index.labels[own]),)
        if index.label_sets is not None and index.class_names:
            return tuple(sorted(index.label_sets[own].tolist()))
        return None


def look_at_all(
    indices: Mapping[str, PictureIndex], *, full: bool, progress: Progress | None = None
) -> Pictures:
    """Looks at every picture once, in threads.

    Args:
        indices: part -> its pictures.
        full: whether all pixels are decoded, or headers and bytes alone are read.
        progress: called with (done, total), some hundred pictures apart.
    """
    total = sum(map(len, indices.values()))
    facts = np.zeros(total, FACTS)
    faults: dict[int, Unusable] = {}
    paths: Iterator[str] = (str(path) for index in indices.values() for path in index.paths)
    done = 0
    with ThreadPoolExecutor(thread_name_prefix="striate-doctor") as pool:
        while done < total:
            for seen in pool.map(partial(look, full=full), list(islice(paths, _CHUNK))):
                if isinstance(seen, Unusable):
                    faults[done] = seen
                else:
                    facts[done] = seen
                done += 1
            if progress is not None:
                progress(done, total)
    return Pictures(indices, full, facts, faults)
