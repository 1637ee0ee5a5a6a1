"""Effective fields against kernels known by hand, and inside the theoretical ones."""

import re

import numpy as np
import pytest
import torch

import striate
from striate import layers
from striate.errors import ArgumentError, NotBuiltError
from striate.explain import effective_field


def of_ones(depth, size=33, padding="valid"):
    """Convolutions of 3 x 3 with weights of 1: what a pixel counts is how many ways lead to it."""
    net = striate.Sequential([striate.Input((size, size, 1))])
    for _ in range(depth):
        net.add(layers.Conv2D(1, 3, padding=padding, kernel_initializer="ones"))
    return net


def ways(depth):
    """(2 depth + 1) ways from each pixel along one axis: powers of 1 + x + x^2."""
    found = np.ones(1)
    for _ in range(depth):
        found = np.convolve(found, np.ones(3))
    return found


@pytest.mark.parametrize("depth", [1, 4, 9])
def test_the_energy_is_the_square_of_the_ways(depth):
    found = effective_field(of_ones(depth), samples=2)
    side = 2 * depth + 1
    expected = np.outer(ways(depth), ways(depth)) ** 2
    top, left, bottom, right = map(int, found.window)
    assert (bottom - top, right - left) == (side, side)
    inside = found.energy[top:bottom, left:right]
    np.testing.assert_allclose(inside, expected / expected.sum(), rtol=1e-4, atol=1e-9)
    assert found.energy.sum() == pytest.approx(inside.sum()) == pytest.approx(1.0)


def test_the_side_by_counting():
    found = effective_field(of_ones(9), samples=1)
    sides = range(1, 20, 2)
    middle = 9
    line = np.outer(ways(9), ways(9)) ** 2
    for share in (0.5, 0.95, 0.999):
        held = [
            line[middle - s // 2 : middle + s // 2 + 1, middle - s // 2 : middle + s // 2 + 1].sum()
            for s in sides
        ]
        expected = next(s for s, h in zip(sides, held, strict=True) if h >= share * line.sum())
        assert found.side_px(share) == expected
    assert found.side_px(1.0) == 19


def test_it_grows_like_the_square_root_of_the_depth():
    nets = (of_ones(depth, 131).double() for depth in (16, 64))
    few, many = (effective_field(net, samples=1).side_px() for net in nets)
    assert many / few == pytest.approx(2.0, abs=0.2)  # of the theoretical ones: 129 / 33


NETS = {
    "mnist": (lambda: striate.recipes.mnist_net(), "conv2d_2", 18),
    "fashion": (lambda: striate.recipes.fashion_mnist_net(), "max_pooling2d_1", 18),
    "resnet": (lambda: striate.architectures.resnet20((64, 64, 3)).features("conv2"), None, 15),
    "inception": (lambda: striate.architectures.inception_v3((128, 128, 3), 3), "mixed0", 63),
}


@pytest.mark.parametrize("kind", NETS)
def test_nothing_outside_the_theoretical_window(kind):
    make, name, size = NETS[kind]
    net = make()
    found = effective_field(net, name, samples=3)
    assert found.fields[0].size_px == size
    top, left, bottom, right = (max(0, int(each)) for each in found.window)
    outside = found.energy.copy()
    outside[top:bottom, left:right] = 0.0
    assert not outside.any()
    assert found.energy.min() < found.energy.max()
    assert 1 < found.side_px() <= found.fields[0].size_px


def test_a_gate_hears_the_whole_picture():
    x = inputs = striate.Input((24, 20, 2))
    x = layers.Conv2D(4, 3, padding="same")(x)
    gate = layers.Dense(4, activation="sigmoid")(layers.GlobalAveragePooling2D(keepdims=True)(x))
    net = striate.Model(inputs, layers.Multiply(name="out")([x, gate]))
    found = effective_field(net, "out", samples=2)
    assert found.window == (0.0, 0.0, 24.0, 20.0)
    assert found.middle == (12.5, 10.5)
    assert (found.energy > 0).all()


def test_layers_of_nets_inside_and_other_number_types():
    base = striate.Sequential([layers.Conv2D(3, 3, input_shape=(9, 9, 2), name="one")], name="base")
    net = striate.Sequential([base, layers.Flatten(), layers.Dense(2)])
    net.train()
    found = effective_field(net.double())
    assert (found.layer, found.position) == ("base/one", (3, 3))
    assert net.training  # as it was
    assert all(weight.grad is None for weight in net.parameters())
    again = effective_field(net, "base/one")
    assert (again.energy == found.energy).all()
    assert (effective_field(net, seed=1).energy != found.energy).any()


def test_open_sizes():
    x = striate.Input((None, None, 1))
    net = striate.Model(x, layers.Conv2D(1, 5, strides=2, name="one")(x))
    assert effective_field(net, "one", size=(21, 31)).energy.shape == (21, 31)
    with pytest.raises(ArgumentError, match="effective_field: `size` must be given"):
        effective_field(net)


def refused(words, net, *args, **kwargs):
    with pytest.raises(ArgumentError, match=re.escape(words)):
        effective_field(net, *args, **kwargs)


def test_refusals():
    net = of_ones(2, 9)
    words = "`layer` must name a layer that gives a map. Got layer='conv'. Nearest: \"conv2d"
    refused(words, net, "conv")
    refused("`samples` must be", net, samples=0)
    refused("`seed` must be a whole number", net, seed=0.5)
    refused("`model` must hold weights", striate.architectures.sketch("lenet5"))
    flat = striate.Sequential([layers.Dense(2, input_shape=(3,))])
    refused("`model` must take one picture (n, h, w, c)", flat)
    for weight in net.parameters():
        torch.nn.init.zeros_(weight)
    refused("`model` must answer to what it sees", net)
    with pytest.raises(ArgumentError, match="`share` must be a number from 0 to 1"):
        effective_field(of_ones(1, 5)).side_px(1.5)
    with pytest.raises(NotBuiltError, match="`effective_field` must wait"):
        effective_field(striate.Sequential([layers.Conv2D(1, 3)]))
