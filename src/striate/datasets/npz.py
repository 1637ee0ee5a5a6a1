"""The four arrays of a data set in one .npz file, as Keras keeps MNIST."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from striate import _check
from striate.datasets.record import ARRAYS, Split, UInt8Array
from striate.datasets.refusal import Refused

__all__ = ["read_npz"]

_ITEM_BYTES = 8  # labels are often int64
_HEADER_BYTES = 1 << 16


def read_npz(path: Path, shapes: Mapping[str, tuple[int, ...]]) -> Split:
    """Reads x_train, y_train, x_test and y_test, whole numbers 0..255 of these shapes, as uint8.

    No pickled object is read, and no more is unpacked than the shapes can need.

    Raises:
        DataError: cannot be read, lacks an array, or holds one of another kind.
    """
    place = f'File "{path}"'
    try:
        with zipfile.ZipFile(path) as archive:
            x_train, y_train, x_test, y_test = (
                _bytes_array(_member(archive, name, shapes[name]), name) for name in ARRAYS
            )
    except Exception as error:  # a damaged archive raises nearly every built-in type
        reason = str(error) or type(error).__name__
        rule = f"be an .npz file of {', '.join(ARRAYS)}"
        _check.data_fail(place, rule, reason, "Remove it or fetch it again.")
    return (x_train, y_train), (x_test, y_test)


def _member(archive: zipfile.ZipFile, name: str, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    info = archive.getinfo(f"{name}.npy")
    if info.file_size > math.prod(shape) * _ITEM_BYTES + _HEADER_BYTES:
        raise Refused(f"{name} of {info.file_size:,} bytes")
    with archive.open(info) as file:
        array = np.lib.format.read_array(file, allow_pickle=False)
    if math.prod(array.shape) != math.prod(shape) or len(array) != shape[0]:
        raise Refused(f"{name} of shape {array.shape} instead of {shape}")
    return array.reshape(shape)


def _bytes_array(array: npt.NDArray[Any], name: str) -> UInt8Array:
    if array.dtype.kind not in "ui":
        raise Refused(f"{name} of type {array.dtype}")
    if array.dtype != np.uint8 and (array.min() < 0 or array.max() > 255):
        raise Refused(f"{name} with values from {array.min()} to {array.max()}")
    return array.astype(np.uint8, order="C")
