import pytest
from torch import nn

from striate.layers.mode import mode


def test_each_part_goes_back_to_its_own_mode():
    net = nn.Sequential(nn.Dropout(), nn.BatchNorm1d(2))
    net[1].eval()
    with mode(net, False):
        assert not any(part.training for part in net.modules())
    assert [part.training for part in net.modules()] == [True, True, False]
    with mode(net, True):
        assert all(part.training for part in net.modules())
    assert [part.training for part in net.modules()] == [True, True, False]


def test_also_after_an_error():
    net = nn.Dropout()
    with pytest.raises(ZeroDivisionError), mode(net, False):
        raise ZeroDivisionError
    assert net.training
