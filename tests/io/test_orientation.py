import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageOps

from striate.io.orientation import orientation, upright


def stored(data):
    file = io.BytesIO(data)
    return Image.open(file), file


def png_with_late_exif(value):
    """A PNG whose EXIF chunk stands behind its pixels, as ExifTool writes it."""
    file = io.BytesIO()
    Image.new("L", (3, 2)).save(file, "PNG")
    body = struct.pack(">2sHIHHHIHxxI", b"MM", 42, 8, 1, 0x0112, 3, 1, value, 0)
    chunk = b"eXIf" + body
    chunk = struct.pack(">I", len(body)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    data = file.getvalue()
    return data[:-12] + chunk + data[-12:]


@pytest.mark.parametrize("value", range(1, 9))
def test_turns_are_those_of_the_exif_standard(rng, value):
    pixels = rng.integers(0, 256, (3, 5, 3), dtype=np.uint8)
    image = Image.fromarray(pixels)
    image.getexif()[0x0112] = value
    expected = np.asarray(ImageOps.exif_transpose(image))
    out = upright(pixels, value)
    np.testing.assert_array_equal(out, expected)
    assert out.flags.c_contiguous


@pytest.mark.parametrize("value", [1, 3, 6])
def test_png_exif_behind_the_pixels_is_found_without_decoding(value):
    image, file = stored(png_with_late_exif(value))
    stood = file.tell()
    assert orientation(image, file) == value
    assert file.tell() == stood
    assert image._im is None
    image.load()
    assert image.getexif()[0x0112] == value


def test_damaged_exif_counts_as_upright():
    file = io.BytesIO()
    Image.new("L", (2, 2)).save(file, "PNG", exif=b"Exif\0\0LoremIpsum")
    assert orientation(*stored(file.getvalue())) == 1


def test_xmp_counts_where_there_is_no_exif(shared_data):
    path = shared_data / "nasty/pillow/Tests/images/xmp_tags_orientation_exiftool.png"
    assert orientation(*stored(path.read_bytes())) == 3
