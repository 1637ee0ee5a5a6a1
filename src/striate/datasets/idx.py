"""The idx format of MNIST: a big-endian header, then bytes; gzipped or not."""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from pathlib import Path

import numpy as np

from striate import _check
from striate.datasets.record import UInt8Array

__all__ = ["read_idx"]

_UINT8 = 8


def read_idx(path: Path, shape: tuple[int, ...]) -> UInt8Array:
    """Reads an idx file of unsigned bytes that must have exactly this shape.

    Gzip is recognised by the first bytes, not by the name. No more is unpacked than the shape
    needs, whatever the file claims.

    Raises:
        DataError: cannot be read, or is not an idx file of this shape.
    """
    place = f'File "{path}"'
    fix = "Remove it or fetch it again."
    head = struct.pack(f">BBBB{len(shape)}I", 0, 0, _UINT8, len(shape), *shape)
    size = math.prod(shape)
    try:
        with open(path, "rb") as plain:
            packed = plain.read(2) == b"\x1f\x8b"
            plain.seek(0)
            stream = gzip.GzipFile(fileobj=plain) if packed else plain
            found, body, rest = stream.read(len(head)), stream.read(size), stream.read(1)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        _check.data_fail(place, "be a readable idx file", reason, fix)
    if found != head:
        rule = f"be an idx file of unsigned bytes {shape}"
        _check.data_fail(place, rule, f"a file that begins with {found.hex(' ')}", fix)
    if len(body) != size or rest:
        got = f"{len(body):,} bytes{' and more' if rest else ''}"
        _check.data_fail(place, f"hold {size:,} bytes behind its header", got, fix)
    return np.frombuffer(body, np.uint8).reshape(shape).copy()
