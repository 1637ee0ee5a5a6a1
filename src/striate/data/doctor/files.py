"""Files: damaged, named wrongly, turned, animated, tiny, unlike the others."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

import numpy as np

from striate._counted import counted
from striate.data.doctor.finding import Finding
from striate.data.doctor.pictures import Pictures
from striate.io.decode import FORMATS

__all__ = [
    "animated",
    "constant",
    "damaged",
    "odd_files",
    "rotated",
    "tiny",
    "transparent",
    "wrong_suffix",
]

_ENDINGS = {
    "JPEG": (".jpg", ".jpeg"),
    "PNG": (".png",),
    "WEBP": (".webp",),
    "BMP": (".bmp",),
    "GIF": (".gif",),
}
_TINY_PX, _TINY_SHARE, _ALWAYS_TINY_PX = 16, 0.5, 4
_RARE_SHARE, _MANY = 0.02, 50


def damaged(pictures: Pictures) -> Iterator[Finding]:
    """Files that are cut off or cannot be decoded for another reason."""
    for number, fault in pictures.faults.items():
        yield Finding.of(fault.kind, fault.why, [pictures.path(number)])


def wrong_suffix(pictures: Pictures) -> Iterator[Finding]:
    """Files whose content is another format than their ending says."""
    for number in pictures.good:
        path = pictures.path(number)
        format = FORMATS[pictures.facts["format"][number]]
        ending = os.path.splitext(path)[1].lower()
        if ending not in _ENDINGS[format] and any(ending in each for each in _ENDINGS.values()):
            yield Finding.of("wrong_suffix", f"It ends with {ending} and holds {format}.", [path])


def rotated(pictures: Pictures) -> Iterator[Finding]:
    """Files that are stored turned or mirrored, and say so."""
    numbers = np.flatnonzero(pictures.facts["orientation"] > 1)
    if len(numbers):
        some = counted(len(numbers), "is", "are")
        text = f"{some} stored turned or mirrored, with an orientation that says so."
        yield Finding.of("rotated", text, pictures.paths(numbers))


def animated(pictures: Pictures) -> Iterator[Finding]:
    """Files of several frames."""
    numbers = np.flatnonzero(pictures.facts["animated"])
    if len(numbers):
        some = counted(len(numbers), "holds", "hold")
        text = f"{some} several frames, of which the first is used."
        yield Finding.of("animated", text, pictures.paths(numbers))


def tiny(pictures: Pictures) -> Iterator[Finding]:
    """Pictures of under 16 pixels, and under half of what is usual here; or of under 4."""
    facts = pictures.facts[pictures.good]
    shorter = np.minimum(facts["height"], facts["width"])
    limit = min(_TINY_PX, _TINY_SHARE * float(np.median(shorter))) if len(shorter) else 0
    for place in np.flatnonzero(shorter < max(limit, _ALWAYS_TINY_PX)):
        text = f"It has {facts['height'][place]} × {facts['width'][place]} pixels."
        yield Finding.of("tiny", text, [pictures.path(int(pictures.good[place]))])


def constant(pictures: Pictures) -> Iterator[Finding]:
    """Pictures whose pixels differ by no more than 3 of 255 in any channel."""
    for number in np.flatnonzero(pictures.facts["constant"]):
        text = "All its pixels have the same colour."
        yield Finding.of("constant", text, [pictures.path(int(number))])


def transparent(pictures: Pictures) -> Iterator[Finding]:
    """Pictures with transparency; where only headers were read, with a channel for it."""
    numbers = np.flatnonzero(pictures.facts["alpha"])
    if len(numbers):
        what = "transparent pixels" if pictures.full else "a channel of transparency"
        text = f"{counted(len(numbers), 'has', 'have')} {what}."
        yield Finding.of("transparent", text, pictures.paths(numbers))


def odd_files(pictures: Pictures) -> Iterator[Finding]:
    """Where there are 50 files and more: formats, or endings, that 2 % or fewer of them have."""
    good = pictures.good
    if len(good) < _MANY:
        return
    endings = [os.path.splitext(pictures.path(number))[1].lower() for number in good]
    formats = [FORMATS[code] for code in pictures.facts["format"][good]]
    often_formats, often = Counter(formats), Counter(endings)
    for number, format, ending in zip(good, formats, endings, strict=True):
        count = often_formats[format]
        some = f"{counted(count, 'is', 'are')} {format}"
        if count > _RARE_SHARE * len(good):
            count = often[ending]
            some = f"{counted(count, 'ends', 'end')} with {ending}"
        if count <= _RARE_SHARE * len(good):
            text = f"Of {len(good):,} files {some}."
            yield Finding.of("odd_file", text, [pictures.path(number)])
