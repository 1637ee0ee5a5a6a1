"""Values against the twins and Keras: tests/peers/test_random_augmentation.py."""

import math

import pytest
import scipy.stats
import torch

from striate import layers
from striate.errors import ArgumentError
from striate.layers.drawing import set_draws

COUNT = 4000
IN_STEP = pytest.mark.parametrize("in_step", [False, True], ids=["torch's generator", "in a step"])


def line(*values):
    return torch.tensor(values).reshape(1, 1, -1, 1)


def many(layer, picture, in_step):
    if in_step:
        set_draws(layer, 7, torch.arange(COUNT))
    return layer(picture.expand(COUNT, -1, -1, -1), training=True)


def is_uniform(values, low, high):
    return scipy.stats.kstest(values, scipy.stats.uniform(low, high - low).cdf).pvalue > 1e-4


@IN_STEP
@pytest.mark.parametrize("mode", ["horizontal", "vertical", "horizontal_and_vertical"])
def test_half_of_the_pictures_are_flipped_each_way(mode, in_step):
    picture = torch.arange(4.0).reshape(1, 2, 2, 1)
    corner = many(layers.RandomFlip(mode), picture, in_step)[:, 0, 0, 0].long()
    counts = torch.bincount(corner, minlength=4).tolist()
    ways = {"horizontal": [0, 1], "vertical": [0, 2], "horizontal_and_vertical": [0, 1, 2, 3]}
    expected = [COUNT / len(ways[mode]) if way in ways[mode] else 0 for way in range(4)]
    for count, wanted in zip(counts, expected, strict=True):
        assert abs(count - wanted) <= 4 * math.sqrt(COUNT) / 2


@IN_STEP
def test_angles_are_uniform(in_step):
    ramp = torch.arange(5.0) - 2.0
    picture = torch.stack([ramp.expand(5, 5), ramp[:, None].expand(5, 5)], dim=2)[None]
    y = many(layers.RandomRotation((-0.1, 0.3)), picture, in_step)
    turns = torch.atan2(y[:, 2, 3, 1], y[:, 2, 3, 0]) / (2 * math.pi)  # where (1, 0) came from
    assert turns.min() >= -0.1001
    assert turns.max() <= 0.3001
    assert is_uniform(turns, -0.1, 0.3)


@IN_STEP
def test_shifts_are_uniform_and_apart(in_step):
    rows, columns = torch.meshgrid(torch.arange(20.0), torch.arange(10.0), indexing="ij")
    picture = torch.stack([rows, columns], dim=2)[None]
    y = many(layers.RandomTranslation((-0.1, 0.2), 0.3), picture, in_step)
    down, right = ((torch.tensor([10.0, 5.0]) - y[:, 10, 5]) / torch.tensor([20.0, 10.0])).unbind(1)
    assert is_uniform(down, -0.1, 0.2)
    assert is_uniform(right, -0.3, 0.3)
    assert abs(torch.corrcoef(torch.stack([down, right]))[0, 1]) < 4 / math.sqrt(COUNT)


@IN_STEP
@pytest.mark.parametrize("width_factor", [None, (-0.1, 0.1)], ids=["proportions", "apart"])
def test_zooms_are_uniform(width_factor, in_step):
    rows, columns = torch.meshgrid(torch.arange(-5.0, 6), torch.arange(-4.0, 5), indexing="ij")
    picture = torch.stack([rows, columns], dim=2)[None]
    y = many(layers.RandomZoom((-0.5, 0.2), width_factor), picture, in_step)
    tall, wide = y[:, 6, 5, 0] - 1, y[:, 6, 5, 1] - 1
    assert is_uniform(tall, -0.5, 0.2)
    if width_factor is None:
        assert torch.allclose(tall, wide, atol=1e-6)
    else:
        assert is_uniform(wide, *width_factor)


def test_directions_are_as_said(close):
    """Above 0: against the clock, down, to the right, out."""
    x = torch.arange(9.0).reshape(1, 3, 3, 1)
    close(layers.RandomRotation((0.25, 0.25))(x, training=True), x.rot90(1, (1, 2)), 1e-5)
    down = layers.RandomTranslation((1 / 3, 1 / 3), 0.0, fill_mode="wrap")(x, training=True)
    close(down, x.roll(1, 1), 1e-5)
    right = layers.RandomTranslation(0.0, (1 / 3, 1 / 3), fill_mode="wrap")(x, training=True)
    close(right, x.roll(1, 2), 1e-5)
    point = torch.zeros(1, 7, 7, 1)
    point[:, 3, 3] = 1.0
    seen = layers.RandomZoom((1, 1), fill_mode="constant")(point + 0.1, training=True)
    assert seen[0, :, 3, 0].tolist() == pytest.approx([0, 0, 0.1, 1.1, 0.1, 0, 0])


def test_no_range_no_change(close):
    x = torch.rand(3, 5, 6, 2)
    for layer in (
        layers.RandomRotation(0.0),
        layers.RandomTranslation(0, 0, fill_mode="constant"),
        layers.RandomZoom(0),
    ):
        close(layer(x, training=True), x, 1e-6)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: layers.RandomFlip("both"), "RandomFlip .*: `mode` must be one of"),
        (lambda: layers.RandomRotation(2), "RandomRotation .*: `factor` must be a number from -1"),
        (lambda: layers.RandomRotation(0.1, "mirror"), "`fill_mode` must be one of"),
        (lambda: layers.RandomRotation(0.1, interpolation="cubic"), "`interpolation` must be one"),
        (lambda: layers.RandomRotation(0.1, fill_value="x"), "`fill_value` must be a number"),
        (lambda: layers.RandomTranslation(2, 0), "`height_factor` must be a number from -1 to 1"),
        (lambda: layers.RandomTranslation(0, None), "`width_factor` must be a number from -1"),
        (lambda: layers.RandomZoom((-1, 0)), "RandomZoom .*: `height_factor` must be above -1"),
        (lambda: layers.RandomZoom(0.1, 1), "RandomZoom .*: `width_factor` must be above -1"),
        (lambda: layers.RandomZoom(0.1, 1.5), "`width_factor` must be a number from -1 to 1"),
    ],
)
def test_error_words(make, words):
    with pytest.raises(ArgumentError, match=words):
        make()
