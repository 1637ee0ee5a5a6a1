import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance, ImageOps

from striate.data.augment.tones import autocontrast, equalize, posterize, sharpen, solarize


def pictures(low, high, size, seed):
    rng = np.random.default_rng(seed)
    shape = (2, *size, 3)
    spread = rng.beta(0.7, 1.5, shape) * (high - low) + low
    return torch.from_numpy(np.floor(spread).astype(np.uint8))


PEERS = {
    "autocontrast": (autocontrast, ImageOps.autocontrast),
    "equalize": (equalize, ImageOps.equalize),
    "posterize": (lambda x: posterize(x, 3), lambda x: ImageOps.posterize(x, 3)),
    "posterize all": (lambda x: posterize(x, 8), lambda x: ImageOps.posterize(x, 8)),
    "solarize": (lambda x: solarize(x, 99.5), lambda x: ImageOps.solarize(x, 99.5)),
    "solarize whole": (lambda x: solarize(x, 0.0), lambda x: ImageOps.solarize(x, 0)),
}


@pytest.mark.parametrize("name", PEERS)
@given(
    st.tuples(st.integers(0, 255), st.integers(0, 255)),
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
    st.integers(0, 999),
)
def test_they_are_pillows_to_the_bit(name, ends, size, seed):
    ours, peer = PEERS[name]
    x = pictures(min(ends), max(ends), size, seed)
    for picture, y in zip(x, ours(x), strict=True):
        assert (y.numpy() == np.asarray(peer(Image.fromarray(picture.numpy())))).all()


@pytest.mark.parametrize("factor", [0.0, 0.4, 1.0, 1.9])
@pytest.mark.parametrize("size", [(9, 12), (2, 7), (3, 3), (1, 1)])
def test_sharpness_is_pillows(factor, size):
    x = pictures(0, 255, size, 3)
    got = sharpen(x, torch.tensor([factor, factor]))
    for picture, y in zip(x, got, strict=True):
        peer = ImageEnhance.Sharpness(Image.fromarray(picture.numpy())).enhance(factor)
        assert abs(y.numpy().astype(int) - np.asarray(peer)).max() <= 1
    if factor == 1.0:
        assert got.equal(x)


def test_each_picture_has_its_own_factor():
    x = pictures(0, 255, (6, 6), 4)
    got = sharpen(x, torch.tensor([1.0, 0.2]))
    assert got[0].equal(x[0])
    assert got[1:].equal(sharpen(x[1:], torch.tensor([0.2])))


def test_grey_pictures():
    x = pictures(20, 200, (8, 8), 5)[..., :1]
    for function in (autocontrast, equalize):
        for picture, y in zip(x, function(x), strict=True):
            name = "autocontrast" if function is autocontrast else "equalize"
            peer = PEERS[name][1](Image.fromarray(picture.numpy()[..., 0]))
            assert (y.numpy()[..., 0] == np.asarray(peer)).all()
