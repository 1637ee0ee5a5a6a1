"""TakeChannels: channels in any order, some more than once."""

import pytest
import torch

from striate.errors import ArgumentError, ShapeError
from striate.layers import TakeChannels


def test_values_and_gradient():
    x = torch.randn(2, 3, 4, 5, requires_grad=True)
    y = TakeChannels([4, 0, 4])(x)
    assert y.shape == (2, 3, 4, 3)
    for place, channel in enumerate((4, 0, 4)):
        assert y[..., place].equal(x[..., channel])
    y.sum().backward()
    wanted = torch.tensor([1.0, 0.0, 0.0, 0.0, 2.0]).expand_as(x)
    assert x.grad.equal(wanted)


def test_it_holds_no_state_and_moves_with_the_model():
    layer = TakeChannels((1, 0))
    assert layer(torch.ones(1, 2)).shape == (1, 2)
    assert not layer.state_dict()
    assert layer.to("meta").places.is_meta


def test_words():
    for indices in ((), 3, "01"):
        with pytest.raises(ArgumentError, match="`indices` must list the numbers of channels"):
            TakeChannels(indices)
    with pytest.raises(ArgumentError, match="`indices` must be a whole number of at least 0"):
        TakeChannels((0, -1))
    with pytest.raises(ShapeError, match="must have a channel 3, counted from 0"):
        TakeChannels((0, 3))(torch.ones(1, 3))
    with pytest.raises(ShapeError, match=r"must have 2 dimensions \(n, c\) or more"):
        TakeChannels((0,))(torch.ones(3))
