"""MobileNetV3: the counts of the paper, Keras, torchvision and timm, its tables, its cost."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tests.architectures.measures import (
    counted_multiply_adds,
    empty,
    multiply_adds,
    total,
    trainable,
)

from striate.architectures import mobilenet_v3_small
from striate.architectures.mobilenet_v3 import eighths

DIALECTS = ("paper", "keras", "torchvision", "timm")
COUNTS = {  # total, trainable, without top
    "mobilenet_v3_large": (5_507_432, 5_483_032, 2_996_352),
    "mobilenet_v3_small": (2_554_968, 2_542_856, 939_120),
}
PAPER = {"mobilenet_v3_large": (219, 5.4), "mobilenet_v3_small": (56.5, 2.5)}  # table 3, millions
STAGES = {  # side, channels
    "mobilenet_v3_large": ((112, 16), (56, 24), (28, 40), (14, 112), (7, 160), (7, 960)),
    "mobilenet_v3_small": ((112, 16), (56, 16), (28, 24), (14, 48), (7, 96), (7, 576)),
}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", COUNTS)
def test_counts(name, dialect):
    net, bare = empty(name, dialect), empty(name, dialect, include_top=False)
    assert (total(net), trainable(net), total(bare)) == COUNTS[name]


@pytest.mark.parametrize("name", PAPER)
def test_multiply_adds(name):
    net = empty(name, "torchvision")
    assert multiply_adds(net) == counted_multiply_adds(net)
    assert multiply_adds(net) / 1e6 == pytest.approx(PAPER[name][0], abs=3)
    exact = {"mobilenet_v3_large": 217, "mobilenet_v3_small": 57}[name]
    assert round(multiply_adds(net) / 1e6) == pytest.approx(exact, abs=0.5)
    assert trainable(net) / 1e6 == pytest.approx(PAPER[name][1], abs=0.1)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", STAGES)
def test_stages_of_the_tables(name, dialect):
    sides = [(None, side, side, channels) for side, channels in STAGES[name]]
    stages = empty(name, dialect).stages
    assert list(stages) == [f"stage{n}" for n in range(1, 7)]
    assert list(stages.values()) == sides


def test_squeezes_of_the_tables():
    """The widths of the code: a quarter, as multiples of 8."""
    for name, widths in (
        ("mobilenet_v3_large", [24, 32, 32, 120, 168, 168, 240, 240]),
        ("mobilenet_v3_small", [8, 24, 64, 64, 32, 40, 72, 144, 144]),
    ):
        net = empty(name)
        found = [net.get_layer(n) for n in net.layer_names if n.endswith("squeeze_excite_conv")]
        assert [layer.filters for layer in found] == widths


@given(st.floats(1, 5000))
def test_eighths(channels):
    found = eighths(channels)
    assert found % 8 == 0
    assert found >= max(8, 0.9 * channels)
    lower = found - 8
    assert lower < 8 or lower < 0.9 * channels or abs(lower - channels) >= abs(found - channels)


def test_any_size_and_channels():
    net = empty("mobilenet_v3_small", input_shape=(None, None, 4), classes=3)
    assert net.output.shape == (None, 3)
    assert net.stages["stage5"] == (None, None, None, 96)
    assert empty("mobilenet_v3_large", input_shape=(97, 65, 3)).stages["stage6"][1:3] == (4, 3)


def test_first_weights():
    torch.manual_seed(0)
    net = mobilenet_v3_small(input_shape=(32, 32, 3))
    for name in ("conv", "expanded_conv_10_depthwise", "conv_1", "logits"):
        spread = net.get_layer(name).weight.std().item()
        assert spread == pytest.approx(0.09 * 0.8796, rel=0.1), name
