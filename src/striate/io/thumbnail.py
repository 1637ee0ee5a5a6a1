"""Small copies of pictures, written into a page itself."""

from __future__ import annotations

import base64
import io

import numpy as np
import numpy.typing as npt
from PIL import Image

__all__ = ["data_uri", "thumbnail"]

_LOSSLESS_PX, _QUALITY = 64, 85


def thumbnail(image: npt.NDArray[np.uint8], side_px: int = 192) -> str:
    """A data: URI of a picture that is no larger than a square.

    Pictures up to 64 pixels stay exact; larger ones become JPEG.

    Args:
        image: (h, w, 1 or 3).
        side_px: of the square; smaller pictures keep their size.

    Example:
        >>> thumbnail(np.zeros((8, 8, 1), np.uint8))[:22]
        'data:image/png;base64,'
    """
    pixels = image[..., 0] if image.shape[-1] == 1 else image
    picture = Image.fromarray(np.ascontiguousarray(pixels))
    picture.thumbnail((side_px, side_px), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    if max(picture.size) <= _LOSSLESS_PX:
        picture.save(file, "PNG", optimize=True)
        return data_uri(file.getvalue(), "image/png")
    picture.save(file, "JPEG", quality=_QUALITY)
    return data_uri(file.getvalue(), "image/jpeg")


def data_uri(content: bytes, kind: str) -> str:
    """The content of a file as an address that holds it.

    Example:
        >>> data_uri(b"hi", "text/plain")
        'data:text/plain;base64,aGk='
    """
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
