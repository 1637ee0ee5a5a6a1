import colorsys

import numpy as np
import pytest
import torch
from PIL import Image, ImageEnhance

from striate.data.augment import Brightness, Contrast, Hue, Saturation
from striate.data.augment.color import LUMA
from striate.data.augment.resample import recolor
from striate.errors import ArgumentError

RNG = np.random.default_rng(0)
PICTURES = torch.from_numpy(RNG.integers(0, 256, (3, 9, 14, 3), np.uint8))
DRAWS = [0.0, 0.35, 0.99]


def drawn(*values):
    return torch.tensor([[0.0, value] for value in values], dtype=torch.float64)


@pytest.mark.parametrize(
    ("transform", "peer"),
    [
        (Brightness(0.6), ImageEnhance.Brightness),
        (Contrast(0.6), ImageEnhance.Contrast),
        (Saturation(0.6), ImageEnhance.Color),
    ],
)
def test_they_are_pillows(transform, peer):
    got = recolor(PICTURES, transform.maps(drawn(*DRAWS)))
    for picture, value, y in zip(PICTURES, DRAWS, got, strict=True):
        factor = 1 + 0.6 * (2 * value - 1)
        expected = np.asarray(peer(Image.fromarray(picture.numpy())).enhance(factor)).astype(int)
        # Pillow rounds the grey first, and then cuts decimals off.
        assert abs(y.numpy().astype(int) - expected).max() <= (1 if factor < 1.5 else 2)


def test_a_turn_of_hue_is_that_of_colorsys():
    got = recolor(PICTURES, Hue(0.5).maps(drawn(*DRAWS)))
    for picture, value, y in zip(PICTURES, DRAWS, got, strict=True):
        angle = (2 * value - 1) * np.pi
        for r, g, b, ours in zip(*picture.reshape(-1, 3).T.tolist(), y.reshape(-1, 3), strict=True):
            luma, i, q = colorsys.rgb_to_yiq(r / 255, g / 255, b / 255)
            turned = (i + 1j * q) * np.exp(1j * angle)
            # colorsys cuts off at 0 and 1 as well; its matrix has two decimals
            there = np.array(colorsys.yiq_to_rgb(luma, turned.real, turned.imag)) * 255
            assert abs(ours.numpy() - there).max() < 6


def test_hue_keeps_the_brightness():
    colors = torch.from_numpy(RNG.integers(90, 150, (1, 20, 20, 3), np.uint8))
    y = recolor(colors, Hue(0.5).maps(drawn(0.8)))
    luma = torch.tensor(LUMA)
    assert ((colors.float() @ luma) - (y.float() @ luma)).abs().max() <= 0.51
    assert (colors.int() - y.int()).abs().max() > 20


@pytest.mark.parametrize("transform", [Saturation(1.0), Hue(0.5)])
def test_grey_stays_grey(transform):
    grey = PICTURES[..., :1]
    maps = transform.maps(drawn(*DRAWS))
    assert recolor(grey, maps).equal(grey)
    assert recolor(grey.expand(-1, -1, -1, 3), maps).equal(grey.expand(-1, -1, -1, 3))


@pytest.mark.parametrize("transform", [Brightness(0.5), Contrast(0.5)])
def test_one_channel_is_three_alike(transform):
    grey, maps = PICTURES[..., :1], transform.maps(drawn(*DRAWS))
    y = recolor(grey, maps)
    assert (y.int() - recolor(grey.expand(-1, -1, -1, 3), maps).int()).abs().max() <= 1
    assert not y.equal(grey)


@pytest.mark.parametrize("transform", [Brightness(0), Contrast(0), Saturation(0), Hue(0)])
def test_amounts_of_0_change_nothing(transform):
    assert recolor(PICTURES, transform.maps(drawn(*DRAWS))).equal(PICTURES)


@pytest.mark.parametrize(
    ("record", "amount", "most"), [(Brightness, 1.5, "1"), (Saturation, -1, "1"), (Hue, 0.6, "0.5")]
)
def test_error_words(record, amount, most):
    words = f"{record.__name__}: `amount` must be a number from 0 to {most}. Got"
    with pytest.raises(ArgumentError, match=words):
        record(amount)
