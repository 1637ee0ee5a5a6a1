"""DenseNet: the counts of the paper, of Keras and of torchvision, the table's shapes, its cost."""

import pytest
from tests.architectures.measures import (
    counted_multiply_adds,
    empty,
    multiply_adds,
    total,
    trainable,
)

from striate.architectures import ARCHITECTURES

COUNTS = {
    "densenet121": 7_978_856,
    "densenet169": 14_149_480,
    "densenet201": 20_013_928,
    "densenet264": 33_337_704,
    "densenet161": 28_681_000,
}
KERAS = {  # total, without top
    "densenet121": (8_062_504, 7_037_504),
    "densenet169": (14_307_880, 12_642_880),
    "densenet201": (20_242_984, 18_321_984),
}
BILLIONS = {
    "densenet121": 2.83,
    "densenet169": 3.36,
    "densenet201": 4.29,
    "densenet264": 5.75,
    "densenet161": 7.73,
}
CIFAR = {"densenet40": 1_019_722, "densenet_bc100": 769_162}  # table 2: 1.0M, 0.8M


@pytest.mark.parametrize("name", COUNTS)
def test_counts_in_every_dialect(name):
    for dialect in ARCHITECTURES.get(name).dialects:
        assert trainable(empty(name, dialect.name)) == COUNTS[name]


@pytest.mark.parametrize("name", KERAS)
def test_counts_of_keras(name):
    assert total(empty(name, "keras")) == KERAS[name][0]
    assert total(empty(name, "keras", include_top=False)) == KERAS[name][1]


@pytest.mark.parametrize("name", CIFAR)
def test_counts_of_table_2(name):
    assert trainable(empty(name)) == CIFAR[name]


@pytest.mark.parametrize("name", BILLIONS)
def test_multiply_adds(name):
    net = empty(name)
    assert multiply_adds(net) == counted_multiply_adds(net)
    assert multiply_adds(net) / 1e9 == pytest.approx(BILLIONS[name], abs=0.005)


@pytest.mark.parametrize(
    ("name", "channels"),
    [
        ("densenet121", (64, 256, 512, 1024, 1024)),
        ("densenet169", (64, 256, 512, 1280, 1664)),
        ("densenet161", (96, 384, 768, 2112, 2208)),
    ],
)
def test_stages_of_table_1(name, channels):
    sides = {"conv1": 112, "conv2": 56, "conv3": 28, "conv4": 14, "conv5": 7}
    wide = dict(zip(sides, channels, strict=True))
    stages = empty(name).stages
    assert stages == {stage: (None, side, side, wide[stage]) for stage, side in sides.items()}


def test_layers_of_the_name():
    for name in (*COUNTS, *CIFAR):
        layers = [key for key in empty(name).layer_names if key.endswith(("_conv", "predictions"))]
        said = int("".join(letter for letter in name if letter.isdigit()))
        assert len(layers) == said + (name == "densenet264")  # the paper's name is one short


def test_each_layer_sees_the_maps_of_all_before_it():
    net = empty("densenet_bc100")
    for stage, before in (("conv2", 24), ("conv3", 108), ("conv4", 150)):
        for number in range(16):
            seen = net.get_layer(f"{stage}_block{number + 1}_0_bn").running_mean
            assert len(seen) == before + 12 * number


def test_any_size_and_channels():
    net = empty("densenet121", input_shape=(None, None, 4), classes=3)
    assert net.output.shape == (None, 3)
