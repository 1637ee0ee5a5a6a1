import numpy as np
import pytest
import torch
from PIL import Image

from striate.data.augment import views
from striate.errors import ArgumentError, ShapeError

IMAGES = torch.from_numpy(np.random.default_rng(0).integers(0, 256, (2, 32, 48, 3), np.uint8))


def test_the_pictures_the_mirrored_ones_and_four_corners():
    seen = views(IMAGES, crop=0.5)
    assert len(seen) == 6
    assert seen[0].equal(IMAGES)
    assert seen[1].equal(IMAGES.flip(2))
    corners = [(0, 0), (24, 0), (0, 16), (24, 16)]
    for view, (left, top) in zip(seen[2:], corners, strict=True):
        for picture, y in zip(IMAGES, view, strict=True):
            whole = Image.fromarray(picture.numpy()).crop((left, top, left + 24, top + 16))
            expected = np.asarray(whole.resize((48, 32), Image.Resampling.BILINEAR)).astype(int)
            assert abs(y.numpy().astype(int) - expected)[2:-2, 2:-2].max() <= 1


def test_fewer_views():
    assert len(views(IMAGES, mirror=False)) == 5
    assert len(views(IMAGES, crop=None)) == 2
    assert all(each.equal(IMAGES) for each in views(IMAGES, mirror=False, crop=1.0))


def test_error_words():
    with pytest.raises(ShapeError, match="views: input must have 4 dimensions"):
        views(IMAGES[0])
    with pytest.raises(ArgumentError, match="views: `images` must be uint8"):
        views(IMAGES.float())
    with pytest.raises(ArgumentError, match="views: `crop` must be a number from 0 to 1"):
        views(IMAGES, crop=2)
    with pytest.raises(ArgumentError, match="views: `crop` must be above 0"):
        views(IMAGES, crop=0.0)
    with pytest.raises(ArgumentError, match="views: `mirror` must be True or False"):
        views(IMAGES, mirror=None)
