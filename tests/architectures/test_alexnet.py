"""AlexNet: the counts of the paper and of torchvision, the sizes of its text, its first biases."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from tests.architectures.measures import (
    counted_multiply_adds,
    empty,
    multiply_adds,
    total,
    trainable,
)
from tests.architectures.moving import apart, pictures, randomise

from striate.architectures import alexnet

NEURONS = (55 * 55 * 96, 27 * 27 * 256, 13 * 13 * 384, 13 * 13 * 384, 13 * 13 * 256)


def test_counts():
    assert trainable(empty("alexnet")) == total(empty("alexnet")) == 60_965_224
    for dialect in ("paper", "torchvision"):
        assert trainable(empty("alexnet_one_tower", dialect)) == 61_100_840


def test_without_groups_it_would_have_more():
    net = empty("alexnet")
    doubled = {"conv2", "conv4", "conv5"}  # twice the channels for each filter
    more = sum(net.get_layer(name).weight.numel() for name in doubled)
    assert trainable(net) + more == 62_378_344


def test_neurons_of_figure_2():
    net = empty("alexnet")
    for number, count in enumerate(NEURONS, 1):
        shape = net.get_layer(f"conv{number}").output.shape
        assert torch.Size(shape[1:]).numel() == count
    assert sum(NEURONS) + 2 * 4096 + 1000 == pytest.approx(650_000, abs=10_000)


def test_stages():
    sizes = [shape[1:] for shape in empty("alexnet").stages.values()]
    assert sizes == [(27, 27, 96), (13, 13, 256), (6, 6, 256)]
    sizes = [shape[1:] for shape in empty("alexnet_one_tower").stages.values()]
    assert sizes == [(27, 27, 64), (13, 13, 192), (6, 6, 256)]


@pytest.mark.parametrize(("name", "billions"), [("alexnet", 0.724), ("alexnet_one_tower", 0.714)])
def test_multiply_adds(name, billions):
    net = empty(name)
    assert multiply_adds(net) == counted_multiply_adds(net)
    assert multiply_adds(net) / 1e9 == pytest.approx(billions, abs=0.0005)


def test_the_constants_of_section_3_3():
    for name in ("norm1", "norm2"):
        layer = empty("alexnet").get_layer(name)
        assert (layer.bias, 2 * layer.depth_radius + 1, layer.alpha, layer.beta) == (
            2.0,
            5,
            1e-4,
            0.75,
        )
    assert not any(name.startswith("norm") for name in empty("alexnet_one_tower").layer_names)


def test_first_numbers_of_section_5():
    net = alexnet((67, 67, 3), 5)
    ones = {"conv2", "conv4", "conv5", "fc6", "fc7"}
    for name, layer in zip(net.layer_names, net.layers, strict=True):
        if layer.weights:
            assert layer.weight.std().item() == pytest.approx(0.01, rel=0.05)
            assert layer.bias.unique().tolist() == [float(name in ones)]


def response_normalised(x):
    """Section 3.3 in NumPy, map by map."""
    y, maps = np.empty_like(x), x.shape[1]
    for i in range(maps):
        near = x[:, max(0, i - 2) : min(maps - 1, i + 2) + 1]
        y[:, i] = x[:, i] / (2 + 1e-4 * (near**2).sum(axis=1)) ** 0.75
    return y


def on_two_cards(net, x):
    """Figure 2: each card computes half of the maps, and all of them enter conv3."""

    def conv(x, number, *, border, apart, strides=1):
        layer = net.get_layer(f"conv{number}")
        kernels, biases = layer.weight.chunk(2), layer.bias.chunk(2)
        seen = x.chunk(2, dim=1) if apart else (x, x)
        halves = [
            F.conv2d(*three, stride=strides, padding=border)
            for three in zip(seen, kernels, biases, strict=True)
        ]
        return torch.cat(halves, dim=1).relu()

    def pool(x):
        return F.max_pool2d(x, 3, 2)

    x = conv(x, 1, border=0, apart=False, strides=4)
    x = pool(torch.from_numpy(response_normalised(x.numpy())))
    x = conv(x, 2, border=2, apart=True)
    x = pool(torch.from_numpy(response_normalised(x.numpy())))
    x = conv(x, 3, border=1, apart=False)
    x = conv(x, 4, border=1, apart=True)
    x = pool(conv(x, 5, border=1, apart=True))
    x = x.permute(0, 2, 3, 1).flatten(1)
    for name in ("fc6", "fc7"):
        layer = net.get_layer(name)
        x = (x @ layer.weight.T + layer.bias).relu()
    layer = net.get_layer("predictions")
    return x @ layer.weight.T + layer.bias


def test_values_are_those_of_two_cards():
    net = randomise(alexnet((67, 67, 3), 5, classifier_activation=None)).double()
    x = 10 * torch.from_numpy(pictures(2, 67, 67, 3)).double()
    with torch.no_grad():
        theirs = on_two_cards(net, x.permute(0, 3, 1, 2))
        assert apart(net(x), theirs) < 1e-10


def test_any_size():
    assert empty("alexnet", include_top=False, input_shape=(None, 99, 1)).output.shape == (
        None,
        None,
        2,
        256,
    )
    theirs = empty("alexnet_one_tower", "torchvision", input_shape=(None, None, 3))
    assert theirs.output.shape == (None, 1000)
