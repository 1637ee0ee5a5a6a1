import pytest
import scipy.stats
import torch

from striate import layers
from striate.errors import ArgumentError
from striate.layers.drawing import set_draws

COUNT = 4000
WIDE = (-100, 100)
PICTURE = torch.tensor([1.0, 3.0, 5.0, 7.0]).reshape(1, 2, 2, 1)  # mean 4


def many(layer, in_step):
    if in_step:
        set_draws(layer, 7, torch.arange(COUNT))
    return layer(PICTURE.expand(COUNT, -1, -1, -1), training=True)


def is_uniform(values, low, high):
    return scipy.stats.kstest(values, scipy.stats.uniform(low, high - low).cdf).pvalue > 1e-4


@pytest.mark.parametrize("in_step", [False, True], ids=["torch's generator", "in a step"])
@pytest.mark.parametrize(
    ("factor", "low", "high"), [(0.3, 0.7, 1.3), ((0.8, 0.1), 0.2, 1.1), ((0, 0.5), 1.0, 1.5)]
)
def test_contrasts_are_uniform(factor, low, high, in_step):
    y = many(layers.RandomContrast(factor, WIDE), in_step)
    assert torch.allclose(y.mean(dim=(1, 2, 3)), torch.tensor(4.0), atol=1e-5)
    amounts = (y[:, 1, 1, 0] - 4) / 3
    assert is_uniform(amounts, low, high)


@pytest.mark.parametrize("in_step", [False, True], ids=["torch's generator", "in a step"])
@pytest.mark.parametrize(
    ("factor", "low", "high"), [(0.2, -0.2, 0.2), ((0.3, -0.1), -0.1, 0.3), (-0.4, -0.4, 0.4)]
)
def test_brightness_is_uniform(factor, low, high, in_step):
    y = many(layers.RandomBrightness(factor, (-1000, 1000)), in_step)
    amounts = (y - PICTURE)[:, 0, 0, 0] / 2000
    assert torch.allclose(y - PICTURE, (y - PICTURE)[:, :1, :1], atol=1e-3)
    assert is_uniform(amounts, low, high)


def test_each_channel_keeps_its_mean():
    x = torch.rand(2, 4, 5, 3)
    y = layers.RandomContrast(0.5, WIDE)(x, training=True)
    assert torch.allclose(y.mean(dim=(1, 2)), x.mean(dim=(1, 2)), atol=1e-6)


def test_values_stay_within_their_range():
    x = torch.rand(8, 4, 4, 3) * 255
    for layer in (layers.RandomContrast(1.0), layers.RandomBrightness(1.0)):
        y = layer(x, training=True)
        assert (y.min().item(), y.max().item()) == (0.0, 255.0)
    black = layers.RandomBrightness((-1, -1))(x, training=True)
    white = layers.RandomBrightness((1, 1))(x, training=True)
    assert black.unique().tolist() == [0.0]
    assert white.unique().tolist() == [255.0]


def test_the_factor_is_kept_in_its_order():
    assert layers.RandomContrast((0.8, 0.1)).factor == (0.8, 0.1)
    assert layers.RandomBrightness((0.8, 0.1)).factor == (0.1, 0.8)
    assert layers.RandomContrast(0.2).get_config()["factor"] == (0.2, 0.2)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: layers.RandomContrast(1.1), "`factor` must be a number from 0 to 1"),
        (lambda: layers.RandomContrast((0.1, -0.1)), "`factor` must be a number from 0 to 1"),
        (lambda: layers.RandomContrast((1, 1, 1)), r"`factor` must be a number or a pair \(lower"),
        (lambda: layers.RandomContrast(0.1, 255), r"`value_range` must be a pair \(low, high\)"),
        (lambda: layers.RandomBrightness(1.1), "`factor` must be a number from -1 to 1"),
        (lambda: layers.RandomBrightness(0.1, (1, 0)), "`value_range` must be a pair .* low < hi"),
    ],
)
def test_error_words(make, words):
    with pytest.raises(ArgumentError, match=words):
        make()
