"""Headers are read before training, and every broken picture is named."""

import numpy as np
import pytest
from PIL import Image, ImageFile

from striate.data import PictureSource
from striate.errors import DataError
from striate.records import Preprocess
from striate.tasks.pictures.survey import survey, unreadable


def picture(path, size, mode="RGB"):
    Image.new(mode, size).save(path)
    return path


def test_sizes_and_colours(tmp_path):
    paths = [picture(tmp_path / f"{w}.png", (w, h)) for w, h in ((30, 20), (8, 50), (100, 90))]
    seen = survey(paths)[0]
    assert (seen.smallest_px, seen.largest_px) == ((50, 8), (90, 100))
    assert seen.median_shorter_px == 20
    assert seen.text == "50 × 8 to 90 × 100 pixels, colour"


def test_all_grey_is_grey_and_one_coloured_picture_is_not(tmp_path):
    grey = [picture(tmp_path / f"{mode}.png", (9, 9), mode) for mode in ("L", "1", "LA", "I;16")]
    assert survey(grey)[0].channels == 1
    assert survey(grey)[0].text == "9 × 9 pixels, grey"
    assert survey([*grey, picture(tmp_path / "p.png", (9, 9), "P")])[0].channels == 3


def test_broken_headers_are_named_by_their_number(tmp_path):
    paths = [picture(tmp_path / "good.png", (9, 9))]
    for number in range(3):
        paths.append(tmp_path / f"bad{number}.png")
        paths[-1].write_text("no picture")
    seen, broken = survey(paths)
    assert seen.largest_px == (9, 9)
    assert sorted(broken) == [1, 2, 3]
    assert "bad1.png" in broken[2]
    assert survey(paths[1:])[0] is None


def test_pictures_that_break_while_they_are_decoded_are_all_named(tmp_path):
    paths = []
    for number in range(70):
        path = tmp_path / f"{number:02}.png"
        pixels = np.random.default_rng(number).integers(0, 255, (16, 16, 3), np.uint8)
        Image.fromarray(pixels).save(path)
        paths.append(path)
    source = PictureSource(paths, preprocess=Preprocess(size=(8, 8), channels=3))
    assert unreadable(source) == {}
    for number in (3, 66):
        paths[number].write_bytes(paths[number].read_bytes()[:-200])
    assert survey(paths)[1] == {}  # the headers are whole
    source = PictureSource(paths, preprocess=Preprocess(size=(8, 8), channels=3))
    broken = unreadable(source)
    assert sorted(broken) == [3, 66]
    assert "66.png" in broken[66]


def test_a_picture_that_memory_cannot_hold_is_no_bad_picture(tmp_path, monkeypatch):
    """Else --on-bad-image skip would leave good pictures out where memory is short."""
    source = PictureSource(
        [picture(tmp_path / f"{n}.png", (9, 9)) for n in range(3)],
        preprocess=Preprocess((4, 4), channels=3),
        cache_limit_bytes=0,
    )

    def short(*_):
        raise MemoryError

    monkeypatch.setattr(ImageFile.ImageFile, "load", short)
    with pytest.raises(DataError, match=r'0\.png": must fit into memory\. Got MemoryError'):
        unreadable(source)
