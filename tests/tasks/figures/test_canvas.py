"""Sheets, tiles and PNG bytes: read back and measured."""

import io

import numpy as np
import pytest
from matplotlib import rcParams
from PIL import Image

from striate.tasks.figures.canvas import as_shown, maps, panes, png, sheet, short, tiles


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
    tiles(figure, np.stack([np.full((4, 4), v) for v in levels]), columns=3, captions="abc")
    row = read(figure)[110]
    for level in levels:
        wide = (np.abs(row[:, 0].astype(int) - round(level * 255)) <= 1).sum()
        assert 150 < wide < 220  # a third of 660 pixels, less the gaps


def test_each_map_has_its_own_limits():
    figure = sheet(6.0, 2.0, "")
    ramp = np.arange(16.0).reshape(4, 4)
    maps(figure, np.stack([ramp, 1e6 + 7 * ramp, np.ones((4, 4))]), columns=4)
    middle = read(figure)[60:160].astype(int)  # the upper rows of the sheet are for a title
    darkest, lightest = ((np.abs(middle - c) <= 1).all(-1) for c in ((68, 1, 84), (253, 231, 36)))
    halves = [slice(0, 165), slice(165, 330), slice(330, 495), slice(495, 660)]
    assert [darkest[:, part].any() for part in halves] == [True, True, True, False]
    assert [lightest[:, part].any() for part in halves] == [True, True, False, False]
    assert (middle[:, 510:] == 255).all()  # no fourth map


@pytest.mark.parametrize("draw", [tiles, panes])
def test_an_empty_place_stays_white(draw):
    figure = sheet(4.0, 2.0, "")
    draw(figure, np.zeros((1, 4, 4)), columns=2, captions=[""])
    pixels = read(figure)
    assert (pixels[:, 230:] == 255).all()
    assert (pixels[:, :220] == 0).any()


@pytest.mark.parametrize("shape", [(5, 4, 4), (5, 4, 8, 3), (5, 12, 8)])
def test_captions_stand_below_their_pictures_and_inside_the_sheet(shape):
    figure = sheet(6.0, 2 * (2.1 * shape[1] / shape[2] + 0.5), "title")
    captions = [f"one\n{number}" for number in range(5)]
    tiles(figure, np.zeros(shape), columns=3, captions=captions)
    png(figure)
    (axes,) = figure.axes
    pictures = [image.get_window_extent() for image in axes.images]
    words = [text.get_window_extent() for text in axes.texts]
    assert [text.get_text() for text in axes.texts] == captions
    for picture, below in zip(pictures, words, strict=True):
        assert 0 < picture.y0 - below.y1 < 10
        assert picture.x0 < (below.x0 + below.x1) / 2 < picture.x1
        assert min(below.x0, below.y0) > 0
    assert pictures[3].y1 < words[0].y0
    assert pictures[0].y1 < figure.bbox.height - 20  # the title's line


def test_long_captions_do_not_meet():
    figure = sheet(6.0, 2.5, "title")
    captions = ["taken for a very long name of a wombat, 91%", "Wide MEMMINGEN Mammoth, 12%"]
    tiles(figure, np.zeros((3, 4, 4)), columns=3, captions=[*captions, "short"])
    png(figure)
    first, second, third = (text.get_window_extent() for text in figure.axes[0].texts)
    assert 0 < first.x0
    assert first.x1 < second.x0
    assert second.x1 < third.x0


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
