"""The whole examination of a data set: every check, one list of findings."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from striate.data.doctor.boxes import box_faults
from striate.data.doctor.class_counts import class_counts
from striate.data.doctor.files import (
    animated,
    constant,
    damaged,
    odd_files,
    rotated,
    tiny,
    transparent,
    wrong_suffix,
)
from striate.data.doctor.finding import KINDS, Finding
from striate.data.doctor.leftovers import leftovers
from striate.data.doctor.masks import mask_faults
from striate.data.doctor.near import near_pictures
from striate.data.doctor.pictures import Pictures, Progress, look_at_all
from striate.data.doctor.repeats import repeats
from striate.data.doctor.sizes import mixed_colour, odd_aspects, odd_sizes
from striate.data.formats.detect import open_index
from striate.data.formats.entries import pictures as pictures_below
from striate.data.index import PictureIndex
from striate.data.paths import PathList
from striate.data.ragged import Ragged
from striate.errors import DataError

__all__ = ["CHECKS", "Checkup", "check_data", "check_indices"]

CHECKS: tuple[Callable[[Pictures], Iterator[Finding]], ...] = (
    damaged,
    leftovers,
    wrong_suffix,
    repeats,
    near_pictures,
    tiny,
    constant,
    class_counts,
    box_faults,
    mask_faults,
    rotated,
    animated,
    odd_files,
    odd_sizes,
    odd_aspects,
    mixed_colour,
    transparent,
)
"""All that is looked for: each gives findings of one or a few kinds."""

_UNKNOWN = "no format"


@dataclass(frozen=True)
class Checkup:
    """What an examination found.

    Args:
        source: the data, as the user named it.
        format: that it was read in, and `why`.
        why: what speaks for the format.
        full: whether all pixels were decoded.
        pictures: part -> how many were looked at.
        classes: part -> class -> pictures, or boxes.
        findings: the worst first, then in the order of `KINDS`.
    """

    source: str
    format: str
    why: str
    full: bool
    pictures: Mapping[str, int]
    classes: Mapping[str, Mapping[str, int]] = field(repr=False)
    findings: tuple[Finding, ...] = field(repr=False)

    @property
    def by_kind(self) -> dict[str, list[Finding]]:
        """The findings of each kind that there are some of."""
        found: dict[str, list[Finding]] = {}
        for each in self.findings:
            found.setdefault(each.kind, []).append(each)
        return found

    @property
    def severities(self) -> Counter[str]:
        """How many errors, warnings and notes there are."""
        return Counter(each.severity for each in self.findings)

    def to_json(self) -> dict[str, Any]:
        """The examination as JSON can hold it."""
        return {
            "source": self.source,
            "format": self.format,
            "why": self.why,
            "full": self.full,
            "pictures": dict(self.pictures),
            "classes": {part: dict(counts) for part, counts in self.classes.items()},
            "counts": {kind: len(found) for kind, found in self.by_kind.items()},
            "findings": [each.to_json() for each in self.findings],
        }


def check_data(
    path: str | os.PathLike[str],
    format: str = "auto",
    *,
    full: bool = True,
    progress: Progress | None = None,
) -> Checkup:
    """Examines a data set in any format. Nothing is written.

    In full every picture is decoded once: damage behind the header, equal and similar pictures,
    pictures of one colour, transparent pixels and the numbers in masks are found by that alone.
    Without it, headers, bytes and annotations are read; equal bytes are found. A folder in no
    known format is examined all the same, as pictures without labels; that is one more error.

    Args:
        path: a folder, a table, a COCO file, a data.yaml, or an archive.
        format: "auto", or one of `striate.data.FORMATS`.
        full: whether all pixels are decoded.
        progress: called with (done, total) every 256 pictures.

    Raises:
        ArgumentError: an unknown format.
        DataError: nothing is there, or a file or named format cannot be read at all.

    Example:
        >>> import PIL.Image
        >>> for name, grey in (("cat/1.png", 9), ("cat/2.png", 9), ("dog/3.png", 90)):
        ...     Path("pets", name).parent.mkdir(parents=True, exist_ok=True)
        ...     PIL.Image.linear_gradient("L").point(lambda v: v * grey // 90).save(f"pets/{name}")
        >>> [each.kind for each in check_data("pets").findings]
        ['duplicate', 'one_picture']
    """
    source = os.fspath(path)
    layout: list[Finding] = []
    try:
        indices = open_index(source, format)
    except DataError as error:
        if format != "auto" or not os.path.isdir(source):
            raise
        indices = _loose(Path(source))
        if not indices:
            raise
        layout.append(Finding.of("layout", str(error).splitlines()[0], [source]))
    return check_indices(indices, source=source, full=full, progress=progress, more=layout)


def check_indices(
    indices: Mapping[str, PictureIndex],
    *,
    source: str = "",
    full: bool = True,
    progress: Progress | None = None,
    more: list[Finding] | None = None,
) -> Checkup:
    """Examines the parts of a data set that is open already.

    Args:
        indices: part -> its pictures.
        source: the data, for the report.
        full: as for `check_data`.
        progress: as for `check_data`.
        more: findings of the caller.
    """
    pictures = look_at_all(indices, full=full, progress=progress)
    found = [*(more or ()), *(finding for check in CHECKS for finding in check(pictures))]
    order = {kind: place for place, kind in enumerate(KINDS)}
    found.sort(key=lambda finding: order[finding.kind])
    first = next(iter(indices.values()))
    return Checkup(
        source,
        first.format,
        first.why,
        full,
        {part: len(index) for part, index in indices.items()},
        {part: index.counts for part, index in indices.items()},
        tuple(found),
    )


def _loose(root: Path) -> dict[str, PictureIndex]:
    """The pictures below a folder, of no class; nothing where there is none."""
    skipped: list[tuple[Path, str]] = []
    names = PathList(root, pictures_below(root, skipped))
    if not len(names):
        return {}
    empty = Ragged.of([[]] * len(names))
    index = PictureIndex(
        root,
        names,
        (),
        label_sets=empty,
        skipped=tuple(skipped),
        format=_UNKNOWN,
        why="no format fits",
    )
    return {"train": index}
