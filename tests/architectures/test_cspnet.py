"""CSPNet: parameters and operations of the paper's table, timm's parameters, the stages."""

import math

import pytest
from tests.architectures.measures import (
    counted_multiply_adds,
    empty,
    multiply_adds,
    total,
    trainable,
)

TIMM = {"cspresnet50": 21_616_168, "cspresnext50": 20_569_896, "cspdarknet53": 27_642_184}
PAPER = {  # millions of parameters, billions of operations at 256 × 256
    "cspresnet50": (21.57, 8.97),
    "cspresnext50": (20.50, 7.93),
    "cspdarknet53": (27.61, 13.07),
}
MM = {"cspresnet50": 3.48, "cspresnext50": 3.11, "cspdarknet53": 5.04}


@pytest.mark.parametrize("name", TIMM)
def test_counts_of_timm(name):
    assert trainable(empty(name, "timm")) == TIMM[name]


@pytest.mark.parametrize("name", PAPER)
def test_counts_of_the_paper(name):
    net = empty(name)
    norms = total(net) - trainable(net)
    # the paper counts neither norms nor the biases of the last layer
    assert round((trainable(net) - norms - 1000) / 1e6, 2) == PAPER[name][0]


def test_counts_in_full():
    assert trainable(empty("cspresnet50")) == 21_607_848
    assert trainable(empty("cspresnext50")) == 20_557_480
    assert trainable(empty("cspdarknet53")) == TIMM["cspdarknet53"]


@pytest.mark.parametrize("name", PAPER)
def test_multiply_adds(name):
    net = empty(name)
    assert multiply_adds(net) == counted_multiply_adds(net)
    assert round(2 * multiply_adds(net) / 1e9, 2) == PAPER[name][1]


@pytest.mark.parametrize("name", MM)
def test_multiply_adds_as_mm_counts_them(name):
    """It adds two for each number that is normalised, and one for each activation."""
    net = empty(name, "timm", input_shape=(224, 224, 3))
    assert multiply_adds(net) == counted_multiply_adds(net)
    extra = {"BatchNormalization": 2, "LeakyReLU": 1}
    found = multiply_adds(net) + sum(
        extra.get(type(call.layer).__name__, 0) * math.prod(call.outputs.shape[1:])
        for call in net._graph.calls
    )
    assert round(found / 1e9, 2) == MM[name]


@pytest.mark.parametrize("dialect", ["paper", "timm"])
def test_stages(dialect):
    sides = (128, 64, 32, 16, 8)
    for name, channels in (
        ("cspresnet50", (64, 128, 256, 512, 1024)),
        ("cspresnext50", (64, 256, 512, 1024, 2048)),
    ):
        shapes = [shape[1:] for shape in empty(name, dialect).stages.values()]
        assert shapes == [(side, side, c) for side, c in zip(sides, channels, strict=True)]
    shapes = [shape[1:] for shape in empty("cspdarknet53", dialect).stages.values()]
    assert shapes == [(256 // 2**n, 256 // 2**n, 32 * 2**n) for n in range(6)]


def test_where_a_stage_parts():
    """csresnet50.cfg: leaky ReLUs in the first and the last stage; timm: in none."""
    for dialect, active in (("paper", [1, 4]), ("timm", [])):
        names = empty("cspresnet50", dialect).layer_names
        assert [n for n in range(1, 5) if f"stage{n}_past_leaky_relu" in names] == active
        assert [n for n in range(1, 5) if f"stage{n}_through_leaky_relu" in names] == active
    names = empty("cspdarknet53").layer_names
    assert all(f"stage{n}_past_leaky_relu" in names for n in range(1, 6))


def test_the_first_blocks_of_the_papers_resnets_begin_with_64_channels():
    for name in ("cspresnet50", "cspresnext50"):
        assert empty(name).get_layer("stage1_through_conv").output.shape[-1] == 64
        assert empty(name, "timm").get_layer("stage1_through_conv").output.shape[-1] == 128
        pads = [layer for layer in empty(name).layer_names if layer.endswith("_0_pad")]
        assert pads == ["stage1_block1_0_pad"]


def test_any_size_and_channels():
    net = empty("cspdarknet53", input_shape=(None, None, 2), classes=3)
    assert net.output.shape == (None, 3)
