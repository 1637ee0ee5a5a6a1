"""MobileNetV2: the counts of the paper, Keras, torchvision and timm, table 2, and its cost."""

import pytest
import torch
from tests.architectures.measures import (
    counted_multiply_adds,
    empty,
    multiply_adds,
    total,
    trainable,
)

from striate.architectures import mobilenet_v2

DIALECTS = ("paper", "keras", "torchvision", "timm")
STAGES = {  # table 2: side, channels
    "stage1": (112, 32),
    "stage2": (112, 16),
    "stage3": (56, 24),
    "stage4": (28, 32),
    "stage5": (14, 64),
    "stage6": (14, 96),
    "stage7": (7, 160),
    "stage8": (7, 320),
    "stage9": (7, 1280),
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_counts(dialect):
    net = empty("mobilenet_v2", dialect)
    assert (total(net), trainable(net)) == (3_538_984, 3_504_872)
    assert total(empty("mobilenet_v2", dialect, include_top=False)) == 2_257_984


def test_multiply_adds():
    net = empty("mobilenet_v2", "torchvision")
    assert multiply_adds(net) == counted_multiply_adds(net)
    assert multiply_adds(net) / 1e9 == pytest.approx(0.30, abs=0.005)
    assert multiply_adds(net) == multiply_adds(empty("mobilenet_v2"))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_stages_of_table_2(dialect):
    stages = empty("mobilenet_v2", dialect).stages
    assert stages == {k: (None, side, side, c) for k, (side, c) in STAGES.items()}


def test_shortcuts_join_the_narrow_ends():
    """A block has one where neither size nor channels change: 10 of 17."""
    net = empty("mobilenet_v2")
    joints = [name for name in net.layer_names if name.endswith("_add")]
    assert joints == [f"block_{n}_add" for n in (2, 4, 5, 7, 8, 9, 11, 12, 14, 15)]
    assert {net.get_layer(name).output.shape[-1] for name in joints} == {24, 32, 64, 96, 160}


def test_only_keras_drops_nothing():
    for dialect in DIALECTS:
        assert ("dropout" in empty("mobilenet_v2", dialect).layer_names) == (dialect != "keras")


def test_any_size_and_channels():
    net = empty("mobilenet_v2", input_shape=(None, None, 1), classes=3)
    assert net.output.shape == (None, 3)
    assert net.stages["stage8"] == (None, None, None, 320)
    assert empty("mobilenet_v2", input_shape=(97, 65, 3)).stages["stage9"] == (None, 4, 3, 1280)


def test_first_weights():
    torch.manual_seed(0)
    net = mobilenet_v2(input_shape=(32, 32, 3))
    for name in ("Conv1", "block_15_depthwise", "Conv_1", "predictions"):
        spread = net.get_layer(name).weight.std().item()
        assert spread == pytest.approx(0.09 * 0.8796, rel=0.1), name
