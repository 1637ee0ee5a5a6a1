"""Pictures of one size: decoded and fitted in one way for training, prediction and serving."""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from striate import _check
from striate.io.decode import decode
from striate.records import Preprocess

__all__ = ["FITTING", "fit_picture", "read_picture"]

UInt8Array = npt.NDArray[np.uint8]

_STRIP = 20  # times as long as wide

FITTING = f"1 torch {torch.__version__}"
"""What the fitted pixels depend on beside the decoded ones: our rules and torch."""


def read_picture(
    source: str | os.PathLike[str] | bytes,
    preprocess: Preprocess,
    *,
    name: str | None = None,
    say: Callable[[str], object] | None = None,
) -> UInt8Array:
    """Decodes one picture and fits it: the pixels that training, prediction and serving see.

    A JPEG is decoded at 1/2, 1/4 or 1/8 of its size where neither side becomes smaller than the
    wanted one, and is fitted from there. That is faster, and gives other pixels than decoding in
    full: 3 of 255 apart in the mean where the reduced size is the wanted one, 1 where it is twice
    that, single ones at sharp edges up to 105. "nearest" always decodes in full.

    Args:
        source: path of a file, or the file's bytes.
        preprocess: size, rule of fitting, interpolation and channels.
        name: what the messages call the picture. Default: the path.
        say: told what of the file is left out, such as the further frames of an animation.

    Shape:
        output (h, w, c): the size of preprocess, or the picture's own where it names none

    Raises:
        DataError: the file cannot be decoded.

    Example:
        >>> import io, PIL.Image
        >>> file = io.BytesIO()
        >>> PIL.Image.new("RGB", (40, 30)).save(file, "PNG")
        >>> read_picture(file.getvalue(), Preprocess(size=(8, 8), channels=3)).shape
        (8, 8, 3)
    """
    least = preprocess.size
    if preprocess.short_side_px is not None:
        least = (preprocess.short_side_px, preprocess.short_side_px)
    if preprocess.interpolation == "nearest":
        least = None
    pixels = decode(source, name=name, channels=preprocess.channels, size_px=least, say=say)
    return fit_picture(pixels, preprocess)


def fit_picture(pixels: UInt8Array, preprocess: Preprocess) -> UInt8Array:
    """Brings one picture to the size that a record of preprocessing names.

    "squash" scales both sides on their own. "crop" takes the greatest centred window of the
    wanted proportions, its sides rounded to whole pixels, and scales it; with `short_side_px` it
    scales the whole picture until its shorter side has so many pixels, the longer one rounded
    down, and cuts the middle. "pad" scales until the picture just fits, each side rounded to whole
    pixels, and centres it on black. An odd rest goes right and down. Shrinking averages over all
    pixels that fall on an output pixel (antialiasing), but for "nearest". Without `short_side_px` a
    picture of the wanted size is returned as it is.

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
    if preprocess.short_side_px is not None:
        pixels = _shorter_side(pixels, preprocess.short_side_px, preprocess.interpolation)
        return np.ascontiguousarray(_middle(pixels, *(preprocess.size or pixels.shape[:2])))
    if preprocess.size is None or pixels.shape[:2] == preprocess.size:
        return pixels
    height, width, channels = pixels.shape
    wanted_h, wanted_w = preprocess.size
    if preprocess.fit == "crop":
        inside_h = min(height, max(1, round(width * wanted_h / wanted_w)))
        inside_w = min(width, max(1, round(height * wanted_w / wanted_h)))
        pixels = _middle(pixels, inside_h, inside_w)
    elif preprocess.fit == "pad":
        scale = min(wanted_h / height, wanted_w / width)
        inside_h, inside_w = max(1, round(height * scale)), max(1, round(width * scale))
        fitted = _resized(pixels, inside_h, inside_w, preprocess.interpolation)
        canvas = np.zeros((wanted_h, wanted_w, channels), np.uint8)
        top, left = (wanted_h - inside_h) // 2, (wanted_w - inside_w) // 2
        canvas[top : top + inside_h, left : left + inside_w] = fitted
        return canvas
    return _resized(pixels, wanted_h, wanted_w, preprocess.interpolation)


def _shorter_side(pixels: UInt8Array, short_side_px: int, interpolation: str) -> UInt8Array:
    """The whole picture, scaled so that its shorter side has so many pixels.

    Of a strip only the middle is scaled, which is all that a cut can reach.
    """
    longest = _STRIP * min(pixels.shape[:2])
    height, width = (min(side, longest) for side in pixels.shape[:2])
    pixels, short = _middle(pixels, height, width), min(height, width)
    scaled_h, scaled_w = height * short_side_px // short, width * short_side_px // short
    return _resized(pixels, scaled_h, scaled_w, interpolation)


def _middle(pixels: UInt8Array, height: int, width: int) -> UInt8Array:
    top, left = (pixels.shape[0] - height) // 2, (pixels.shape[1] - width) // 2
    return pixels[top : top + height, left : left + width]


def _resized(pixels: UInt8Array, height: int, width: int, interpolation: str) -> UInt8Array:
    """Scaled in uint8: torch's loop is several times as fast as Pillow's and rounds like it."""
    if pixels.shape[:2] == (height, width):
        return np.ascontiguousarray(pixels)
    if interpolation == "nearest":
        rows, columns = _centres(pixels.shape[0], height), _centres(pixels.shape[1], width)
        return pixels[rows[:, None], columns]
    if min(pixels.strides) < 0 or not pixels.flags.writeable:
        pixels = pixels.copy()  # torch takes no other
    x = torch.from_numpy(pixels)[None].permute(0, 3, 1, 2)  # the memory format of the fast loop
    x = functional.interpolate(x, (height, width), mode=interpolation, antialias=True)
    return np.ascontiguousarray(x.permute(0, 2, 3, 1)[0].numpy())


def _centres(stored: int, wanted: int) -> npt.NDArray[np.int64]:
    """Numbers of the stored pixels on which the centres of the wanted ones fall."""
    return (2 * np.arange(wanted, dtype=np.int64) + 1) * stored // (2 * wanted)
