"""The pictures that an ImageClassifier is given: files, arrays, or the rows of a table."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.utils import check_array

from striate import _check
from striate.io.decode import probe
from striate.records import Preprocess

__all__ = ["for_arrays", "for_files", "images_of", "paths_of", "pictures_in_rows"]

_SMALLEST_PX, _LARGEST_PX = 16, 128


def paths_of(X: Any) -> list[str] | None:
    """The paths that X holds, or None where it holds something else.

    Example:
        >>> from pathlib import Path
        >>> paths_of([Path("a.png"), "b.png"]), paths_of(np.zeros((2, 8, 8)))
        (['a.png', 'b.png'], None)
    """
    if isinstance(X, str | bytes) or not hasattr(X, "__len__") or getattr(X, "ndim", 1) != 1:
        return None
    listed = list(X)
    if listed and all(isinstance(each, str | os.PathLike) for each in listed):
        return [os.fspath(each) for each in listed]
    return None


def images_of(X: Any, *, place: str) -> npt.NDArray[Any]:
    """Arrays of pictures as (n, h, w, c); numbers that are not finite are refused.

    Args:
        X: (n, h, w) or (n, h, w, c), as an array or nested lists.
        place: whose messages they are.

    Raises:
        ShapeError: another rank.
        ValueError: from scikit-learn: no numbers, or some that are not finite.

    Example:
        >>> images_of(np.zeros((2, 8, 8), np.uint8), place="here").shape
        (2, 8, 8, 1)
    """
    images: npt.NDArray[Any] = check_array(X, ensure_2d=False, allow_nd=True)
    if images.ndim not in (3, 4):
        fix = "For a table say picture_shape=(h, w)."
        rule = "be pictures (n, h, w) or (n, h, w, c)"
        _check.shape_fail(place, rule, images.shape, fix)
    return images[..., None] if images.ndim == 3 else images


def pictures_in_rows(
    table: npt.NDArray[Any], picture_shape: Sequence[int], *, place: str
) -> npt.NDArray[Any]:
    """The rows of a table as pictures (n, h, w, c).

    Args:
        table: (n, h * w * c).
        picture_shape: (h, w) or (h, w, c).
        place: whose messages they are.

    Raises:
        ArgumentError: a shape of another rank, or of another number of numbers.

    Example:
        >>> pictures_in_rows(np.zeros((2, 6)), (2, 3), place="here").shape
        (2, 2, 3, 1)
    """
    shape = tuple(size or 0 for size in _check.sizes(place, "picture_shape", picture_shape))
    if len(shape) not in (2, 3) or math.prod(shape) != table.shape[1]:
        rule = f"be (h, w) or (h, w, c) with the {table.shape[1]} numbers of a row of X"
        _check.fail(place, "picture_shape", rule, picture_shape)
    return table.reshape(len(table), *shape, *([1] if len(shape) == 2 else []))


def for_files(paths: Sequence[str], *, place: str, size_px: int | None) -> Preprocess:
    """How picture files are brought to one size: the median of their shorter sides, 16 to 128.

    They become grey where all of them are.

    Args:
        paths: of the files.
        place: whose messages they are.
        size_px: the side, where it is given.

    Raises:
        ArgumentError: a side below 8.
        DataError: a header that cannot be read; the file is named.
    """
    with ThreadPoolExecutor(thread_name_prefix="striate-headers") as pool:
        infos = list(pool.map(probe, paths))
    if size_px is None:
        median = int(np.median([min(info.size_px) for info in infos]))
        side = max(_SMALLEST_PX, min(_LARGEST_PX, median))
    else:
        side = _check.whole(place, "size_px", size_px, 8)
    grey = all(info.mode in ("1", "L", "LA") or info.mode.startswith("I;16") for info in infos)
    return Preprocess(size=(side, side), channels=1 if grey else 3, scale=1 / 255)


def for_arrays(images: npt.NDArray[Any], *, place: str, size_px: int | None) -> Preprocess:
    """What brings arrays to small numbers: uint8 pictures to 0..1, anything else to mean 0.

    Args:
        images: (n, h, w, c).
        place: whose messages they are.
        size_px: must be None, as arrays keep their size.

    Raises:
        ArgumentError: size_px is given.

    Example:
        >>> for_arrays(np.array([[[[2.0], [4.0]]]]), place="here", size_px=None).mean
        (3.0,)
    """
    if size_px is not None:
        rule = "be left out where X holds arrays, which keep their size"
        _check.fail(place, "size_px", rule, size_px)
    height, width, channels = images.shape[1:]
    if images.dtype == np.uint8 and channels in (1, 3):
        return Preprocess(size=(height, width), channels=channels, scale=1 / 255)
    spread = float(images.std(dtype=np.float64))
    return Preprocess(mean=(float(images.mean(dtype=np.float64)),), std=(spread or 1.0,))
