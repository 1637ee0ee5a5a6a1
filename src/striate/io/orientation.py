"""Which way up a picture is stored, and how it is turned upright: EXIF tag 274."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from PIL import Image

__all__ = ["orientation", "upright", "upright_size"]

UInt8Array = npt.NDArray[np.uint8]

_TAG = 0x0112
_TURNS: dict[int, Callable[[UInt8Array], UInt8Array]] = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.transpose(1, 0, 2),
    6: lambda a: a.transpose(1, 0, 2)[:, ::-1],
    7: lambda a: a.transpose(1, 0, 2)[::-1, ::-1],
    8: lambda a: a.transpose(1, 0, 2)[::-1],
}


def orientation(image: Image.Image, file: BinaryIO) -> int:
    """The EXIF orientation 1..8 of an opened picture, read without decoding it.

    1 (upright) where there is none, none that is valid, or no readable EXIF: damaged EXIF is no
    damaged picture. XMP counts where there is no EXIF. A PNG's EXIF may stand behind its pixels.
    """
    try:
        # The PNG class would decode the whole picture to look behind the pixels.
        exif = Image.Image.getexif(image)
        if image.format == "PNG" and _TAG not in exif and "exif" not in image.info:
            exif.load(_late_png_exif(file))
        value = exif.get(_TAG, 1)
    except Exception:  # the readers of EXIF and XMP raise nearly every built-in type
        return 1
    return value if isinstance(value, int) and value in _TURNS else 1


def upright(pixels: UInt8Array, orientation: int) -> UInt8Array:
    """Pixels (h, w, c) as stored, turned upright; a contiguous array."""
    return np.ascontiguousarray(_TURNS[orientation](pixels))


def upright_size(image: Image.Image, orientation: int) -> tuple[int, int]:
    """(h, w) that an opened picture will have when it is upright."""
    width, height = image.size
    swapped = _TAG in getattr(image, "tag_v2", ())  # Pillow gives a TIFF's size as turned by it
    return (height, width) if orientation < 5 or swapped else (width, height)


def _late_png_exif(file: BinaryIO) -> bytes:
    """The body of a PNG's eXIf chunk; the file is left where it stood."""
    stood = file.tell()
    try:
        file.seek(8)
        while len(head := file.read(8)) == 8:
            size = int.from_bytes(head[:4], "big")
            if head[4:] == b"eXIf":
                return b"Exif\0\0" + file.read(size)
            file.seek(size + 4, 1)
        return b""
    finally:
        file.seek(stood)
