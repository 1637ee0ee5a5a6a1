"""A sketch is the net itself, on the meta device."""

import pytest
import torch
from tests.architectures.measures import trainable

from striate.architectures import resnet20, sketch
from striate.errors import ArgumentError


def test_the_net_without_numbers():
    net, whole = sketch("resnet20", (16, 16, 1), classes=3), resnet20((16, 16, 1), 3)
    assert {tensor.device for tensor in net.state_dict().values()} == {torch.device("meta")}
    assert {k: v.shape for k, v in net.state_dict().items()} == {
        k: v.shape for k, v in whole.state_dict().items()
    }
    assert (net.name, net.stages) == (whole.name, whole.stages)


def test_the_papers_sizes_and_dialects():
    assert sketch("resnet50").input.shape == (None, 224, 224, 3)
    assert trainable(sketch("resnet50", dialect="keras")) == 25_583_592


def test_words():
    with pytest.raises(ArgumentError, match="sketch: `name` must name a known architecture"):
        sketch("resnet49")
    with pytest.raises(ArgumentError, match="resnet20: `dialect` must be"):
        sketch("resnet20", dialect="keras")
