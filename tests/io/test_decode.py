import io
import json
import os
import random
import struct
import threading
import time
import warnings
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from striate.errors import ArgumentError, DataError
from striate.io.decode import FORMATS, decode, probe


def encoded(image, kind="PNG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def noise(rng, *shape):
    return rng.integers(0, 256, shape, dtype=np.uint8)


def png(width, height, depth, colour, rows, extra=b""):
    """A PNG written by hand: the oracle for the depths that Pillow does not write."""

    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + extra
        + chunk(b"IDAT", body)
        + chunk(b"IEND", b"")
    )


# --- values ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "BMP", "WEBP"])
def test_lossless_formats_return_the_very_pixels(rng, kind):
    pixels = noise(rng, 7, 5, 3)
    options = {"lossless": True} if kind == "WEBP" else {}
    data = encoded(Image.fromarray(pixels), kind, **options)
    np.testing.assert_array_equal(decode(data), pixels)


def test_path_and_bytes_give_the_same(rng, tmp_path):
    path = tmp_path / "ä b.png"
    path.write_bytes(encoded(Image.fromarray(noise(rng, 4, 6, 3))))
    out = decode(path)
    np.testing.assert_array_equal(out, decode(path.read_bytes()))
    np.testing.assert_array_equal(out, decode(str(path)))
    assert out.shape == (4, 6, 3)
    assert out.dtype == np.uint8
    assert out.flags.c_contiguous


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


def test_animation_gives_its_first_frame(rng):
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    for kind in ("GIF", "PNG", "WEBP"):
        more = {"lossless": True} if kind == "WEBP" else {}
        data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], **more)
        assert decode(data)[0, 0].tolist() == [255, 0, 0], kind


# --- orientation ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_once(rng, kind, orientation):
    image = Image.fromarray(np.kron(noise(rng, 3, 5, 3), np.ones((16, 16, 1), np.uint8)))
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(image, kind, exif=exif.tobytes(), quality=100)
    with Image.open(io.BytesIO(data)) as stored:
        expected = np.asarray(ImageOps.exif_transpose(stored).convert("RGB"))
    np.testing.assert_array_equal(decode(data), expected)
    info = probe(data)
    assert info.orientation == orientation
    assert info.size_px == expected.shape[:2]


@pytest.mark.parametrize("options", [{}, {"compression": "tiff_lzw"}])
@pytest.mark.parametrize("tag", ["exif", "xmp"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_tiff_that_pillow_turns_itself_is_turned_once(rng, tag, orientation, options):
    image = Image.fromarray(noise(rng, 3, 5, 3))
    xmp = f'<x:xmpmeta tiff:Orientation="{orientation}"/>'.encode()
    written = {0x0112: orientation} if tag == "exif" else {700: xmp}
    data = encoded(image, "TIFF", tiffinfo=written, **options)
    image.getexif()[0x0112] = orientation
    expected = np.asarray(ImageOps.exif_transpose(image))
    np.testing.assert_array_equal(decode(data, formats=("TIFF",)), expected)
    info = probe(data, formats=("TIFF",))
    assert (info.orientation, info.size_px) == (orientation, expected.shape[:2])


def test_oriented_photographs_agree_with_each_other(shared_data):
    """One photograph, stored turned in seven ways; a wrong turn differs by about 60."""
    folder = shared_data / "nasty" / "pillow" / "Tests" / "images"
    names = [f"{n}.jpg" for n in (2, 4, 6, 8)] + [f"{n}.webp" for n in (2, 3, 8)]
    pictures = [decode(folder / f"hopper_orientation_{name}").astype(float) for name in names]
    for name, picture in zip(names[1:], pictures[1:], strict=True):
        assert np.abs(picture - pictures[0]).mean() < 6, name
        assert np.abs(picture[::-1] - pictures[0]).mean() > 30, name


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_meaningless_orientation_counts_as_upright(rng, value):
    exif = Image.Exif()
    exif[0x0112] = value
    data = encoded(Image.fromarray(noise(rng, 2, 3, 3)), exif=exif.tobytes())
    assert decode(data).shape == (2, 3, 3)
    assert probe(data).orientation == 1


# --- reduced size ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ((100, 160), (100, 160)),
        ((50, 80), (50, 80)),
        ((51, 80), (100, 160)),
        ((13, 20), (25, 40)),
        ((12, 20), (13, 20)),
        ((1, 1), (13, 20)),
        ((500, 500), (100, 160)),
    ],
)
def test_jpeg_is_decoded_smaller_but_never_too_small(rng, wanted, expected):
    image = Image.fromarray(noise(rng, 100, 160, 3))
    assert decode(encoded(image, "JPEG"), size_px=wanted).shape[:2] == expected
    assert decode(encoded(image, "PNG"), size_px=wanted).shape[:2] == (100, 160)


