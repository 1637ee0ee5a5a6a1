"""One look at one picture file: header and bytes, and in full its pixels."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from striate.data.doctor.perceptual_hash import perceptual_hash
from striate.errors import DataError
from striate.io.decode import FORMATS, PictureInfo, decode, probe
from striate.io.regular_file import open_regular

__all__ = ["FACTS", "GREY", "Unusable", "look"]

FACTS = np.dtype(
    [
        ("height", np.int32),
        ("width", np.int32),
        ("format", np.uint8),
        ("grey", np.bool_),
        ("alpha", np.bool_),
        ("animated", np.bool_),
        ("constant", np.bool_),
        ("orientation", np.uint8),
        ("content", np.uint64, (2,)),
        ("looks", np.uint64),
    ]
)
"""What is kept of a picture: sizes upright, number of the format, hash of the content."""

GREY = ("1", "L", "LA", "I;16", "I;16L", "I;16B", "I;16N")
"""Modes of grey pictures."""

_ALPHA = ("LA", "RGBA", "PA")
_WHOLE_BYTES, _BLOCK_BYTES = 1 << 26, 1 << 20
_LEAST_CONTRAST = 3
_PNG_END, _JPEG_END, _JPEG_SCAN = b"IEND", b"\xff\xd9", b"\xff\xda"


@dataclass(frozen=True)
class Unusable:
    """Why a picture cannot be used.

    Args:
        kind: "undecodable" or "truncated".
        why: the decoder's sentence.
    """

    kind: str
    why: str


def look(path: str, *, full: bool) -> npt.NDArray[Any] | Unusable:
    """What one file holds, as a row of `FACTS`; or why it cannot be used.

    Without `full` the content is that of the bytes, and pixels are only decoded where the bytes
    seem to be cut. With it the content is that of the pixels. A file of over 64 MiB is not held
    in memory as a whole.

    Args:
        path: of the file.
        full: whether all pixels are decoded.
    """
    cut = False
    try:
        source, digest = _read(path)
        cut = isinstance(source, bytes) and _seems_cut(source)
        info = probe(source, name=path)
        row = _facts(info, digest)
        if full or cut:
            pixels = decode(source, name=path, channels=None)
            if full:
                _see(row, pixels)
    except DataError as error:
        kind = "truncated" if cut or "truncated" in str(error) else "undecodable"
        return Unusable(kind, str(error))
    return row


def _facts(info: PictureInfo, digest: bytes) -> npt.NDArray[Any]:
    row = np.zeros((), FACTS)
    row["height"], row["width"] = info.size_px
    row["format"] = FORMATS.index(info.format)
    row["grey"], row["alpha"] = info.mode in GREY, info.mode in _ALPHA
    row["animated"], row["orientation"] = info.animated, info.orientation
    row["content"] = np.frombuffer(digest, np.uint64)
    return row


def _see(row: npt.NDArray[Any], pixels: npt.NDArray[np.uint8]) -> None:
    """What the pixels add to a row."""
    found = hashlib.blake2b(repr(pixels.shape).encode(), digest_size=16)
    found.update(np.ascontiguousarray(pixels).data)
    row["content"] = np.frombuffer(found.digest(), np.uint64)
    row["alpha"] = pixels.shape[2] == 4 and bool((pixels[..., 3] < 255).any())
    low, high = pixels.min(axis=(0, 1)), pixels.max(axis=(0, 1))
    row["constant"] = bool((high - low <= _LEAST_CONTRAST).all())
    row["looks"] = perceptual_hash(pixels)


def _read(path: str) -> tuple[str | bytes, bytes]:
    """The bytes of a file, or its path where it is large; and their hash."""
    with open_regular(f'Picture "{path}"', path) as file:
        if os.fstat(file.fileno()).st_size <= _WHOLE_BYTES:
            data = file.read()
            return data, hashlib.blake2b(data, digest_size=16).digest()
        found = hashlib.blake2b(digest_size=16)
        while block := file.read(_BLOCK_BYTES):
            found.update(block)
        return path, found.digest()


def _seems_cut(data: bytes) -> bool:
    """Whether the end of a picture is missing by its own marks. A suspicion: decoding tells."""
    if data[:2] == b"\xff\xd8":
        return data.rfind(_JPEG_END) < data.rfind(_JPEG_SCAN) or _JPEG_SCAN not in data
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return _PNG_END not in data[-65_536:]
    if data[:4] == b"RIFF":
        return int.from_bytes(data[4:8], "little") + 8 > len(data)
    return data[:2] == b"BM" and int.from_bytes(data[2:6], "little") > len(data)
