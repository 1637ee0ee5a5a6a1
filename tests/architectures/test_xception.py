"""Xception: Keras' and timm's counts, the shapes of figure 5, its cost."""

import pytest
from tests.architectures.measures import (
    counted_multiply_adds,
    empty,
    multiply_adds,
    total,
    trainable,
)

from striate.layers import SeparableConv2D

DIALECTS = ("paper", "keras", "timm")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_counts(dialect):
    net, bare = empty("xception", dialect), empty("xception", dialect, include_top=False)
    assert trainable(net) == 22_855_952
    assert (total(net), total(bare)) == (22_910_480, 20_861_480)


def test_multiply_adds():
    net = empty("xception")
    assert multiply_adds(net) == counted_multiply_adds(net)
    assert multiply_adds(net) / 1e9 == pytest.approx(8.36, abs=0.005)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_stages_of_figure_5(dialect):
    wide = {
        "block1": (147, 64),
        "block2": (74, 128),
        "block3": (37, 256),
        "block12": (19, 728),
        "block14": (10, 2048),
    }
    stages = empty("xception", dialect).stages
    assert stages == {stage: (None, side, side, c) for stage, (side, c) in wide.items()}


def test_36_convolutions():  # section 4
    net = empty("xception")
    separable = [each for each in net.layers if isinstance(each, SeparableConv2D)]
    assert len(separable) == 34
    assert 2 + len(separable) == 36
    assert all(each.bias is None for each in separable)


def test_where_relus_stand():
    net = empty("xception")
    found = [name.removesuffix("_act") for name in net.layer_names if name.endswith("_act")]
    convolutions = [name.removesuffix("_bn") for name in net.layer_names if name.endswith("_bn")]
    shortcuts = [name for name in convolutions if name.endswith("_shortcut")]
    assert {*convolutions} - {*found} == {*shortcuts, "block2_sepconv1"}


def test_any_size_and_channels():
    net = empty("xception", input_shape=(None, None, 1), classes=2)
    assert net.output.shape == (None, 2)
    assert empty("xception", input_shape=(71, 71, 3)).stages["block14"] == (None, 3, 3, 2048)