def test_reduced_size_respects_the_orientation(rng):
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded(Image.fromarray(noise(rng, 100, 160, 3)), "JPEG", exif=exif.tobytes())
    assert decode(data).shape[:2] == (160, 100)
    assert decode(data, size_px=(80, 50)).shape[:2] == (80, 50)
    assert decode(data, size_px=(81, 50)).shape[:2] == (160, 100)


def test_reduced_size_is_the_average_of_the_pixels(rng):
    smooth = np.add.outer(np.arange(64), np.arange(96)).astype(np.uint8)
    data = encoded(Image.fromarray(smooth), "JPEG", quality=100)
    half = decode(data, size_px=(32, 48), channels=1)[..., 0]
    mean = smooth.reshape(32, 2, 48, 2).mean((1, 3))
    assert np.abs(half - mean).max() <= 2


# --- refusals -------------------------------------------------------------------------------


def test_words_of_a_missing_file(tmp_path):
    with pytest.raises(DataError, match=r'Picture ".*no\.jpg": must be a file that can be read\.'):
        decode(tmp_path / "no.jpg")
    with pytest.raises(DataError, match="Got embedded null"):
        decode("a\0b")


def test_folders_and_pipes_are_refused_at_once(tmp_path):
    with pytest.raises(DataError, match=r"must be a regular file\. Got a folder, pipe or device"):
        decode(tmp_path)
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(DataError, match="must be a regular file"):
        decode(tmp_path / "pipe.png")
    with pytest.raises(DataError, match="must be a regular file"):
        decode("/dev/zero")


def test_pixel_limit_is_checked_before_decoding():
    data = png(60_000, 1_000, 8, 2, [])
    with pytest.raises(DataError, match=r'"big": must have at most 1,000 pixels. Got 1000 × 60000'):
        decode(data, name="big", max_pixels=1000)
    with pytest.raises(DataError, match=r"178,956,970 pixels"):
        decode(png(60_000, 60_000, 8, 2, []))
    with pytest.raises(DataError, match=r"at most 89,478,485 pixels"):
        decode(png(10_000, 10_000, 8, 2, []))


def test_empty_path_is_no_file():
    for read in (decode, probe):
        with pytest.raises(DataError, match=r'^Picture "": must be a file that can be read\.'):
            read("")


def test_other_formats_are_not_even_tried(rng):
    tiff = encoded(Image.fromarray(noise(rng, 2, 2, 3)), "TIFF")
    with pytest.raises(
        DataError, match=r"formats JPEG, PNG, WEBP, BMP, GIF\. Got a file that begi"
    ):
        decode(tiff)
    assert decode(tiff, formats=("TIFF",)).shape == (2, 2, 3)
    with pytest.raises(DataError, match="must be a whole picture in one of the formats PNG"):
        decode(encoded(Image.fromarray(noise(rng, 2, 2, 3)), "BMP"), formats=("PNG",))
    with pytest.raises(ArgumentError, match="`formats` must be one of"):
        decode(tiff, formats=("EPS",))


def test_float_and_32_bit_pixels_are_refused():
    for mode in ("F", "I"):
        data = encoded(Image.new(mode, (2, 2)), "TIFF")
        with pytest.raises(DataError, match=f'Got pixels of mode "{mode}". Convert it to 8-bit'):
            decode(data, formats=("TIFF",))


@pytest.mark.parametrize("kind", FORMATS)
def test_cut_files_are_refused(rng, kind):
    data = encoded(Image.fromarray(noise(rng, 64, 64, 3)), kind)
    for keep in (0, 1, 10, len(data) // 3, len(data) * 2 // 3):
        with pytest.raises(DataError, match="must be a whole"):
            decode(data[:keep])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"channels": 2}, "`channels` must be 1, 3, 4 or None"),
        ({"channels": True}, "`channels` must be 1, 3, 4 or None"),
        ({"size_px": (0, 3)}, "`size_px` must be a whole number of at least 1"),
        ({"max_pixels": 0}, "`max_pixels` must be a whole number of at least 1"),
    ],
)
def test_argument_words(options, words):
    with pytest.raises(ArgumentError, match=words):
        decode(b"", **options)


# --- hostile files --------------------------------------------------------------------------

# Their pixels are whole: only what follows or describes them is damaged.
HARMLESS = {"truncated_end_chunk.png", "exif.png"}


