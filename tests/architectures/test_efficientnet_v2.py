"""EfficientNetV2-S: the counts of Keras, torchvision and timm, table 4, and its cost."""

import pytest
import torch
from tests.architectures.measures import (
    counted_multiply_adds,
    empty,
    multiply_adds,
    total,
    trainable,
)

from striate.architectures import efficientnet_v2_s
from striate.layers import StochasticDepth

DIALECTS = ("paper", "keras", "torchvision", "timm")
STAGES = {  # table 4
    "stage0": (192, 24),
    "stage1": (192, 24),
    "stage2": (96, 48),
    "stage3": (48, 64),
    "stage4": (24, 128),
    "stage5": (24, 160),
    "stage6": (12, 256),
    "stage7": (12, 1280),
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_counts_and_stages_of_table_4(dialect):
    net, bare = (
        empty("efficientnet_v2_s", dialect),
        empty("efficientnet_v2_s", dialect, include_top=False),
    )
    assert (total(net), trainable(net), total(bare)) == (21_612_360, 21_458_488, 20_331_360)
    assert net.stages == {k: (None, side, side, c) for k, (side, c) in STAGES.items()}


def test_multiply_adds():
    net = empty("efficientnet_v2_s", "torchvision")
    assert multiply_adds(net) == counted_multiply_adds(net)
    assert multiply_adds(net) / 1e9 == pytest.approx(8.37, abs=0.01)


def test_only_the_late_blocks_squeeze_and_look_in_each_channel_alone():
    names = empty("efficientnet_v2_s").layer_names
    for ending in ("_se_excite", "_dwconv2"):
        found = [name for name in names if name.endswith(ending)]
        assert len(found) == 6 + 9 + 15
        assert {name[:6] for name in found} == {"block4", "block5", "block6"}


def test_later_blocks_are_left_out_more_often():
    layers = empty("efficientnet_v2_s").layers
    rates = [layer.rate for layer in layers if isinstance(layer, StochasticDepth)]
    first = [0, 2, 6, 10, 16, 25]  # of each stage: only that of the first keeps size and channels
    numbers = [n for n in range(40) if n not in first]
    assert rates == pytest.approx([0.2 * number / 40 for number in numbers])


def test_any_size_and_channels():
    net = empty("efficientnet_v2_s", input_shape=(None, None, 1), classes=3)
    assert net.output.shape == (None, 3)
    assert net.stages["stage6"] == (None, None, None, 256)


def test_first_weights():
    torch.manual_seed(0)
    net = efficientnet_v2_s((32, 32, 3))
    for name, fan_out in (("stem_conv", 9 * 24), ("block6a_dwconv2", 9), ("top_conv", 1280)):
        spread = net.get_layer(name).weight.std().item()
        assert spread == pytest.approx((2 / fan_out) ** 0.5, rel=0.06), name
    weight = net.get_layer("predictions").weight
    assert weight.abs().max().item() == pytest.approx(1000**-0.5, rel=0.01)
