"""Masks are read as numbers, never as colours."""

import numpy as np
import pytest
from PIL import Image

from striate.errors import DataError
from striate.io import class_numbers
from striate.io.class_numbers import read_class_numbers


@pytest.mark.parametrize(("dtype", "top"), [(np.uint8, 255), (np.uint16, 65_535)])
def test_grey_gives_the_stored_numbers(tmp_path, rng, dtype, top):
    numbers = rng.integers(0, top, (5, 7)).astype(dtype)
    Image.fromarray(numbers).save(tmp_path / "mask.png")
    out = read_class_numbers(tmp_path / "mask.png")
    np.testing.assert_array_equal(out, numbers)
    assert out.dtype == np.int64


def test_a_palette_gives_its_indices(tmp_path, rng):
    numbers = rng.integers(0, 3, (5, 7), dtype=np.uint8)
    image = Image.fromarray(numbers, "P")
    image.putpalette([9, 9, 9, 200, 0, 0, 0, 0, 200])
    image.save(tmp_path / "mask.png")
    np.testing.assert_array_equal(read_class_numbers(tmp_path / "mask.png"), numbers)


def test_it_is_turned_upright_as_its_picture(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 3
    Image.fromarray(np.array([[1, 2], [3, 4]], np.uint8)).save(tmp_path / "m.png", exif=exif)
    assert read_class_numbers(tmp_path / "m.png").tolist() == [[4, 3], [2, 1]]


def test_colour_and_damage_and_too_many_pixels_are_refused(tmp_path, monkeypatch):
    Image.new("RGB", (4, 4)).save(tmp_path / "colour.png")
    with pytest.raises(DataError, match=r'must hold one number a pixel.*mode "RGB"'):
        read_class_numbers(tmp_path / "colour.png")
    with pytest.raises(DataError, match=r'Picture "mask": must be a whole picture'):
        read_class_numbers(b"torn", name="mask")
    Image.new("L", (4, 4)).save(tmp_path / "grey.png")
    monkeypatch.setattr(class_numbers, "MAX_PIXELS", 15)
    with pytest.raises(DataError, match=r"must have at most 15 pixels\. Got 4 × 4 = 16"):
        read_class_numbers(tmp_path / "grey.png")
