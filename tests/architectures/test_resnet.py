"""ResNet: the counts of the paper, of Keras and of torchvision, the table's shapes, its cost."""

import pytest
from tests.architectures.measures import (
    counted_multiply_adds,
    empty,
    multiply_adds,
    total,
    trainable,
)

import striate
from striate.architectures import resnet20

TORCHVISION = {
    "resnet18": 11_689_512,
    "resnet34": 21_797_672,
    "resnet50": 25_557_032,
    "resnet101": 44_549_160,
    "resnet152": 60_192_808,
}
KERAS = {  # total, trainable, without top
    "resnet50": (25_636_712, 25_583_592, 23_587_712),
    "resnet101": (44_707_176, 44_601_832, 42_658_176),
    "resnet152": (60_419_944, 60_268_520, 58_370_944),
}
CIFAR = {"resnet20": 0.27, "resnet32": 0.46, "resnet44": 0.66, "resnet56": 0.85, "resnet110": 1.7}
BILLIONS = {"resnet18": 1.81, "resnet50": 4.09, "resnet101": 7.80, "resnet152": 11.51}


@pytest.mark.parametrize("name", TORCHVISION)
def test_counts_of_torchvision_and_timm(name):
    for dialect in ("paper", "torchvision", "timm"):
        assert trainable(empty(name, dialect)) == TORCHVISION[name]


@pytest.mark.parametrize("name", KERAS)
def test_counts_of_keras(name):
    net, bare = empty(name, "keras"), empty(name, "keras", include_top=False)
    assert (total(net), trainable(net), total(bare)) == KERAS[name]


@pytest.mark.parametrize("name", CIFAR)
def test_counts_of_table_6(name):
    millions = trainable(empty(name)) / 1e6
    assert millions == pytest.approx(CIFAR[name], abs=0.05 if name == "resnet110" else 0.005)
    assert trainable(empty("resnet20")) == 269_722


@pytest.mark.parametrize("name", BILLIONS)
def test_multiply_adds(name):
    net = empty(name, "torchvision")
    assert multiply_adds(net) == counted_multiply_adds(net)
    assert multiply_adds(net) / 1e9 == pytest.approx(BILLIONS[name], abs=0.01)


def test_the_papers_stride_costs_less():
    assert multiply_adds(empty("resnet50")) / 1e9 == pytest.approx(3.86, abs=0.005)


def test_stages_of_table_1():
    wide = {"conv1": 112, "conv2": 56, "conv3": 28, "conv4": 14, "conv5": 7}
    for name, channels in (
        ("resnet34", (64, 64, 128, 256, 512)),
        ("resnet152", (64, 256, 512, 1024, 2048)),
    ):
        stages = empty(name).stages
        assert [shape[1:] for shape in stages.values()] == [
            (side, side, c) for side, c in zip(wide.values(), channels, strict=True)
        ]
        assert list(stages) == list(wide)
    small = {"conv2": (None, 32, 32, 16), "conv3": (None, 16, 16, 32), "conv4": (None, 8, 8, 64)}
    assert empty("resnet56").stages == small


def test_any_size_and_channels():
    net = empty("resnet18", input_shape=(None, None, 4), classes=3)
    assert net.output.shape == (None, 3)
    assert net.stages["conv5"] == (None, None, None, 512)


def test_stages_outlive_saving(tmp_path):
    net = resnet20(input_shape=(16, 16, 1), classes=2)
    net.save(tmp_path / "net")
    again = striate.load_model(tmp_path / "net")
    assert again.stages == net.stages
    assert {k: v.shape for k, v in again.features("conv3").output.items()} == {
        "conv3": (None, 8, 8, 32)
    }
