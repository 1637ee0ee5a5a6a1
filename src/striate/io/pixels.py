"""From the pixels that a file stores to grey, RGB or RGBA of 8 bits, by stated rules."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from striate import _check

__all__ = ["as_uint8", "with_channels"]

UInt8Array = npt.NDArray[np.uint8]

_COLOUR = {"1": "L", "L": "L", "LA": "RGBA", "RGB": "RGB", "RGBA": "RGBA", "CMYK": "RGB"}
_GREY_16 = ("I;16", "I;16L", "I;16B", "I;16N")


def as_uint8(image: Image.Image, place: str) -> UInt8Array:
    """uint8 (h, w, 1), (h, w, 3) or, with transparency, (h, w, 4)."""
    mode = image.mode
    if mode in _GREY_16:
        return _grey_16(image)
    if "transparency" in image.info and mode in ("1", "L", "RGB"):
        target = "RGBA"  # one colour is named transparent
    elif mode in ("P", "PA"):
        target = "RGBA" if image.has_transparency_data else "RGB"
    elif mode in _COLOUR:
        target = _COLOUR[mode]
    else:
        rule = "have 1, 8 or 16 bits a channel in grey, palette, RGB or CMYK"
        _check.data_fail(place, rule, f'pixels of mode "{mode}"', "Convert it to 8-bit PNG.")
    array = np.asarray(image if mode == target else image.convert(target))
    return array if array.ndim == 3 else array[..., None]


def _grey_16(image: Image.Image) -> UInt8Array:
    wide = np.asarray(image).astype(np.uint32)
    grey = ((wide + 128) // 257).astype(np.uint8)[..., None]
    key = image.info.get("transparency")
    if not isinstance(key, int):
        return grey
    alpha = np.where(wide == key, 0, 255).astype(np.uint8)[..., None]
    return np.concatenate([grey, grey, grey, alpha], axis=2)


def with_channels(pixels: UInt8Array, channels: int | None) -> UInt8Array:
    """Grey, RGB or RGBA pixels as the wanted number of channels; transparency goes on white."""
    if channels is None or pixels.shape[2] == channels:
        return pixels
    if channels == 4:
        rgb = np.repeat(pixels, 3, axis=2) if pixels.shape[2] == 1 else pixels
        return np.concatenate([rgb, np.full_like(rgb[..., :1], 255)], axis=2)
    if pixels.shape[2] == 4:
        pixels = _on_white(pixels)
    if channels == 3:
        return np.repeat(pixels, 3, axis=2) if pixels.shape[2] == 1 else pixels
    if pixels.shape[2] == 1:
        return pixels
    return np.asarray(Image.fromarray(np.ascontiguousarray(pixels), "RGB").convert("L"))[..., None]


def _on_white(rgba: UInt8Array) -> UInt8Array:
    """round((colour * alpha + 255 * (255 - alpha)) / 255), some rows at a time."""
    height, width, _ = rgba.shape
    rgb = np.empty((height, width, 3), np.uint8)
    rows = max(1, 262_144 // width)
    for top in range(0, height, rows):
        part = rgba[top : top + rows].astype(np.uint16)  # the greatest sum is 65,025 + 127
        alpha = part[..., 3:]
        rgb[top : top + rows] = (part[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255
    return rgb
