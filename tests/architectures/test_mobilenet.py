"""MobileNet: the counts of the paper, of Keras and of timm, table 1, and its cost."""

import pytest
import torch
from tests.architectures.measures import (
    counted_multiply_adds,
    empty,
    multiply_adds,
    total,
    trainable,
)

from striate.architectures import mobilenet_v1

PAPER = {  # table 6: multiply-adds and parameters in millions
    "mobilenet_v1": (569, 4.2),
    "mobilenet_v1_075": (325, 2.6),
    "mobilenet_v1_050": (149, 1.3),
    "mobilenet_v1_025": (41, 0.5),
}


def test_counts_of_keras_and_timm():
    for dialect in ("paper", "keras", "timm"):
        net = empty("mobilenet_v1", dialect)
        assert (total(net), trainable(net)) == (4_253_864, 4_231_976)
    assert total(empty("mobilenet_v1", "keras", include_top=False)) == 3_228_864


@pytest.mark.parametrize("name", PAPER)
def test_table_6(name):
    net = empty(name)
    assert multiply_adds(net) == counted_multiply_adds(net)
    millions, parameters = PAPER[name]
    assert multiply_adds(net) / 1e6 == pytest.approx(millions, abs=1)
    assert trainable(net) / 1e6 == pytest.approx(parameters, abs=0.05)


@pytest.mark.parametrize("dialect", ["paper", "keras", "timm"])
def test_stages_of_table_1(dialect):
    assert list(empty("mobilenet_v1", dialect).stages.values()) == [
        (None, 112, 112, 64),
        (None, 56, 56, 128),
        (None, 28, 28, 256),
        (None, 14, 14, 512),
        (None, 7, 7, 1024),
    ]


def test_any_size_and_channels():
    net = empty("mobilenet_v1_025", input_shape=(None, None, 4), classes=3)
    assert net.output.shape == (None, 3)
    assert net.stages["stage5"] == (None, None, None, 256)


def test_odd_sides_are_rounded_down_by_keras_and_up_by_the_paper():
    sides = {
        dialect: empty("mobilenet_v1", dialect, input_shape=(100, 100, 3)).stages["stage5"][1]
        for dialect in ("paper", "keras")
    }
    assert sides == {"paper": 4, "keras": 3}


def test_first_weights():
    torch.manual_seed(0)
    net = mobilenet_v1(input_shape=(32, 32, 3))
    for name in ("conv1", "conv_dw_13", "conv_pw_13", "conv_preds"):
        spread = net.get_layer(name).weight.std().item()
        assert spread == pytest.approx(0.09 * 0.8796, rel=0.1), name
