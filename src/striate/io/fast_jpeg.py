"""JPEG by the library simplejpeg, where it is installed: Pillow's pixels, in less time.

Both decode by libjpeg-turbo in the same way; tests/io/test_fast_jpeg.py holds them to the same
bits. simplejpeg writes straight into the array that is returned. It is asked to refuse all that
libjpeg warns of, so that Pillow alone decides about files that are not whole.
"""

from __future__ import annotations

import functools
import importlib.util
import io
import os
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
from PIL import Image

__all__ = ["fast_jpeg"]

_COLOUR_SPACES = {"RGB": "RGB", "L": "GRAY"}
_LEAST_PX = 16
_FILE_CAP_BYTES = 1 << 26


def fast_jpeg(image: Image.Image, file: BinaryIO) -> npt.NDArray[np.uint8] | None:
    """The pixels of an opened JPEG that was not decoded yet; None where Pillow is to do it.

    That is so without simplejpeg, for other formats, CMYK, files of over 64 MiB, sides below 16
    pixels, and files that libjpeg does not find faultless.

    Args:
        image: opened by Pillow, perhaps with a reduced size by `draft`.
        file: that it was opened from.

    Shape:
        output (h, w, 3), or (h, w, 1) for grey

    Example:
        >>> file = io.BytesIO()
        >>> Image.new("RGB", (40, 30)).save(file, "PNG")
        >>> fast_jpeg(Image.open(file), file) is None
        True
    """
    decode = _decoder()
    colours = _COLOUR_SPACES.get(image.mode)
    width, height = image.size
    if decode is None or image.format not in ("JPEG", "MPO") or colours is None:
        return None
    if min(width, height) < _LEAST_PX:  # where two reductions have the same size
        return None
    if file.seek(0, os.SEEK_END) > _FILE_CAP_BYTES:
        return None
    file.seek(0)
    data = file.getbuffer() if isinstance(file, io.BytesIO) else file.read()
    try:
        pixels: npt.NDArray[np.uint8] = decode(
            data, colorspace=colours, min_height=height, min_width=width, strict=True
        )
    except Exception:  # whatever it finds wrong, Pillow judges and says
        return None
    return pixels if pixels.shape[:2] == (height, width) else None


@functools.cache
def _decoder() -> Any:
    """simplejpeg's decode_jpeg; None where it is not installed (pip install 'striate[fast]')."""
    if importlib.util.find_spec("simplejpeg") is None:
        return None
    import simplejpeg

    return simplejpeg.decode_jpeg
