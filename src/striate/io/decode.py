"""The one decoder of pictures: allowed formats, limits before memory, one kind of error."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, cast

import numpy as np
import numpy.typing as npt
import PIL
from PIL import Image, UnidentifiedImageError, features

from striate import _check
from striate.errors import StriateError
from striate.io.fast_jpeg import fast_jpeg
from striate.io.orientation import orientation, upright, upright_size
from striate.io.pixels import as_uint8, with_channels
from striate.io.quiet import quiet
from striate.io.regular_file import open_regular

__all__ = ["DECODER", "FORMATS", "MAX_PIXELS", "PictureInfo", "decode", "opened", "probe"]

DECODER = f"1 pillow {PIL.__version__} jpeg {features.version('libjpeg_turbo')}"
"""What the decoded pixels depend on beside the file: our rules, Pillow, its JPEG library."""

FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF")
"""The formats that are read unless the caller names others, of these or TIFF and PPM."""

MAX_PIXELS = 89_478_485
"""The most pixels that are decoded unless the caller allows more: a quarter of a GiB as RGB."""

_SEVERAL = "holds several frames; the first one is read"

UInt8Array = npt.NDArray[np.uint8]
Source = str | os.PathLike[str] | bytes


@dataclass(frozen=True)
class PictureInfo:
    """What a picture's header says.

    Args:
        format: such as "JPEG"; a multi-picture JPEG counts as JPEG.
        mode: Pillow's name of the pixels as stored: "L", "P", "RGB", "CMYK", "I;16", …
        size_px: (h, w) after the orientation is applied: the size that `decode` returns.
        orientation: EXIF orientation 1..8; 1 is upright.
        animated: whether frames or pages follow the first one, which is all that is decoded.
    """

    format: str
    mode: str
    size_px: tuple[int, int]
    orientation: int
    animated: bool = False

    @property
    def note(self) -> str:
        """What of the file is left out, for the user; empty where nothing is."""
        return _SEVERAL if self.animated else ""


def decode(
    source: Source,
    *,
    name: str | None = None,
    channels: int | None = 3,
    size_px: tuple[int, int] | None = None,
    formats: Sequence[str] = FORMATS,
    max_pixels: int = MAX_PIXELS,
    say: Callable[[str], object] | None = None,
) -> UInt8Array:
    """Decodes one picture to a uint8 array (h, w, channels), upright.

    The EXIF orientation (XMP's where there is no EXIF) is applied exactly once. 1-bit pixels
    become 0 and 255; 16-bit grey is divided by 257 and rounded; of 16-bit colour the high byte is
    kept; palettes become their colours; CMYK becomes RGB without a colour profile. Grey of colour
    is 0.299 R + 0.587 G + 0.114 B. Transparent pixels are laid on white, unless 4 channels are
    asked for. Of an animation the first frame is read. Float and 32-bit
    pixels, cut and damaged files are refused. Pillow's warnings are not passed on; its own limit
    of 178,956,970 pixels stays in force.

    Args:
        source: path of a regular file, or the file's bytes.
        name: what the messages call the picture. Default: the path, or "bytes".
        channels: 1 grey, 3 RGB, 4 RGB and alpha; None: 4 with transparency, else 1 or 3 as stored.
        size_px: wanted (h, w). A JPEG is decoded at 1/2, 1/4 or 1/8 where that is no smaller.
        formats: the formats that may be opened: any of `FORMATS`, "TIFF" and "PPM".
        max_pixels: greatest h * w by the header, before anything is decoded.
        say: told what of the file is left out: the further frames of an animation.

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
    with opened(source, name, formats) as (place, image, turn, file):
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
        pixels = fast_jpeg(image, file)
        if pixels is None:
            image.load()
            pixels = as_uint8(image, place)
        if image.format == "TIFF":  # the only one that Pillow turns upright itself
            turn = 1
        if say is not None and _more_frames(image):
            say(_SEVERAL)
        return upright(with_channels(pixels, channels), turn)


def probe(
    source: Source, *, name: str | None = None, formats: Sequence[str] = FORMATS
) -> PictureInfo:
    """Reads a picture's header: format, mode, upright size, orientation, frames. Decodes nothing.

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
        PictureInfo(format='PNG', mode='L', size_px=(30, 40), orientation=1, animated=False)
    """
    with opened(source, name, formats) as (_, image, turn, _):
        kind = "JPEG" if image.format == "MPO" else str(image.format)
        mode, size_px = image.mode, upright_size(image, turn)
        return PictureInfo(kind, mode, size_px, turn, _more_frames(image))


def _more_frames(image: Image.Image) -> bool:
    """Whether a second frame can be found: a damaged one, or a JPEG's other views, do not count."""
    try:
        return image.format not in ("JPEG", "MPO") and bool(getattr(image, "is_animated", False))
    except Exception:  # the search runs through the plugins, which raise nearly everything
        return False


@contextmanager
def opened(
    source: Source, name: str | None, formats: Sequence[str]
) -> Iterator[tuple[str, Image.Image, int, BinaryIO]]:
    """Place for messages, picture, orientation, file; each failure leaves as a DataError.

    For the readers in this room: the caller of the context obeys the limit of pixels.
    """
    for word in formats:
        _check.choice("decode", "formats", word, (*FORMATS, "TIFF", "PPM"))
    path = None if isinstance(source, bytes) else os.fspath(source)
    place = f'Picture "{name or ("bytes" if path is None else path)}"'
    with io.BytesIO(cast(bytes, source)) if path is None else open_regular(place, path) as file:
        try:
            with quiet, Image.open(file, formats=list(formats)) as image:
                if min(image.size) < 1:
                    _check.data_fail(place, "have pixels", f"size {image.size}", "Remove it.")
                yield place, image, orientation(image, file), file
        except StriateError:
            raise
        except Image.DecompressionBombError as error:
            fix = "Make it smaller."
            _refuse(place, "have at most 178,956,970 pixels (Pillow's limit)", error, fix)
        except UnidentifiedImageError as error:
            file.seek(0)
            first = file.read(12)
            start = f"a file that begins with {first!r} ({type(error).__name__})"
            start = start if first else "an empty file"
            rule = f"be a whole picture in one of the formats {', '.join(formats)}"
            _check.data_fail(place, rule, start, "Convert it to PNG or JPEG, or remove it.")
        except MemoryError as error:
            _refuse(place, "fit into memory", error, "Make it smaller.")
        except Exception as error:  # Pillow's plugins raise nearly every built-in type
            _refuse(place, "be a whole, undamaged picture", error, "Replace or remove it.")


def _refuse(place: str, rule: str, error: Exception, fix: str) -> None:
    text = " ".join(str(error).split())[:200]
    _check.data_fail(place, rule, f"{type(error).__name__}: {text}" if text else repr(error), fix)
