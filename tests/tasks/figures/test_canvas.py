"""Sheets, tiles and PNG bytes: read back and measured."""

import io

import numpy as np
import pytest
from matplotlib import rcParams
from PIL import Image

from striate.tasks.figures.canvas import as_shown, png, sheet, short, tiles


def read(figure):
    return np.asarray(Image.open(io.BytesIO(png(figure))).convert("RGB"))


def test_a_sheet_is_white_and_as_large_as_it_was_asked_for():
    pixels = read(sheet(4.0, 2.0, ""))
    assert pixels.shape == (220, 440, 3)
    assert (pixels == 255).all()


def test_nothing_outside_the_sheet_changes():
    before = dict(rcParams)
    png(sheet(1.0, 1.0, "x"))
    assert dict(rcParams) == before


def test_the_same_sheet_gives_the_same_bytes():
    assert png(sheet(2.0, 1.0, "title")) == png(sheet(2.0, 1.0, "title"))


def test_tiles_show_every_picture_in_its_grey():
    levels = (0.1, 0.5, 0.9)
    figure = sheet(6.0, 2.0, "")
    tiles(figure, np.stack([np.full((4, 4), v) for v in levels]), columns=3)
    row = read(figure)[110]
    for level in levels:
        wide = (np.abs(row[:, 0].astype(int) - round(level * 255)) <= 1).sum()
        assert 150 < wide < 220  # a third of 660 pixels, less the gaps


def test_each_picture_can_have_its_own_limits():
    figure = sheet(4.0, 2.0, "")
    ramp = np.linspace(5.0, 6.0, 16).reshape(4, 4)
    tiles(figure, ramp[None], columns=1, limits=None)
    assert read(figure).min() == 0  # 5.0 is the darkest of its own


def test_an_empty_place_stays_white():
    figure = sheet(4.0, 2.0, "")
    tiles(figure, np.zeros((1, 4, 4)), columns=2)
    pixels = read(figure)
    assert (pixels[:, 230:] == 255).all()
    assert (pixels[:, :220] == 0).any()


@pytest.mark.parametrize("channels", [1, 3])
def test_pictures_are_shown_from_0_to_1(channels):
    whole = np.full((2, 3, 3, channels), 255, np.uint8)
    assert as_shown(whole).max() == 1.0
    assert as_shown(whole).shape == ((2, 3, 3) if channels == 1 else (2, 3, 3, 3))
    unit = np.random.rand(2, 3, 3, channels)
    assert np.allclose(as_shown(unit).reshape(unit.shape), unit, atol=1e-6)
    shown = as_shown(np.linspace(-3, 5, 18 * channels).reshape(2, 3, 3, channels))
    assert (shown.min(), shown.max()) == (0.0, 1.0)


def test_long_labels_are_cut():
    assert short("cat") == "cat"
    assert short("x" * 100) == "x" * 25 + "…"
