"""Darknet-53: its parameters, the stages of YOLOv3's table 1, its operations."""

import pytest
from tests.architectures.measures import (
    counted_multiply_adds,
    empty,
    multiply_adds,
    total,
    trainable,
)

from striate.architectures import darknet53
from striate.layers import Conv2D, Dense, LeakyReLU


@pytest.mark.parametrize("dialect", ["paper", "timm"])
def test_counts(dialect):
    net = empty("darknet53", dialect)
    assert trainable(net) == 41_609_928
    norms = total(net) - trainable(net)
    # the CSPNet paper counts 41.57 million: without norms and the biases of the last layer
    assert round((trainable(net) - norms - 1000) / 1e6, 2) == 41.57


def test_53_layers():
    kinds = [type(layer) for layer in empty("darknet53").layers]
    assert kinds.count(Conv2D) + kinds.count(Dense) == 53


def test_stages_of_table_1():
    assert [shape[1:] for shape in empty("darknet53").stages.values()] == [
        (256, 256, 32),
        (128, 128, 64),
        (64, 64, 128),
        (32, 32, 256),
        (16, 16, 512),
        (8, 8, 1024),
    ]


def test_multiply_adds():
    net = empty("darknet53")
    assert multiply_adds(net) == counted_multiply_adds(net)
    # 18.57 billion operations in the CSPNet paper, where a multiply-add is two
    assert round(2 * multiply_adds(net) / 1e9, 2) == 18.57


@pytest.mark.parametrize(("dialect", "slope"), [("paper", 0.1), ("timm", 0.01)])
def test_slope(dialect, slope):
    layers = empty("darknet53", dialect).layers
    assert {layer.negative_slope for layer in layers if isinstance(layer, LeakyReLU)} == {slope}


def test_any_size_and_channels():
    net = empty("darknet53", input_shape=(None, None, 1), classes=3)
    assert net.output.shape == (None, 3)
    assert net.stages["stage5"] == (None, None, None, 1024)


def test_the_first_blocks_weights_are_hes():
    net = darknet53((32, 32, 3), 5)
    for name, fan_in in (("stage5_block1_2_conv", 9 * 512), ("predictions", 1024)):
        weight = net.get_layer(name).weight
        assert weight.std().item() == pytest.approx((2 / fan_in) ** 0.5, rel=0.05)
