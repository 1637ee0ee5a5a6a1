"""What the headers of picture files say, before any of them is decoded."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from striate import _check
from striate.data import Source
from striate.errors import DataError
from striate.io.decode import PictureInfo, probe

__all__ = ["Survey", "check_readable", "survey"]

_GREY = ("1", "L", "LA", "I;16", "I;16L", "I;16B", "I;16N")
_SHOWN, _BATCH = 5, 64


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


def survey(paths: Sequence[Path], root: Path) -> Survey:
    """Reads the headers of picture files.

    Args:
        paths: of the pictures, one at least.
        root: the folder that the messages name.

    Raises:
        DataError: headers that cannot be read; the files are named.
    """
    with ThreadPoolExecutor(thread_name_prefix="striate-survey") as pool:
        found = list(pool.map(_probe, paths))
    _refuse_broken(root, [error for error in found if isinstance(error, DataError)], len(paths))
    infos = [info for info in found if isinstance(info, PictureInfo)]
    sizes = sorted((info.size_px for info in infos), key=lambda size: (size[0] * size[1], size))
    return Survey(
        sizes[0],
        sizes[-1],
        int(np.median([min(size) for size in sizes])),
        1 if all(info.mode in _GREY for info in infos) else 3,
    )


def check_readable(source: Source, root: Path) -> None:
    """Fetches every picture of a source once, so that broken files are found before training.

    A source of files keeps what it has decoded, where that fits in memory.

    Raises:
        DataError: pictures that cannot be decoded; the files are named.
    """
    broken: list[DataError] = []
    for start in range(0, len(source), _BATCH):
        numbers = np.arange(start, min(start + _BATCH, len(source)))
        try:
            source.fetch(numbers)
        except DataError:
            broken += _broken_among(source, numbers)
    _refuse_broken(root, broken, len(source))


def _broken_among(source: Source, numbers: npt.NDArray[np.int64]) -> list[DataError]:
    broken = []
    for number in numbers:
        try:
            source.fetch(np.array([number]))
        except DataError as error:
            broken.append(error)
    return broken


def _probe(path: Path) -> PictureInfo | DataError:
    try:
        return probe(path)
    except DataError as error:
        return error


def _refuse_broken(root: Path, broken: list[DataError], count: int) -> None:
    if not broken:
        return
    shown = " ".join(str(error) for error in broken[:_SHOWN])
    more = f" And {len(broken) - _SHOWN} more." if len(broken) > _SHOWN else ""
    got = f"{len(broken)} of {count:,} that cannot be read: {shown.rstrip('.')}"
    fix = f"Remove or replace {'it' if len(broken) == 1 else 'them'}.{more}"
    _check.data_fail(f'Folder "{root}"', "hold pictures that can be read", got, fix)
