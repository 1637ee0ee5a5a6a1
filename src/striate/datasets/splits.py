"""mnist.pkl.gz: MNIST as three pickled pairs of pixels and labels, pixels as fractions."""

from __future__ import annotations

import gzip
import math
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from striate import _check
from striate.datasets.pickled import read_pickle
from striate.datasets.record import Split, UInt8Array
from striate.datasets.refusal import Refused

__all__ = ["read_splits"]

_ITEM_BYTES = 8
_EXTRA_BYTES = 1 << 16
_ROWS = 4096


def read_splits(path: Path, shapes: Mapping[str, tuple[int, ...]]) -> Split:
    """Reads ((x, y) train, (x, y) validation, (x, y) test); the first two are joined again.

    Pixels are whole numbers, or fractions of 256 or 255; they become 0..255 and must do so
    without rounding. Pictures may be flat.

    Raises:
        DataError: cannot be read, asks for anything but arrays, or holds other arrays.
    """
    place = f'File "{path}"'
    cap = sum(map(math.prod, shapes.values())) * _ITEM_BYTES + _EXTRA_BYTES
    rule, fix = "be a gzipped pickle of three pairs of arrays", "Remove it or fetch it again."
    try:
        with gzip.open(path, "rb") as file:
            data = file.read(cap + 1)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        _check.data_fail(place, rule, reason, fix)
    if len(data) > cap:
        _check.data_fail(place, rule, f"more than {cap:,} bytes", fix)
    pairs = read_pickle(data, place)
    del data
    try:
        *train, test = [(_pixels(x.array()), _labels(y.array())) for x, y in pairs]
        x_train, y_train = (np.concatenate(arrays) for arrays in zip(*train, strict=True))
        return (
            (x_train.reshape(shapes["x_train"]), y_train.reshape(shapes["y_train"])),
            (test[0].reshape(shapes["x_test"]), test[1].reshape(shapes["y_test"])),
        )
    except Refused as error:
        _check.data_fail(place, rule, str(error), fix)
    except (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError) as error:
        _check.data_fail(place, rule, str(error) or type(error).__name__, fix)


def _pixels(array: npt.NDArray[Any]) -> UInt8Array:
    if array.dtype.kind != "f":
        return _labels(array)
    pixels = np.empty(array.shape, np.uint8)
    for scale in (256, 255):
        for begin in range(0, len(array), _ROWS):
            scaled = array[begin : begin + _ROWS] * array.dtype.type(scale)
            whole = np.rint(scaled)
            if not np.abs(scaled - whole).max(initial=0.0) < 1e-3:
                break
            pixels[begin : begin + _ROWS] = _labels(whole)
        else:
            return pixels
    raise Refused("pixels that are no fractions of 256 or 255")


def _labels(array: npt.NDArray[Any]) -> UInt8Array:
    if array.size and not (0 <= array.min() and array.max() <= 255):
        raise Refused(f"values from {array.min()} to {array.max()}")
    return array.astype(np.uint8, order="C")
