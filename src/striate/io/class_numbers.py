"""Pictures whose pixels are numbers, not colours: masks of classes."""

from __future__ import annotations

import os
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from striate import _check
from striate.io.decode import FORMATS, MAX_PIXELS, opened
from striate.io.orientation import upright

__all__ = ["read_class_numbers"]

_MODES = ("1", "L", "P", "I", "I;16", "I;16L", "I;16B", "I;16N")


def read_class_numbers(
    source: str | os.PathLike[str] | bytes, *, name: str | None = None
) -> npt.NDArray[np.int64]:
    """The number that each pixel of a mask stores: of grey the value, of a palette the index.

    Args:
        source: path of a regular file, or the file's bytes.
        name: what the messages call it. Default: the path, or "bytes".

    Shape:
        output (h, w), upright

    Raises:
        DataError: it cannot be decoded, has too many pixels, or is in colour.

    Example:
        >>> import io, PIL.Image
        >>> file = io.BytesIO()
        >>> PIL.Image.new("L", (3, 2), 7).save(file, "PNG")
        >>> read_class_numbers(file.getvalue()).tolist()
        [[7, 7, 7], [7, 7, 7]]
    """
    with opened(source, name, FORMATS) as (place, image, turn, _):
        if image.mode not in _MODES:
            got, fix = f'pixels of mode "{image.mode}"', "Save class numbers as grey or palette."
            _check.data_fail(place, "hold one number a pixel, in grey or a palette", got, fix)
        width, height = image.size
        if width * height > MAX_PIXELS:
            got = f"{height} × {width} = {height * width:,}"
            _check.data_fail(place, f"have at most {MAX_PIXELS:,} pixels", got, "Make it smaller.")
        numbers: Any = np.asarray(image).astype(np.int64)[..., None]
    turned: Any = upright(numbers, turn)
    return cast(npt.NDArray[np.int64], turned[..., 0])
