"""What X may be: files, arrays, rows of a table; how each becomes the net's input."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from striate.errors import ArgumentError, DataError, ShapeError
from striate.records import Preprocess
from striate.tasks.classify.estimator_input import (
    for_arrays,
    for_files,
    images_of,
    paths_of,
    pictures_in_rows,
)


@pytest.mark.parametrize(
    "value",
    [
        ["a.png", Path("b.png")],
        ("a.png", "b.png"),
        np.array(["a.png", "b.png"]),
        np.array([Path("a.png"), Path("b.png")], dtype=object),
    ],
)
def test_paths_in_any_form(value):
    assert paths_of(value) == [str(each) for each in value]


@pytest.mark.parametrize("value", ["a.png", b"a", [], [1.0], ["a.png", 1], np.zeros((2, 4, 4)), 3])
def test_what_is_no_list_of_paths(value):
    assert paths_of(value) is None


def test_arrays_get_channels_and_keep_their_type(rng):
    grey = rng.integers(0, 256, (3, 5, 4), dtype=np.uint8)
    found = images_of(grey, place="here")
    assert (found.shape, found.dtype) == ((3, 5, 4, 1), np.uint8)
    assert np.array_equal(found[..., 0], grey)
    assert images_of(np.zeros((2, 3, 3, 5)).tolist(), place="here").shape == (2, 3, 3, 5)
    with pytest.raises(ShapeError, match=r"here: input must be pictures .* picture_shape=\(h, w\)"):
        images_of(np.zeros((4, 64)), place="here")
    with pytest.raises(ValueError, match="NaN"):
        images_of(np.full((1, 2, 2), np.nan), place="here")


def test_rows_become_pictures_row_by_row(rng):
    pictures = rng.normal(size=(3, 4, 5, 2))
    rows = pictures.reshape(3, -1)
    assert np.array_equal(pictures_in_rows(rows, (4, 5, 2), place="here"), pictures)
    assert pictures_in_rows(rows, [8, 5], place="here").shape == (3, 8, 5, 1)
    for shape in ((4, 5), (40,), (1, 2, 4, 5)):
        with pytest.raises(ArgumentError, match=r"be \(h, w\) or \(h, w, c\) with the 40 numbers"):
            pictures_in_rows(rows, shape, place="here")


def test_files_are_brought_to_the_median_of_their_shorter_sides(tmp_path):
    paths = []
    for number, size in enumerate([(30, 20), (24, 90), (500, 40)]):
        paths.append(str(tmp_path / f"{number}.png"))
        Image.new("L", size, 9).save(paths[-1])
    grey = Preprocess(size=(24, 24), channels=1, scale=1 / 255)
    assert for_files(paths, place="here", size_px=None) == grey
    assert for_files(paths[2:], place="here", size_px=None).size == (40, 40)
    assert for_files(paths, place="here", size_px=9).size == (9, 9)
    Image.new("RGB", (900, 800)).save(tmp_path / "large.png")
    large = for_files([str(tmp_path / "large.png")], place="here", size_px=None)
    assert (large.size, large.channels) == ((128, 128), 3)
    with pytest.raises(ArgumentError, match="here: `size_px` must be a whole number of at least 8"):
        for_files(paths, place="here", size_px=2)
    with pytest.raises(DataError, match=r"gone\.png"):
        for_files([*paths, str(tmp_path / "gone.png")], place="here", size_px=None)


def test_numbers_that_are_no_uint8_pictures_get_mean_0_and_deviation_1(rng, close):
    images = rng.normal(5, 3, (20, 4, 4, 1))
    found = for_arrays(images, place="here", size_px=None)
    seen = found.apply(torch.from_numpy(images)).numpy()
    close(seen, (images - images.mean()) / images.std())
    assert found.size is None
    assert for_arrays(np.full((2, 3, 3, 1), 7.0), place="here", size_px=None).std == (1.0,)
    pictures = for_arrays(np.zeros((2, 6, 4, 3), np.uint8), place="here", size_px=None)
    assert pictures == Preprocess(size=(6, 4), channels=3, scale=1 / 255)
    assert for_arrays(np.zeros((2, 6, 4, 2), np.uint8), place="here", size_px=None).size is None
    with pytest.raises(ArgumentError, match="`size_px` must be left out where X holds arrays"):
        for_arrays(images, place="here", size_px=32)
