"""The one decoder of pictures: allowed formats, limits before memory, one kind of error."""

from __future__ import annotations

import io
import os
import stat
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from striate import _check
from striate.errors import StriateError
from striate.io.orientation import orientation, upright, upright_size

__all__ = ["FORMATS", "MAX_PIXELS", "PictureInfo", "decode", "probe"]

FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF")
"""The formats that are read unless the caller names others, of these or TIFF and PPM."""

MAX_PIXELS = 89_478_485
"""The most pixels that are decoded unless the caller allows more: a quarter of a GiB as RGB."""

UInt8Array = npt.NDArray[np.uint8]
Source = str | os.PathLike[str] | bytes

_COLOUR = {"1": "L", "L": "L", "LA": "RGBA", "RGB": "RGB", "RGBA": "RGBA", "CMYK": "RGB"}
_GREY_16 = ("I;16", "I;16L", "I;16B", "I;16N")


@dataclass(frozen=True)
class PictureInfo:
    """What a picture's header says.

    Args:
        format: such as "JPEG"; a multi-picture JPEG counts as JPEG.
        mode: Pillow's name of the pixels as stored: "L", "P", "RGB", "CMYK", "I;16", …
        size_px: (h, w) after the orientation is applied: the size that `decode` returns.
        orientation: EXIF orientation 1..8; 1 is upright.
    """

    format: str
    mode: str
    size_px: tuple[int, int]
    orientation: int


def decode(
    source: Source,
    *,
    name: str | None = None,
    channels: int | None = 3,
    size_px: tuple[int, int] | None = None,
    formats: Sequence[str] = FORMATS,
    max_pixels: int = MAX_PIXELS,
) -> UInt8Array:
    """Decodes one picture to a uint8 array (h, w, channels), upright.

    The EXIF orientation (XMP's where there is no EXIF) is applied exactly once. 1-bit pixels
    become 0 and 255; 16-bit grey is divided by 257 and rounded; of 16-bit colour the high byte is
    kept; palettes become their colours; CMYK becomes RGB without a colour profile. Grey of colour
    is 0.299 R + 0.587 G + 0.114 B. Transparent pixels are laid on white, unless 4 channels are
    asked for. Of an animation the first frame is read. Float and 32-bit pixels, cut and damaged
    files are refused. Pillow's warnings are not passed on; its own limit of 178,956,970 pixels
    stays in force.

    Args:
        source: path of a regular file, or the file's bytes.
        name: what the messages call the picture. Default: the path, or "bytes".
        channels: 1 grey, 3 RGB, 4 RGB and alpha; None: 4 with transparency, else 1 or 3 as stored.
        size_px: wanted (h, w). A JPEG is decoded at 1/2, 1/4 or 1/8 where that is no smaller.
        formats: the formats that may be opened: any of `FORMATS`, "TIFF" and "PPM".
        max_pixels: greatest h * w by the header, before anything is decoded.

    Shape:
        output (h, w, channels)

    Raises:
        DataError: no regular file, another format, too many pixels, refused pixels, damage.
        ArgumentError: channels, size_px, formats or max_pixels break their rule.

    Example:
        >>> import io, PIL.Image
        >>> file = io.BytesIO()
        >>> PIL.Image.new("RGB", (40, 30), (255, 0, 0)).save(file, "PNG")
        >>> decode(file.getvalue()).shape
        (30, 40, 3)
    """
    if channels is not None and (isinstance(channels, bool) or channels not in (1, 3, 4)):
        _check.fail("decode", "channels", "be 1, 3, 4 or None", channels)
    limit = _check.positive_int("decode", "max_pixels", max_pixels)
    wanted = None if size_px is None else _check.pair("decode", "size_px", size_px)
    with _opened(source, name, formats) as (place, image, turn):
        width, height = image.size
        if width * height > limit:
            _check.data_fail(
                place,
                f"have at most {limit:,} pixels",
                f"{height} × {width} = {height * width:,}",
                "Make it smaller, or allow more with max_pixels=.",
            )
        if wanted is not None:
            h, w = wanted if turn < 5 else wanted[::-1]
            image.draft(None, (w, h))  # None keeps the colours
        image.load()
        if image.format == "TIFF":  # the only one that Pillow turns upright itself
            turn = 1
        return upright(_with_channels(_pixels(image, place), channels), turn)


