"""Forty pictures of noise, and a cache folder of the test's own."""

import numpy as np
import pytest
from PIL import Image

from striate.data.pictures import read_picture
from tests.data.sources import RECORD


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """The cache folder of a test."""
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("STRIATE_CACHE_GIB", raising=False)
    return tmp_path / "cache" / "pictures"


@pytest.fixture
def paths(tmp_path):
    """Forty pictures of noise, JPEG and PNG by turns, each of its own size."""
    folder, rng = tmp_path / "photos", np.random.default_rng(3)
    folder.mkdir()
    for number in range(40):
        pixels = rng.integers(0, 256, (30 + number, 90 - number, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{number:02}.{('jpg', 'png')[number % 2]}")
    return sorted(folder.iterdir())


@pytest.fixture
def pixels(paths):
    """What each picture is, as `read_picture` reads it."""
    return np.stack([read_picture(path, RECORD) for path in paths])
