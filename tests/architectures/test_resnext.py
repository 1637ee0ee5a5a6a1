"""ResNeXt: the counts of the paper, of torchvision and timm, the table's shapes, its cost."""

import pytest
from tests.architectures.measures import counted_multiply_adds, empty, multiply_adds, trainable

from striate.architectures import ARCHITECTURES

TORCHVISION = {
    "resnext50_32x4d": 25_028_904,
    "resnext101_32x4d": 44_177_704,
    "resnext101_32x8d": 88_791_336,
    "resnext101_64x4d": 83_455_272,
}
BILLIONS = {
    "resnext50_32x4d": 4.23,
    "resnext101_32x4d": 7.97,
    "resnext101_32x8d": 16.41,
    "resnext101_64x4d": 15.46,
}
CIFAR = {"resnext29_8x64d": 34.4, "resnext29_16x64d": 68.1}  # table 7


@pytest.mark.parametrize("name", TORCHVISION)
def test_counts_of_torchvision_and_timm(name):
    for dialect in ARCHITECTURES.get(name).dialects:
        assert trainable(empty(name, dialect.name)) == TORCHVISION[name]


@pytest.mark.parametrize("name", CIFAR)
def test_counts_of_table_7(name):
    assert trainable(empty(name)) / 1e6 == pytest.approx(CIFAR[name], abs=0.1)


@pytest.mark.parametrize("name", BILLIONS)
def test_multiply_adds(name):
    net = empty(name)
    assert multiply_adds(net) == counted_multiply_adds(net)
    assert multiply_adds(net) / 1e9 == pytest.approx(BILLIONS[name], abs=0.01)


@pytest.mark.parametrize("name", ["resnext50_32x4d", "resnext101_64x4d"])
def test_stages_of_table_1(name):
    wide = {
        "conv1": (112, 64),
        "conv2": (56, 256),
        "conv3": (28, 512),
        "conv4": (14, 1024),
        "conv5": (7, 2048),
    }
    found = empty(name).stages
    assert found == {stage: (None, side, side, c) for stage, (side, c) in wide.items()}


def test_stages_of_small_pictures():
    wide = {"conv2": (32, 256), "conv3": (16, 512), "conv4": (8, 1024)}
    found = empty("resnext29_8x64d").stages
    assert found == {stage: (None, side, side, c) for stage, (side, c) in wide.items()}


def test_branches_and_the_channels_of_each():
    net = empty("resnext101_32x8d")
    for stage, channels in enumerate((8, 16, 32, 64)):
        grouped = net.get_layer(f"conv{stage + 2}_block2_2_conv")
        assert (grouped.groups, grouped.filters) == (32, 32 * channels)


def test_any_size_and_channels():
    net = empty("resnext50_32x4d", input_shape=(None, None, 1), classes=2)
    assert net.output.shape == (None, 2)
