"""ConvNeXt-T: the counts of Keras, torchvision and timm, the stages, its cost."""

import pytest
import torch
from tests.architectures.measures import (
    counted_multiply_adds,
    empty,
    multiply_adds,
    total,
    trainable,
)

from striate.architectures import convnext_tiny
from striate.layers import LayerScale, StochasticDepth

DIALECTS = ("paper", "keras", "torchvision", "timm")
STAGES = {
    "stem": (56, 96),
    "stage1": (56, 96),
    "stage2": (28, 192),
    "stage3": (14, 384),
    "stage4": (7, 768),
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_counts_and_stages(dialect):
    net = empty("convnext_tiny", dialect)
    assert total(net) == trainable(net) == 28_589_128
    assert net.stages == {k: (None, side, side, c) for k, (side, c) in STAGES.items()}


@pytest.mark.parametrize("pooling", [None, "avg", "max"])
def test_without_its_top_the_net_ends_with_the_norm(pooling):
    net = empty("convnext_tiny", "keras", include_top=False, pooling=pooling)
    assert total(net) == 27_820_128
    assert net.layer_names[-1] == "head_layernorm"
    assert net.output.shape == ((None, 768) if pooling else (None, 7, 7, 768))


def test_multiply_adds():
    net = empty("convnext_tiny", "torchvision")
    assert multiply_adds(net) == counted_multiply_adds(net)
    assert multiply_adds(net) / 1e9 == pytest.approx(4.46, abs=0.01)


def test_later_blocks_are_left_out_more_often_and_all_begin_small():
    layers = empty("convnext_tiny").layers
    rates = [layer.rate for layer in layers if isinstance(layer, StochasticDepth)]
    assert rates == pytest.approx([0.1 * number / 17 for number in range(1, 18)])
    scales = [layer.init_values for layer in layers if isinstance(layer, LayerScale)]
    assert scales == [1e-6] * 18


def test_any_size_and_channels():
    net = empty("convnext_tiny", input_shape=(None, None, 1), classes=3)
    assert net.output.shape == (None, 3)
    assert net.stages["stage4"] == (None, None, None, 768)
    assert empty("convnext_tiny", input_shape=(97, 65, 3)).stages["stage4"] == (None, 3, 2, 768)


def test_first_weights():
    torch.manual_seed(0)
    net = convnext_tiny((32, 32, 3))
    for name in (
        "stem_conv",
        "stage_3_block_0_depthwise_conv",
        "downsampling_conv_2",
        "head_dense",
    ):
        layer = net.get_layer(name)
        assert layer.weight.std().item() == pytest.approx(0.02, rel=0.03), name
        assert not layer.bias.any()
