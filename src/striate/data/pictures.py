"""Pictures of one size: decoded and fitted in one way for training, prediction and serving."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from striate import _check
from striate.data.files import MEMORY_LIMIT_BYTES, FileSource
from striate.io.decode import decode
from striate.records import Preprocess

__all__ = ["PictureSource", "fit_picture", "read_picture"]

UInt8Array = npt.NDArray[np.uint8]

_FILTER = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
}


def read_picture(
    source: str | os.PathLike[str] | bytes, preprocess: Preprocess, *, name: str | None = None
) -> UInt8Array:
    """Decodes one picture and fits it: the pixels that training, prediction and serving see.

    The picture is decoded in full, so that the pixels are those of `fit_picture` on any decoded
    copy. (A JPEG decoded at half size, still twice the wanted one, moves single pixels by up to
    26 of 255.)

    Args:
        source: path of a file, or the file's bytes.
        preprocess: size, rule of fitting, interpolation and channels.
        name: what the messages call the picture. Default: the path.

    Shape:
        output (h, w, c): the size of preprocess, or the picture's own where it names none

    Raises:
        DataError: the file cannot be decoded.

    Example:
        >>> import io
        >>> file = io.BytesIO()
        >>> Image.new("RGB", (40, 30)).save(file, "PNG")
        >>> read_picture(file.getvalue(), Preprocess(size=(8, 8), channels=3)).shape
        (8, 8, 3)
    """
    return fit_picture(decode(source, name=name, channels=preprocess.channels), preprocess)


def fit_picture(pixels: UInt8Array, preprocess: Preprocess) -> UInt8Array:
    """Brings one picture to the size that a record of preprocessing names.

    "squash" scales both sides on their own. "crop" takes the greatest centred window of the
    wanted proportions and scales it. "pad" scales until the picture just fits, each side rounded
    to whole pixels, and centres it on black; an odd rest goes right and down. Shrinking averages
    over all pixels that fall on an output pixel (antialiasing), but for "nearest". A picture of
    the wanted size is returned as it is.

    Args:
        pixels: of one picture.
        preprocess: size, rule of fitting and interpolation; its other fields do not matter here.

    Shape:
        input  (h, w, c), uint8, c = 1, 3 or 4
        output (h', w', c), uint8

    Raises:
        ShapeError: pixels is not (h, w, 1), (h, w, 3) or (h, w, 4).

    Example:
        >>> wide = np.full((2, 4, 1), 200, np.uint8)
        >>> fit_picture(wide, Preprocess(size=(4, 4), fit="pad"))[:, 0, 0]
        array([  0, 200, 200,   0], dtype=uint8)
    """
    if pixels.ndim != 3 or pixels.shape[2] not in (1, 3, 4):
        _check.shape_fail("fit_picture", "be one picture (h, w, c) of c = 1, 3 or 4", pixels.shape)
    if preprocess.size is None or pixels.shape[:2] == preprocess.size:
        return pixels
    height, width, channels = pixels.shape
    wanted_h, wanted_w = preprocess.size
    inside_h, inside_w = wanted_h, wanted_w
    box = (0.0, 0.0, float(width), float(height))
    if preprocess.fit == "crop":
        scale = max(wanted_h / height, wanted_w / width)
        left = max(0.0, (width - wanted_w / scale) / 2)
        top = max(0.0, (height - wanted_h / scale) / 2)
        box = (left, top, width - left, height - top)
    elif preprocess.fit == "pad":
        scale = min(wanted_h / height, wanted_w / width)
        inside_h = max(1, round(height * scale))
        inside_w = max(1, round(width * scale))
    image = Image.fromarray(np.ascontiguousarray(pixels[..., 0] if channels == 1 else pixels))
    image = image.resize((inside_w, inside_h), _FILTER[preprocess.interpolation], box)
    fitted = np.asarray(image).reshape(inside_h, inside_w, channels)
    if (inside_h, inside_w) == (wanted_h, wanted_w):
        return fitted
    canvas = np.zeros((wanted_h, wanted_w, channels), np.uint8)
    top, left = (wanted_h - inside_h) // 2, (wanted_w - inside_w) // 2
    canvas[top : top + inside_h, left : left + inside_w] = fitted
    return canvas


class PictureSource(FileSource):
    """Picture files, decoded and fitted by threads when they are first fetched.

    Where all fitted pictures together take no more than a limit, each file is read once, and later
    epochs come from memory.

    Args:
        paths: one file a sample.
        targets: one row a sample, in any structure that `ArraySource` takes; None to predict.
        preprocess: with `size` and `channels`; its scale, mean, std and order are not applied.
        weights: weight of each sample in the loss; None for 1 each.
        memory_limit_bytes: greatest size of all fitted pictures that is kept; 0 keeps none.
            Default 1 GiB.

    Raises:
        ArgumentError: preprocess names no size or no channels.
        ShapeError: no path, or targets or weights of another length.
        DataError: from `fetch`: a file cannot be decoded; it is named.

    Example:
        >>> Image.new("RGB", (40, 30), (255, 0, 0)).save("red.png")
        >>> source = PictureSource(["red.png"], [3], preprocess=Preprocess((2, 2), channels=3))
        >>> images, targets, _ = source.fetch(np.array([0]))
        >>> images.shape, images.dtype, targets
        (torch.Size([1, 2, 2, 3]), torch.uint8, tensor([3]))
    """

    def __init__(
        self,
        paths: Sequence[str | os.PathLike[str]],
        targets: Any = None,
        *,
        preprocess: Preprocess,
        weights: Any = None,
        memory_limit_bytes: int = MEMORY_LIMIT_BYTES,
    ) -> None:
        if preprocess.size is None or preprocess.channels is None:
            rule = "name size and channels: the pictures of a batch are of one shape"
            fix = "For example Preprocess(size=(128, 128), channels=3)."
            _check.fail("PictureSource", "preprocess", rule, preprocess, fix)
        self.preprocess = preprocess
        super().__init__(
            paths,
            targets,
            read=lambda path: read_picture(path, preprocess),
            shape=(*preprocess.size, preprocess.channels),
            weights=weights,
            memory_limit_bytes=memory_limit_bytes,
        )
