"""Stand-ins take the place of a net's tensors, and all is as before afterwards."""

import pytest
import torch
from torch import nn

from striate.plan.stand_ins import StandIns
from striate.plan.tracing import Recorder


def test_a_net_runs_on_more_than_there_is_memory():
    net, made = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8)), StandIns()
    with made.inside(net), made.mode:
        assert net(torch.empty(10**6, 3, 500, 500)).shape == (10**6, 8, 498, 498)


def test_a_net_is_as_it_was():
    net, made = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2)), StandIns()
    before = dict(net.state_dict(keep_vars=True))

    def disturb():
        with made.inside(net), made.mode:
            net.eval()
            net[0].seen = net(torch.empty(4, 2))
            net[1]._buffers["running_mean"] = None
            raise KeyError

    with pytest.raises(KeyError):
        disturb()
    after = net.state_dict(keep_vars=True)
    assert all(after[name] is tensor for name, tensor in before.items())
    assert net.training
    assert not hasattr(net[0], "seen")


def test_shared_weights_share_their_stand_in_and_layouts_are_kept():
    a, b = nn.Conv2d(2, 3, 3), nn.Conv2d(2, 3, 3)
    a.to(memory_format=torch.channels_last)
    b.weight = a.weight
    made = StandIns()
    with made.inside(nn.ModuleList([a, b])):
        assert a.weight is b.weight
        assert a.weight.stride() == (18, 1, 6, 2)
        assert a.weight.requires_grad


def test_a_net_on_meta_counts_as_one_on_the_processor():
    with torch.device("meta"):
        net = nn.Linear(3, 2)
    made = StandIns()
    with made.inside(net), made.mode, torch.autocast("cpu", torch.bfloat16):
        assert net.weight.device.type == "cpu"
        assert net(torch.ones(1, 3)).dtype == torch.bfloat16
    assert net.weight.is_meta


def test_a_number_is_counted_up_in_its_stand_in_alone():
    made, count = StandIns(), torch.tensor(3.0)
    with made.mode, Recorder(operations=made.operations):
        known, unknown = made.make(count, with_number=True), made.make(torch.tensor(3.0))
        known += 1
        known.mul_(2)
        unknown += 1
        assert (known.item(), unknown.item()) == (8.0, 0.0)
        assert (known - 1).item() == 7.0
    assert count.item() == 3.0
