"""What a net asks of its pictures."""

import pytest

from striate.errors import ArgumentError
from striate.records import Preprocess
from striate.tasks.pictures.wanted_input import WantedInput

OWN = Preprocess(
    (224, 224),
    fit="crop",
    channels=3,
    scale=1 / 255,
    mean=(0.2, 0.4, 0.6),
    std=(0.1, 0.2, 0.3),
    order="bgr",
    short_side_px=256,
)


def test_its_own_size_and_channels_change_nothing():
    assert WantedInput("net", 32, OWN).fitted(224, 3) == OWN


@pytest.mark.parametrize(("side", "short"), [(112, 128), (448, 512), (100, 114)])
def test_the_shorter_side_follows_the_size(side, short):
    found = WantedInput("net", 32, OWN).fitted(side, 3)
    assert (found.size, found.short_side_px) == ((side, side), short)
    assert found.mean == OWN.mean


def test_grey_pictures_get_the_mean_of_all_channels():
    found = WantedInput("net", 32, OWN).fitted(224, 1)
    assert found.mean == pytest.approx((0.4,))
    assert found.std == pytest.approx((0.2,))
    assert (found.order, found.channels) == ("rgb", 1)


def test_a_net_without_weights_gets_the_numbers_0_to_1():
    assert WantedInput().fitted(16, 1) == Preprocess((16, 16), channels=1, scale=1 / 255)


def test_a_side_that_is_too_small_is_refused():
    assert WantedInput("net", 32).check_side(32) == 32
    words = "train: `size_px` must be at least 32 for net. Got size_px=31. Say --size 32."
    with pytest.raises(ArgumentError, match=words):
        WantedInput("net", 32).check_side(31)
