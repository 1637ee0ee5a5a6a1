"""The same picture again: in its class, in another class, in another part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from striate.data.doctor.finding import Finding
from striate.data.doctor.pictures import Pictures

__all__ = ["class_words", "part_words", "repeats", "same_content"]


def repeats(pictures: Pictures) -> Iterator[Finding]:
    """Groups of files with the same pixels; where only bytes were read, with the same bytes."""
    what = "pixels" if pictures.full else "bytes"
    for group in same_content(pictures):
        paths = pictures.paths(group)
        same = f"{len(group)} files have the same {what}"
        classes, parts = class_words(pictures, group), part_words(pictures, group)
        if len(classes) > 1:
            yield Finding.of("two_classes", f"{same}, in {' and '.join(classes)}.", paths)
        if len(parts) > 1:
            yield Finding.of("leak", f"{same}, in the parts {' and '.join(parts)}.", paths)
        if len(classes) <= 1 and len(parts) == 1:
            yield Finding.of("duplicate", f"{same}.", paths)


def same_content(pictures: Pictures) -> Iterator[npt.NDArray[np.int64]]:
    """The numbers of each group of pictures of the same content, by their first ones."""
    good = pictures.good
    keys = pictures.facts["content"][good]
    order = np.lexsort((good, keys[:, 1], keys[:, 0]))
    same = (keys[order][1:] == keys[order][:-1]).all(axis=1)
    ends = np.flatnonzero(~np.concatenate([same, [False]]))
    groups = [good[part] for part in np.split(order, ends[:-1] + 1) if len(part) > 1]
    yield from sorted(groups, key=lambda group: int(group[0]))


def class_words(pictures: Pictures, group: Sequence[int] | npt.NDArray[Any]) -> list[str]:
    """The classes of some pictures in words, each once; none where pictures have no class."""
    found = {}
    for number in group:
        classes = pictures.classes_of(int(number))
        if classes is not None:
            names = pictures.indices[pictures.where(int(number))[0]].class_names
            found[classes] = " + ".join(f'"{names[each]}"' for each in classes) or "no class"
    return list(found.values())


def part_words(pictures: Pictures, group: Sequence[int] | npt.NDArray[Any]) -> list[str]:
    """The parts of some pictures, each once."""
    return list(dict.fromkeys(pictures.where(int(number))[0] for number in group))
