"""What the format's reader could not use, and what it left aside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from striate.data.doctor.finding import Finding
from striate.data.doctor.pictures import Pictures

__all__ = ["leftovers"]

_ALONE = ("a picture without", "a mask without", "a label without", "labels without")


def leftovers(pictures: Pictures) -> Iterator[Finding]:
    """Annotations that cannot be used, pictures or annotations that stand alone, and the rest."""
    for index in pictures.indices.values():
        for path, why in index.faults:
            yield Finding.of(_kind(why, "unusable"), _sentence(why), [str(path)])
    others: dict[str, list[Path]] = {}
    for index in pictures.indices.values():
        for path, why in index.skipped:
            others.setdefault(why, []).append(path)
    for why, paths in others.items():
        kind = _kind(why, "skipped")
        if kind == "skipped":
            files = "is" if len(paths) == 1 else "are"
            yield Finding.of(kind, f"{len(paths):,} {files} left aside: {why}.", map(str, paths))
        else:
            for path in paths:
                yield Finding.of(kind, _sentence(why), [str(path)])


def _kind(why: str, other: str) -> str:
    return "unpaired" if why.startswith(_ALONE) else other


def _sentence(why: str) -> str:
    return f"{why[:1].upper()}{why[1:]}".rstrip(".") + "."
