"""The default net: its shapes, its size by hand, and that it learns."""

import numpy as np
import pytest
import torch

from striate.errors import ArgumentError
from striate.tasks.convnet import LAST_MAP_PX, convnet


def parameters(channels, filters, classes):
    """Counted by hand: kernels of 3 x 3 without bias, four numbers a filter of each norm."""
    total, before = 0, channels
    for wide in filters:
        total += 9 * before * wide + 9 * wide * wide + 2 * 4 * wide
        before = wide
    return total + before * classes + classes


@pytest.mark.parametrize(
    ("shape", "filters", "last"),
    [
        ((8, 8, 1), [32, 64], 4),
        ((7, 7, 3), [32], 7),
        ((28, 28, 1), [32, 64, 128], 7),
        ((32, 32, 3), [32, 64, 128, 256], 4),
        ((64, 64, 3), [32, 64, 128, 256, 256], 4),
        ((128, 128, 3), [32, 64, 128, 256, 256], 4),
        ((65, 40, 3), [32, 64, 128, 256], 4),
    ],
)
def test_the_smaller_the_map_the_more_filters(shape, filters, last):
    net = convnet(shape, 10)
    assert net.count_params() == parameters(shape[2], filters, 10)
    end = net.get_layer("mean").input.shape
    assert max(end[1:3]) == last <= LAST_MAP_PX
    assert net.output.shape == (None, 10)


def test_only_large_pictures_are_halved_by_the_first_convolution():
    assert convnet((64, 64, 3), 2).get_layer("block1_conv1").strides == (1, 1)
    assert convnet((65, 65, 3), 2).get_layer("block1_conv1").strides == (2, 2)


def test_outputs_are_probabilities():
    p = convnet((16, 12, 3), 5).predict(np.random.rand(3, 16, 12, 3).astype("float32"))
    assert p.shape == (3, 5)
    assert p.sum(axis=1) == pytest.approx(np.ones(3), abs=1e-5)


def test_it_learns_by_heart():
    torch.manual_seed(0)
    x = torch.rand(16, 8, 8, 1)
    y = torch.arange(16) % 4
    net = convnet((8, 8, 1), 4, dropout=0.0)
    net.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    net.fit(x, y, epochs=30, verbose=0, seed=0)
    assert net.evaluate(x, y, verbose=0)[1] == 1.0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (((28, 28), 10), r"convnet: `input_shape` must be \(h, w, c\)"),
        (((28, 0, 1), 10), "`input_shape` must be a whole number of at least 1"),
        (((28, 28, 1), 1), "convnet: `classes` must be 2 or more. Got classes=1"),
    ],
)
def test_errors(arguments, words):
    with pytest.raises(ArgumentError, match=words):
        convnet(*arguments)
