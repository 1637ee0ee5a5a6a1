"""ZeroChannels: channels of zeros beside those that there are."""

import pytest
import torch

from striate.errors import ArgumentError, ShapeError
from striate.layers import ZeroChannels


def test_values_and_gradient():
    x = torch.randn(2, 3, 4, 5, requires_grad=True)
    y = ZeroChannels(1, 2)(x)
    assert y.shape == (2, 3, 4, 8)
    assert y[..., 1:6].equal(x)
    assert not y[..., :1].any()
    assert not y[..., 6:].any()
    y.sum().backward()
    assert x.grad.equal(torch.ones_like(x))


def test_without_channels_it_is_the_input():
    x = torch.randn(2, 3)
    assert ZeroChannels(0, 0)(x).equal(x)


def test_words():
    with pytest.raises(ArgumentError, match="`before` must be a whole number of at least 0"):
        ZeroChannels(-1, 0)
    with pytest.raises(ArgumentError, match="`after` must be a whole number of at least 0"):
        ZeroChannels(0, 1.5)
    with pytest.raises(ShapeError, match=r"must have 2 dimensions \(n, c\) or more"):
        ZeroChannels(1, 1)(torch.ones(3))