def test_every_nasty_file_is_a_picture_or_one_sentence(shared_data):
    rows = json.loads((shared_data / "nasty" / "manifest.json").read_text(encoding="utf-8"))
    wrong = []
    for row in rows:
        path = shared_data / "nasty" / row["path"]
        good = row["status"] == "ok" and row["format"] in (*FORMATS, "MPO")
        start = time.perf_counter()
        try:
            out = decode(path)
        except DataError as error:
            text = str(error)
            ok = not good and text.startswith(f'Picture "{path}": must ') and "\n" not in text
        else:
            ok = (good or path.name in HARMLESS) and out.dtype == np.uint8
            if good:
                turned = row["exif_orientation"] in (5, 6, 7, 8)
                size = row["size"] if turned else row["size"][::-1]
                ok = ok and out.shape == (*size, 3)
        if not ok or time.perf_counter() - start > 2:
            wrong.append(row["path"])
    assert len(rows) > 700
    assert wrong == []


def seeds_of_mutation():
    """Small files of every format and kind of pixel."""
    rng = np.random.default_rng(5)
    image = Image.fromarray(noise(rng, 12, 9, 3))
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "words"
    yield encoded(image, "JPEG", exif=exif.tobytes())
    yield encoded(image, "JPEG", progressive=True)
    yield encoded(image.convert("CMYK"), "JPEG")
    yield encoded(image, "PNG", exif=exif.tobytes())
    yield encoded(image.convert("P"), "PNG", transparency=3)
    yield encoded(image, "PNG", save_all=True, append_images=[image.rotate(90)])
    yield encoded(image, "BMP")
    yield encoded(image.convert("P"), "BMP")
    yield encoded(image, "GIF", save_all=True, append_images=[image.rotate(90)])
    yield encoded(image, "WEBP", lossless=True, exif=exif.tobytes())
    yield encoded(image.convert("RGBA"), "WEBP")


def mutated(data, draw):
    body = bytearray(data)
    for _ in range(draw.randint(1, 6)):
        at = draw.randrange(len(body))
        match draw.randrange(5):
            case 0:
                body[at] = draw.randrange(256)
            case 1:
                body[at] ^= 1 << draw.randrange(8)
            case 2:
                body[at : at + 4] = draw.choice([b"\xff" * 4, b"\0" * 4, b"\x7f\xff\xff\xff"])
            case 3:
                del body[at : at + draw.randint(1, 20)]
            case _:
                body[at:at] = body[: draw.randint(1, 40)]
        body = body or bytearray(1)
    return bytes(body)


def outcome(data):
    """Whether the bytes decode; anything but an array or one sentence fails the test."""
    try:
        out = decode(data, channels=3, max_pixels=1_000_000)
    except DataError as error:
        text = str(error)
    else:
        assert (out.dtype, out.ndim, out.shape[2]) == (np.uint8, 3, 3)
        return True
    assert text.startswith('Picture "bytes": must ')
    assert "\n" not in text
    return False


def test_thousands_of_mutated_files_are_a_picture_or_one_sentence():
    draw = random.Random(11)
    seeds = list(seeds_of_mutation())
    decoded = sum(outcome(mutated(draw.choice(seeds), draw)) for _ in range(5000))
    assert 500 < decoded < 4500


@given(st.binary(max_size=200))
def test_any_bytes_are_a_picture_or_one_sentence(data):
    outcome(data)
    for magic in (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe1\x00\x40Exif\0\0", b"GIF89a", b"BM"):
        outcome(magic + data)


# --- warnings -------------------------------------------------------------------------------


def corrupt_exif():
    """A JPEG whose EXIF names more entries than it holds: Pillow warns of it."""
    exif = b"Exif\0\0II*\0\x08\0\0\0\x05\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"
    return encoded(Image.new("RGB", (4, 4)), "JPEG", exif=exif)


def test_warnings_of_pillow_stay_inside_and_the_filters_as_they_were():
    before = list(warnings.filters)
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        with Image.open(io.BytesIO(corrupt_exif())) as image:
            image.getexif()
        assert [str(w.message) for w in seen], "the file must be one that Pillow warns of"
        seen.clear()
        decode(corrupt_exif())
        decode(png(9_500, 9_500, 1, 0, [b"\0" * 1188] * 9_500), channels=1, max_pixels=10**8)
        assert seen == []
        warnings.warn("ours", stacklevel=1)
        assert len(seen) == 1
    assert list(warnings.filters) == before


def test_many_threads_leave_the_filters_as_they_were():
    before, errors, data = list(warnings.filters), [], corrupt_exif()

    def work():
        try:
            for _ in range(100):
                decode(data)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert list(warnings.filters) == before


# --- probe ----------------------------------------------------------------------------------


def test_probe_reads_the_header_only():
    info = probe(png(60_000, 1_000, 16, 0, []))
    assert (info.format, info.mode, info.size_px) == ("PNG", "I;16", (1_000, 60_000))
    with pytest.raises(DataError, match=r'Picture "x": must be a whole picture'):
        probe(b"text", name="x")