def probe(
    source: Source, *, name: str | None = None, formats: Sequence[str] = FORMATS
) -> PictureInfo:
    """Reads a picture's header: format, mode, upright size, orientation. Decodes nothing.

    Args:
        source: path of a regular file, or the file's bytes.
        name: what the messages call the picture. Default: the path, or "bytes".
        formats: the formats that may be opened, as for `decode`.

    Raises:
        DataError: no regular file, another format, a damaged header.

    Example:
        >>> import io, PIL.Image
        >>> file = io.BytesIO()
        >>> PIL.Image.new("L", (40, 30)).save(file, "PNG")
        >>> probe(file.getvalue())
        PictureInfo(format='PNG', mode='L', size_px=(30, 40), orientation=1)
    """
    with _opened(source, name, formats) as (_, image, turn):
        kind = "JPEG" if image.format == "MPO" else str(image.format)
        return PictureInfo(kind, image.mode, upright_size(image, turn), turn)


@contextmanager
def _opened(
    source: Source, name: str | None, formats: Sequence[str]
) -> Iterator[tuple[str, Image.Image, int]]:
    """The place for messages, the picture, its orientation; each failure leaves as a DataError."""
    for word in formats:
        _check.choice("decode", "formats", word, (*FORMATS, "TIFF", "PPM"))
    path = None if isinstance(source, bytes) else os.fspath(source)
    place = f'Picture "{name or ("bytes" if path is None else path)}"'
    with io.BytesIO(cast(bytes, source)) if path is None else _regular_file(place, path) as file:
        try:
            with _quiet, Image.open(file, formats=list(formats)) as image:
                if min(image.size) < 1:
                    _check.data_fail(place, "have pixels", f"size {image.size}", "Remove it.")
                yield place, image, orientation(image, file)
        except StriateError:
            raise
        except Image.DecompressionBombError as error:
            fix = "Make it smaller."
            _refuse(place, "have at most 178,956,970 pixels (Pillow's limit)", error, fix)
        except UnidentifiedImageError as error:
            file.seek(0)
            start = f"a file that begins with {file.read(12)!r} ({type(error).__name__})"
            rule = f"be a whole picture in one of the formats {', '.join(formats)}"
            _check.data_fail(place, rule, start, "Convert it to PNG or JPEG, or remove it.")
        except MemoryError as error:
            _refuse(place, "fit into memory", error, "Make it smaller.")
        except Exception as error:  # Pillow's plugins raise nearly every built-in type
            _refuse(place, "be a whole, undamaged picture", error, "Replace or remove it.")


def _refuse(place: str, rule: str, error: Exception, fix: str) -> None:
    text = " ".join(str(error).split())[:200]
    _check.data_fail(place, rule, f"{type(error).__name__}: {text}" if text else repr(error), fix)


def _regular_file(place: str, path: str) -> BinaryIO:
    """An open regular file; nothing blocks on a pipe or a device."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(path, flags)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        _check.data_fail(place, "be a file that can be read", reason, "Check path and rights.")
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        _check.data_fail(place, "be a regular file", "a folder, pipe or device", "Name a picture.")
    return os.fdopen(handle, "rb")


class _Quiet:
    """Silences Pillow's warnings while any thread is inside, and nothing else.

    One filter is put into the list in use and taken out by the last thread to leave.
    `warnings.catch_warnings` would swap the whole list, under the feet of other threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._filter: Any = None

    def __enter__(self) -> None:
        with self._lock:
            self._inside += 1
            filters = cast(list[Any], warnings.filters)
            if self._filter is None or self._filter not in filters:
                warnings.filterwarnings("ignore", module=r"PIL\.")
                self._filter = warnings.filters[0]

    def __exit__(self, *exception: object) -> None:
        with self._lock:
            self._inside -= 1
            filters = cast(list[Any], warnings.filters)
            if self._inside == 0 and self._filter in filters:
                filters.remove(self._filter)


_quiet = _Quiet()


def _pixels(image: Image.Image, place: str) -> UInt8Array:
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


def _with_channels(pixels: UInt8Array, channels: int | None) -> UInt8Array:
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
