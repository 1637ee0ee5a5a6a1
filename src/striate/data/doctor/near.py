"""Pictures that look the same: found by their hashes, and believed after a second look."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from striate.data.doctor.finding import Finding
from striate.data.doctor.pictures import Pictures
from striate.data.doctor.repeats import class_words, part_words, same_content
from striate.data.pictures import read_picture
from striate.errors import DataError
from striate.records import Preprocess

__all__ = ["NEAR_BITS", "near_pictures"]

NEAR_BITS = 6
"""Hashes that differ in so many of 64 bits, or in fewer, are worth a second look."""

_BANDS = NEAR_BITS + 1  # two hashes within NEAR_BITS agree in at least one of so many bands
_SIDE_PX, _MEAN_OFF, _SHARE_OFF, _WORST_OFF, _BLOCK = 32, 6.0, 0.2, 24.0, 4
_FITTING = Preprocess(size=(_SIDE_PX, _SIDE_PX), channels=3)
_REMEMBERED, _ROWS = 4096, 1 << 20


def near_pictures(pictures: Pictures) -> Iterator[Finding]:
    """Groups of pictures that look the same and are not: other sizes, qualities, brightness.

    The candidates' hashes differ in at most 6 of 64 bits. Both are then seen at 32 × 32 pixels
    in colour, each about its mean: 6 of 255 is the most that they may be apart on average, and a
    fifth of how far a pixel is from the mean, and 24 in any block of 4 × 4. Mirrored, turned and
    cropped copies are not looked for. Pictures of one colour are left out.
    """
    if not pictures.full:
        return
    seen = _Small(pictures)
    above = np.arange(len(pictures))
    repeated = {int(n): int(group[0]) for group in same_content(pictures) for n in group}

    def top(number: int) -> int:
        while above[number] != number:
            above[number] = above[above[number]]
            number = int(above[number])
        return number

    for first, second in _candidates(pictures):
        first, second = repeated.get(first, first), repeated.get(second, second)
        a, b = sorted((top(first), top(second)))
        if a != b and seen.alike(first, second):
            above[b] = a
    groups: dict[int, list[int]] = {}
    for number in np.flatnonzero(above != np.arange(len(above))):
        groups.setdefault(top(int(number)), []).append(int(number))
    for first, others in groups.items():
        yield _finding(pictures, [first, *others])


def _finding(pictures: Pictures, group: list[int]) -> Finding:
    classes, parts = class_words(pictures, group), part_words(pictures, group)
    same = f"{len(group)} pictures look the same"
    paths = pictures.paths(group)
    if len(parts) > 1:
        return Finding.of("near_leak", f"{same}, in the parts {' and '.join(parts)}.", paths)
    if len(classes) > 1:
        return Finding.of("near_two_classes", f"{same}, in {' and '.join(classes)}.", paths)
    return Finding.of("near_duplicate", f"{same}.", paths)


def _candidates(pictures: Pictures) -> Iterator[tuple[int, int]]:
    """Pairs of numbers whose hashes are near; a pair may come several times."""
    numbers = pictures.good[~pictures.facts["constant"][pictures.good]]
    hashes = pictures.facts["looks"][numbers]
    edges = np.linspace(0, 64, _BANDS + 1).astype(np.uint64)
    for low, high in pairwise(edges):
        band = (hashes >> low) & np.uint64((1 << int(high - low)) - 1)
        order = np.argsort(band, kind="stable")
        ends = np.flatnonzero(np.diff(band[order])) + 1
        for members in np.split(order, ends):
            yield from _near_within(numbers[members], hashes[members])


def _near_within(
    numbers: npt.NDArray[np.int64], hashes: npt.NDArray[np.uint64]
) -> Iterator[tuple[int, int]]:
    step = max(1, _ROWS // max(len(hashes), 1))
    for begin in range(0, len(hashes) - 1, step):
        rows = hashes[begin : begin + step, None] ^ hashes[None, begin:]
        for i, j in np.argwhere(np.bitwise_count(rows) <= NEAR_BITS):
            if i < j:
                yield int(numbers[begin + i]), int(numbers[begin + j])


class _Small:
    """Small copies of the pictures that are looked at twice, the last some thousand kept."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self._kept: OrderedDict[int, npt.NDArray[np.float32] | None] = OrderedDict()

    def alike(self, first: int, second: int) -> bool:
        """Whether two pictures look the same, brightness aside."""
        a, b = self._small(first), self._small(second)
        if a is None or b is None:
            return False
        off = np.abs(a - b)
        count = _SIDE_PX // _BLOCK
        signed = (a - b).reshape(count, _BLOCK, count, _BLOCK, 3).mean(axis=(1, 3))
        most = min(_MEAN_OFF, _SHARE_OFF * float(np.abs(a).mean()))
        return bool(off.mean() <= most and np.abs(signed).max() <= _WORST_OFF)

    def _small(self, number: int) -> npt.NDArray[np.float32] | None:
        if number not in self._kept:
            if len(self._kept) >= _REMEMBERED:
                self._kept.popitem(last=False)
            try:
                pixels = read_picture(self._pictures.path(number), _FITTING).astype(np.float32)
                self._kept[number] = pixels - pixels.mean()
            except DataError:  # it changed since the first look
                self._kept[number] = None
        return self._kept[number]
