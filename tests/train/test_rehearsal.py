"""A step without its update leaves the run as it was."""

import pytest
import torch
from torch import nn

from striate.losses import MeanSquaredError
from striate.records import Batch
from striate.train import Criterion, TrainStep
from striate.train.rehearsal import rehearse, statistics_kept

MSE = Criterion([MeanSquaredError()], ["out"], [1.0])


@pytest.mark.parametrize("accumulate", [1, 2])
def test_nothing_of_it_stays(accumulate):
    net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 1)).train()
    optimizer = torch.optim.SGD(net.parameters(), 0.1, momentum=0.9)
    step = TrainStep(net, MSE, optimizer, accumulate=accumulate)
    given = Batch(torch.rand(6, 3), torch.rand(6, 1))
    step(given, epoch=0, step=0)
    before = {name: value.clone() for name, value in net.state_dict().items()}
    passes = []
    net.register_forward_hook(lambda *_: passes.append(1))
    rehearse(step, given, epoch=0, number=1)
    assert len(passes) == accumulate
    assert all(torch.equal(before[name], value) for name, value in net.state_dict().items())
    assert all(parameter.grad is None for parameter in net.parameters())


def test_statistics_come_back_after_an_error_too():
    norm = nn.BatchNorm1d(2).train()

    def broken_off():
        with statistics_kept(norm):
            norm(torch.rand(4, 2) + 3)
            raise ZeroDivisionError(int(norm.num_batches_tracked))

    with pytest.raises(ZeroDivisionError, match="1"):
        broken_off()
    assert norm.running_mean.eq(0).all()
    assert norm.num_batches_tracked == 0
