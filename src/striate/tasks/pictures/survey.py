"""What the headers of picture files say, before any of them is decoded."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from striate.data import Source
from striate.errors import DataError
from striate.io.decode import PictureInfo, probe

__all__ = ["Survey", "survey", "unreadable"]

_GREY = ("1", "L", "LA", "I;16", "I;16L", "I;16B", "I;16N")
_BATCH = 64


@dataclass(frozen=True)
class Survey:
    """Sizes and colours of some pictures.

    Args:
        smallest_px, largest_px: (h, w) of the pictures with the fewest and the most pixels.
        median_shorter_px: median of the shorter sides.
        channels: 1 where all pictures are grey, else 3.
    """

    smallest_px: tuple[int, int]
    largest_px: tuple[int, int]
    median_shorter_px: int
    channels: int

    @property
    def text(self) -> str:
        """Sizes and colour in a few words."""
        (h0, w0), (h1, w1) = self.smallest_px, self.largest_px
        same = self.smallest_px == self.largest_px
        sizes = f"{h0} × {w0} pixels" if same else f"{h0} × {w0} to {h1} × {w1} pixels"
        return f"{sizes}, {'grey' if self.channels == 1 else 'colour'}"


def survey(paths: Sequence[Path]) -> tuple[Survey | None, dict[int, str]]:
    """What the headers of picture files say, and which cannot be read.

    Args:
        paths: of the pictures.

    Returns:
        What the readable ones have; None where there is none. And why not, by the number of each
        that cannot be read.
    """
    with ThreadPoolExecutor(thread_name_prefix="striate-survey") as pool:
        found = list(pool.map(_probe, paths))
    infos = [info for info in found if isinstance(info, PictureInfo)]
    broken = {i: str(error) for i, error in enumerate(found) if isinstance(error, DataError)}
    if not infos:
        return None, broken
    sizes = sorted((info.size_px for info in infos), key=lambda size: (size[0] * size[1], size))
    seen = Survey(
        sizes[0],
        sizes[-1],
        int(np.median([min(size) for size in sizes])),
        1 if all(info.mode in _GREY for info in infos) else 3,
    )
    return seen, broken


def unreadable(source: Source) -> dict[int, str]:
    """Fetches every picture of a source once: why not, by the number of each that cannot be.

    A source of files keeps what it has decoded in its cache, so that training need not do it.

    Raises:
        DataError: memory does not suffice for a picture, which is no fault of its own.
    """
    broken: dict[int, str] = {}
    for start in range(0, len(source), _BATCH):
        numbers = np.arange(start, min(start + _BATCH, len(source)))
        if not _all_there(source, numbers):
            broken |= _broken_among(source, numbers)
    return broken


def _all_there(source: Source, numbers: npt.NDArray[np.int64]) -> bool:
    try:
        source.fetch(numbers)
    except DataError:
        return False
    return True


def _broken_among(source: Source, numbers: npt.NDArray[np.int64]) -> dict[int, str]:
    broken = {}
    for number in numbers:
        try:
            source.fetch(np.array([number]))
        except DataError as error:
            if isinstance(error.__context__, MemoryError):
                raise
            broken[int(number)] = str(error)
    return broken


def _probe(path: Path) -> PictureInfo | DataError:
    try:
        return probe(path)
    except DataError as error:
        return error
