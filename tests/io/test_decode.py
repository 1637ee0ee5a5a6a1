import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from striate.errors import ArgumentError, DataError
from striate.io.decode import FORMATS, decode, probe
from tests.io.picture_bytes import encoded, noise, png

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


def test_animation_gives_its_first_frame(rng):
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    for kind in ("GIF", "PNG", "WEBP"):
        more = {"lossless": True} if kind == "WEBP" else {}
        data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], **more)
        said = []
        assert decode(data, say=said.append)[0, 0].tolist() == [255, 0, 0], kind
        assert said == ["holds several frames; the first one is read"], kind
    assert decode(encoded(frames[0], "GIF"), say=said.remove).shape == (4, 4, 3)


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


# --- probe ----------------------------------------------------------------------------------


def test_probe_reads_the_header_only():
    info = probe(png(60_000, 1_000, 16, 0, []))
    assert (info.format, info.mode, info.size_px) == ("PNG", "I;16", (1_000, 60_000))
    with pytest.raises(DataError, match=r'Picture "x": must be a whole picture'):
        probe(b"text", name="x")


def test_probe_tells_of_further_frames(shared_data):
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue", "green")]
    for kind in ("GIF", "PNG", "WEBP", "TIFF"):
        for count in (1, 2, 3):
            data = encoded(frames[0], kind, save_all=True, append_images=frames[1:count])
            info = probe(data, formats=(kind,))
            assert info.animated == (count > 1), kind
            assert (info.size_px, info.mode) == ((4, 4), "P" if kind == "GIF" else "RGB")
            assert info.note == ("holds several frames; the first one is read" if count > 1 else "")
    assert not probe(encoded(frames[0], "JPEG")).animated
    photo = shared_data / "nasty" / "pillow" / "Tests" / "images" / "sugarshack.mpo"
    if photo.exists():
        assert (probe(photo).format, probe(photo).animated) == ("JPEG", False)


def test_a_damaged_second_frame_is_no_damage(rng):
    frames = [Image.fromarray(noise(rng, 8, 8)) for _ in range(2)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    for cut in range(len(data) // 2 + 40, len(data), 7):
        np.testing.assert_array_equal(decode(data[:cut], channels=1)[..., 0], np.asarray(frames[0]))
        assert probe(data[:cut]).size_px == (8, 8)
