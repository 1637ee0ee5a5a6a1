"""A program: turns arrays on standard input into an HDF5 file on standard output.

Its input is one line of JSON, {"names": {folder: name}, "arrays": [[path, dtype, shape], …]}, and
the numbers of the arrays one after the other.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np

from striate.io.foreign.hdf5 import write_hdf5

__all__ = ["main"]


def main() -> None:
    """Reads standard input, writes standard output."""
    out = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints does not come between the numbers
    with open(0, "rb", closefd=False) as file, os.fdopen(out, "w+b") as result:
        said = json.loads(file.readline())
        write_hdf5(result, _arrays(file, said["arrays"]), names=said["names"])


def _arrays(file: BinaryIO, rows: list[Any]) -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
    for path, dtype, shape in rows:
        kind = np.dtype(dtype)
        numbers = np.frombuffer(file.read(kind.itemsize * math.prod(shape)), kind)
        yield path, numbers.reshape(shape)
