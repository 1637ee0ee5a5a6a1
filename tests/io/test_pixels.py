import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from striate.errors import DataError
from striate.io.decode import decode
from striate.io.pixels import as_uint8, with_channels
from tests.io.picture_bytes import encoded, noise, png


def test_16_bit_grey_is_divided_by_257_and_rounded():
    values = np.array([[0, 128, 129, 257, 386, 32767, 65406, 65535]], dtype=np.uint16)
    data = png(8, 1, 16, 0, [values.astype(">u2").tobytes()])
    expected = np.rint(values / 257).astype(np.uint8)
    assert expected.tolist() == [[0, 0, 1, 1, 2, 127, 254, 255]]
    np.testing.assert_array_equal(decode(data, channels=1)[..., 0], expected)
    np.testing.assert_array_equal(decode(data), np.repeat(expected[..., None], 3, 2))


def test_16_bit_colour_keeps_the_high_byte():
    data = png(1, 1, 16, 2, [struct.pack(">HHH", 0x12FF, 0x3400, 0xFFFF)])
    assert decode(data).tolist() == [[[0x12, 0x34, 0xFF]]]


def test_16_bit_grey_with_a_transparent_value():
    rows = [struct.pack(">HH", 1000, 0)]
    key = b"\x00\x00\x00\x02tRNS" + struct.pack(">H", 1000)
    key += struct.pack(">I", zlib.crc32(key[4:]))
    data = png(2, 1, 16, 0, rows, key)
    assert decode(data, channels=None)[0, :, 3].tolist() == [0, 255]
    assert decode(data)[0].tolist() == [[255, 255, 255], [0, 0, 0]]


def test_1_bit_and_small_grey():
    bits = np.array([[True, False, True]])
    assert decode(encoded(Image.fromarray(bits)), channels=1)[..., 0].tolist() == [[255, 0, 255]]
    four = png(4, 1, 4, 0, [bytes([0x0F, 0x37])])
    assert decode(four, channels=1)[..., 0].tolist() == [[0, 255, 51, 119]]


def test_palette_gives_its_colours_and_its_transparency():
    image = Image.new("P", (3, 1))
    image.putpalette([10, 20, 30, 40, 50, 60, 70, 80, 90])
    image.putdata([2, 0, 1])
    assert decode(encoded(image)).tolist() == [[[70, 80, 90], [10, 20, 30], [40, 50, 60]]]
    clear = encoded(image, transparency=0)
    assert decode(clear, channels=4)[0, :, 3].tolist() == [255, 0, 255]
    assert decode(clear)[0, 1].tolist() == [255, 255, 255]
    halves = encoded(image, transparency=bytes([255, 128, 0]))
    assert decode(halves, channels=4)[0, :, 3].tolist() == [0, 255, 128]


def test_transparent_pixels_are_laid_on_white(rng):
    pixels = noise(rng, 40, 300, 4)
    colour, alpha = pixels[..., :3].astype(float), pixels[..., 3:] / 255.0
    expected = colour * alpha + 255.0 * (1.0 - alpha)
    out = decode(encoded(Image.fromarray(pixels)))
    assert np.abs(out - expected).max() <= 0.5 + 1e-9
    np.testing.assert_array_equal(decode(encoded(Image.fromarray(pixels)), channels=4), pixels)


def test_grey_with_alpha(rng):
    pixels = np.array([[[100, 255], [100, 0], [100, 51]]], dtype=np.uint8)
    data = encoded(Image.fromarray(pixels))
    assert decode(data, channels=1)[0, :, 0].tolist() == [100, 255, round(100 * 0.2 + 255 * 0.8)]
    assert decode(data, channels=None).shape == (1, 3, 4)


def test_one_channel_of_colour_is_luma(rng):
    pixels = noise(rng, 30, 30, 3)
    luma = pixels @ np.array([0.299, 0.587, 0.114])
    out = decode(encoded(Image.fromarray(pixels)), channels=1)
    assert out.shape == (30, 30, 1)
    assert np.abs(out[..., 0] - luma).max() <= 0.51


def test_channels_none_keeps_what_the_file_has(rng):
    for mode, count in [("1", 1), ("L", 1), ("RGB", 3), ("RGBA", 4), ("LA", 4), ("P", 3)]:
        assert decode(encoded(Image.new(mode, (2, 2))), channels=None).shape == (2, 2, count), mode


def test_four_channels_of_opaque_pixels_get_full_alpha(rng):
    pixels = noise(rng, 3, 3)
    out = decode(encoded(Image.fromarray(pixels)), channels=4)
    np.testing.assert_array_equal(out[..., :3], np.repeat(pixels[..., None], 3, 2))
    assert (out[..., 3] == 255).all()


def test_cmyk_jpeg_in_both_polarities():
    """Ink 0 is white; a JPEG of CMYK is written inverted, with Adobe's mark."""
    white = encoded(Image.new("CMYK", (16, 16), (0, 0, 0, 0)), "JPEG")
    cyan = encoded(Image.new("CMYK", (16, 16), (255, 0, 0, 0)), "JPEG", quality=100)
    assert b"Adobe" in cyan
    assert decode(white).min() == 255
    np.testing.assert_allclose(decode(cyan)[8, 8], [0, 255, 255], atol=2)


def test_float_and_32_bit_pixels_are_refused():
    for mode in ("F", "I"):
        data = encoded(Image.new(mode, (2, 2)), "TIFF")
        with pytest.raises(DataError, match=f'Got pixels of mode "{mode}". Convert it to 8-bit'):
            decode(data, formats=("TIFF",))


def test_every_number_of_channels_becomes_every_other(rng):
    for stored in (1, 3, 4):
        pixels = noise(rng, 5, 6, stored)
        for wanted in (1, 3, 4):
            assert with_channels(pixels, wanted).shape == (5, 6, wanted)
        assert with_channels(pixels, None) is pixels
        assert with_channels(pixels, stored) is pixels


def test_every_mode_that_pillow_knows_is_taken_or_refused():
    known = {"1": 1, "L": 1, "LA": 4, "P": 3, "PA": 4, "RGB": 3, "RGBA": 4, "CMYK": 3, "I;16": 1}
    for mode, channels in known.items():
        assert as_uint8(Image.new(mode, (3, 2)), "x").shape == (2, 3, channels), mode
    for mode in ("I", "F", "YCbCr", "LAB", "HSV", "RGBX", "RGBa", "La"):
        with pytest.raises(DataError, match=f'Got pixels of mode "{mode}"'):
            as_uint8(Image.new(mode, (3, 2)), "x")
