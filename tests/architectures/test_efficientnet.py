"""EfficientNet: the counts of the paper, Keras, torchvision and timm, table 1, the scaling."""

import pytest
import torch
from tests.architectures.measures import (
    counted_multiply_adds,
    empty,
    multiply_adds,
    total,
    trainable,
)

from striate.architectures import ARCHITECTURES, efficientnet_b0
from striate.layers import StochasticDepth

KERAS = {  # total, trainable, without top
    "efficientnet_b0": (5_330_571, 5_288_548, 4_049_571),
    "efficientnet_b1": (7_856_239, 7_794_184, 6_575_239),
    "efficientnet_b2": (9_177_569, 9_109_994, 7_768_569),
    "efficientnet_b3": (12_320_535, 12_233_232, 10_783_535),
    "efficientnet_b4": (19_466_823, 19_341_616, 17_673_823),
    "efficientnet_b5": (30_562_527, 30_389_784, 28_513_527),
    "efficientnet_b6": (43_265_143, 43_040_704, 40_960_143),
    "efficientnet_b7": (66_658_687, 66_347_960, 64_097_687),
}
BILLIONS = {  # side, multiply-adds of torchvision's nets, in billions
    "efficientnet_b0": (224, 0.386),
    "efficientnet_b1": (240, 0.687),
    "efficientnet_b2": (288, 1.09),
    "efficientnet_b3": (300, 1.83),
    "efficientnet_b4": (380, 4.39),
    "efficientnet_b5": (456, 10.27),
    "efficientnet_b6": (528, 19.07),
    "efficientnet_b7": (600, 37.75),
}
STAGES = {  # table 1
    "stage1": (112, 32),
    "stage2": (112, 16),
    "stage3": (56, 24),
    "stage4": (28, 40),
    "stage5": (14, 80),
    "stage6": (14, 112),
    "stage7": (7, 192),
    "stage8": (7, 320),
    "stage9": (7, 1280),
}
SMALL = ("efficientnet_b0", "efficientnet_b1", "efficientnet_b3")


def long(names):
    """The larger ones wait for the long tests."""
    return [name if name in SMALL else pytest.param(name, marks=pytest.mark.long) for name in names]


@pytest.mark.parametrize("name", long(KERAS))
def test_counts(name):
    net, bare = empty(name, "keras"), empty(name, "keras", include_top=False)
    assert (total(net), trainable(net), total(bare)) == KERAS[name]
    for dialect in ("paper", "torchvision", "timm"):
        net = empty(name, dialect)
        assert trainable(net) == KERAS[name][1]
        assert total(net) == KERAS[name][0] - 7  # Keras' mean, variance and count of the pixels


def test_counts_of_lite0():
    for dialect in ("paper", "timm"):
        assert trainable(empty("efficientnet_lite0", dialect)) == 4_652_008


@pytest.mark.parametrize("name", long(BILLIONS))
def test_multiply_adds(name):
    side, billions = BILLIONS[name]
    net = empty(name, "torchvision", input_shape=(side, side, 3))
    assert multiply_adds(net) == counted_multiply_adds(net)
    assert multiply_adds(net) / 1e9 == pytest.approx(billions, abs=0.01)


@pytest.mark.parametrize("dialect", ["paper", "keras", "torchvision", "timm"])
def test_stages_of_table_1(dialect):
    stages = empty("efficientnet_b0", dialect).stages
    assert stages == {k: (None, side, side, c) for k, (side, c) in STAGES.items()}


@pytest.mark.parametrize(
    ("name", "channels", "blocks"),
    [
        ("efficientnet_b0", (32, 16, 24, 40, 80, 112, 192, 320, 1280), 16),
        ("efficientnet_b3", (40, 24, 32, 48, 96, 136, 232, 384, 1536), 26),
        ("efficientnet_b7", (64, 32, 48, 80, 160, 224, 384, 640, 2560), 55),
    ],
)
def test_scaling_rounds_as_the_paper(name, channels, blocks):
    """Channels to multiples of 8, as the authors' code prints them; repeats up."""
    variant = ARCHITECTURES.get(name).variant
    assert tuple(variant.channels(c) for _, c in STAGES.values()) == channels
    assert sum(variant.repeats(r) for r in (1, 2, 2, 3, 3, 4, 1)) == blocks


def test_later_blocks_are_left_out_more_often():
    net = empty("efficientnet_b0")
    rates = [layer.rate for layer in net.layers if isinstance(layer, StochasticDepth)]
    numbers = [2, 4, 6, 7, 9, 10, 12, 13, 14]  # of the blocks that keep size and channels
    assert rates == pytest.approx([0.2 * number / 16 for number in numbers])


def test_keras_net_begins_as_the_identity():
    """Pixels are divided by 255, and the normalisation leaves them so until it has seen some."""
    net = efficientnet_b0((32, 32, 3), 2, dialect="keras")
    pixels = torch.randint(0, 256, (2, 32, 32, 3), dtype=torch.uint8)
    layer = net.get_layer("normalization")
    assert layer(pixels / 255).equal(pixels / 255)
    before = net(pixels)
    layer.adapt(pixels / 255)
    assert not net(pixels).equal(before)


def test_any_size_and_channels():
    net = empty("efficientnet_b0", "keras", input_shape=(None, None, 4), classes=3)
    assert net.output.shape == (None, 3)
    assert net.stages["stage8"] == (None, None, None, 320)
    assert empty("efficientnet_b0", input_shape=(97, 65, 3)).stages["stage9"][1:3] == (4, 3)


def test_first_weights():
    torch.manual_seed(0)
    net = efficientnet_b0((32, 32, 3))
    for name, fan_out in (("stem_conv", 9 * 32), ("block7a_dwconv", 9), ("top_conv", 1280)):
        spread = net.get_layer(name).weight.std().item()
        assert spread == pytest.approx((2 / fan_out) ** 0.5, rel=0.06), name
    weight = net.get_layer("predictions").weight
    assert weight.abs().max().item() == pytest.approx(1000**-0.5, rel=0.01)
