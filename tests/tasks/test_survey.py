"""Headers are read before training, and every broken picture is named."""

import numpy as np
import pytest
from PIL import Image

from striate.data import PictureSource
from striate.errors import DataError
from striate.records import Preprocess
from striate.tasks.survey import check_readable, survey


def picture(path, size, mode="RGB"):
    Image.new(mode, size).save(path)
    return path


def test_sizes_and_colours(tmp_path):
    paths = [picture(tmp_path / f"{w}.png", (w, h)) for w, h in ((30, 20), (8, 50), (100, 90))]
    seen = survey(paths, tmp_path)
    assert (seen.smallest_px, seen.largest_px) == ((50, 8), (90, 100))
    assert seen.median_shorter_px == 20
    assert seen.text == "50 × 8 to 90 × 100 pixels, colour"


def test_all_grey_is_grey_and_one_coloured_picture_is_not(tmp_path):
    grey = [picture(tmp_path / f"{mode}.png", (9, 9), mode) for mode in ("L", "1", "LA", "I;16")]
    assert survey(grey, tmp_path).channels == 1
    assert survey(grey, tmp_path).text == "9 × 9 pixels, grey"
    assert survey([*grey, picture(tmp_path / "p.png", (9, 9), "P")], tmp_path).channels == 3


def test_broken_headers_are_named_and_counted(tmp_path):
    paths = [picture(tmp_path / "good.png", (9, 9))]
    for number in range(7):
        paths.append(tmp_path / f"bad{number}.png")
        paths[-1].write_text("no picture")
    with pytest.raises(DataError, match=r"Got 7 of 8 that cannot be read") as caught:
        survey(paths, tmp_path)
    text = str(caught.value)
    assert "bad4.png" in text
    assert "bad5.png" not in text
    assert text.endswith("Remove or replace them. And 2 more.")


def test_pictures_that_break_while_they_are_decoded_are_all_named(tmp_path):
    paths = []
    for number in range(70):
        path = tmp_path / f"{number:02}.png"
        pixels = np.random.default_rng(number).integers(0, 255, (16, 16, 3), np.uint8)
        Image.fromarray(pixels).save(path)
        paths.append(path)
    source = PictureSource(paths, preprocess=Preprocess(size=(8, 8), channels=3))
    check_readable(source, tmp_path)
    for number in (3, 66):
        paths[number].write_bytes(paths[number].read_bytes()[:-200])
    survey(paths, tmp_path)  # the headers are whole
    source = PictureSource(paths, preprocess=Preprocess(size=(8, 8), channels=3))
    with pytest.raises(DataError, match=r"must hold pictures that can be read. Got 2 of 70") as e:
        check_readable(source, tmp_path)
    assert "03.png" in str(e.value)
    assert "66.png" in str(e.value)
