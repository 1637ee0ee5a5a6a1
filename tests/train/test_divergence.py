"""Where a value first stopped being finite."""

import pytest
import torch
from torch import nn

import striate
from striate import layers
from striate.losses import MeanSquaredError
from striate.records import Batch
from striate.train import Criterion, TrainStep
from striate.train.divergence import (
    first_bad_gradient,
    first_bad_layer,
    sentence,
    weights_sentence,
)

INF = float("inf")
MSE = Criterion([MeanSquaredError()], ["out"], [1.0])


def nested():
    inner = striate.Sequential(
        [layers.BatchNormalization(input_shape=(3,)), layers.Dense(3, name="deep")], name="inner"
    )
    return striate.Sequential([inner, layers.Lambda(torch.exp, name="exp"), layers.Dense(1)])


def found(net, x=None, y=None):
    net.train()
    step = TrainStep(net, MSE, torch.optim.SGD(net.parameters(), 0.0))
    x = torch.ones(2, 3) if x is None else x
    return first_bad_layer(step, Batch(x, torch.zeros(2, 1) if y is None else y))


def test_data_come_first():
    net = nested()
    bad = torch.tensor([[0.0, INF, 0.0]] * 2)
    assert found(net, x=bad) == "the images of the batch"
    assert found(net, y=torch.tensor([[INF], [0.0]])) == "the targets of the batch"
    net.train()
    step = TrainStep(net, MSE, torch.optim.SGD(net.parameters(), 0.0))
    given = Batch(bad.flip(0), torch.zeros(2, 1), None, torch.tensor([7, 3]))
    given.images[0] = 0.0
    assert first_bad_layer(step, given) == "the images of the batch, in sample 3"


def test_then_weights():
    net = nested()
    with torch.no_grad():
        net.get_layer("inner").get_layer("deep").bias[1] = float("nan")
    assert found(net) == 'the bias of layer "inner/deep"'


def test_then_outputs_in_the_order_of_the_run():
    net = nested()
    net.get_layer("inner").get_layer("deep").set_weights([torch.zeros(3, 3), torch.full((3,), 1e3)])
    assert found(net) == 'the output of layer "exp"'


def test_finding_changes_no_statistics():
    net = nested()
    before = {name: value.clone() for name, value in net.named_buffers()}
    found(net, x=torch.rand(2, 3) * 9)
    assert all(torch.equal(before[name], value) for name, value in net.named_buffers())
    assert not any(module._forward_hooks for module in net.modules())


def test_where_all_is_finite_it_is_the_loss():
    assert found(nested()) == "the loss itself"


def test_any_module_of_torch():
    net = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 1))
    with torch.no_grad():
        net[1].weight.fill_(INF)
    assert found(net) == 'the weight of layer "1"'


@pytest.mark.parametrize("loss", [float("nan"), INF])
def test_the_sentence_counts_from_one(loss):
    net = nested()
    step = TrainStep(net, MSE, torch.optim.SGD(net.parameters(), 0.0))
    batch = Batch(torch.ones(2, 3), torch.zeros(2, 1))
    text = sentence(step, batch, loss, epoch=1, number=4)
    assert text.startswith(f"fit: `loss` must be finite. Got loss={loss} in epoch 2, step 5; the")
    assert "The update was not made. Lower the learning rate" in text


def test_weights_that_the_last_update_spoilt_are_named():
    net = nested()
    assert weights_sentence(net, epoch=1) is None
    with torch.no_grad():
        next(net.parameters()).fill_(INF)
    text = weights_sentence(net, epoch=1)
    assert text.startswith("fit: `weights` must be finite. Got the weight of layer ")
    assert "after the last update of epoch 2. Lower the learning rate" in text


class Branches(nn.Module):
    """Parameters that are not registered in the order of the run; two of them go wrong."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.last, self.first, self.second = (nn.Linear(3, n) for n in (1, 3, 3))
        self.norm = nn.BatchNorm1d(3)
        with torch.no_grad():
            self.second.weight.zero_()
            self.second.bias.zero_()

    def forward(self, x):
        return self.last(self.second(self.first(self.norm(x))).clamp_min(0.0).sqrt())


@pytest.mark.parametrize("parts", [1, 2])
def test_the_gradient_that_came_first_is_named_and_nothing_else_is_changed(parts):
    net = Branches().train()
    optimizer = torch.optim.SGD(net.parameters(), 0.1)
    step = TrainStep(net, MSE, optimizer, accumulate=parts)
    batch = Batch(torch.rand(4, 3), torch.ones(4, 1))
    assert not step(batch, epoch=0, step=0).is_finite
    before = {name: value.clone() for name, value in net.state_dict().items()}
    bad = [n for n, p in net.named_parameters() if not torch.isfinite(p.grad).all()]
    assert bad[0] == "first.weight"  # in the order in which they are registered
    found = first_bad_gradient(step, batch, epoch=0, number=0)
    assert found in {f'the gradient of the {part} of layer "second"' for part in ("weight", "bias")}
    assert all(torch.equal(before[name], value) for name, value in net.state_dict().items())
    assert all(p.grad is None and not p._backward_hooks for p in net.parameters())


def test_a_single_bad_gradient_needs_no_second_pass():
    net = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 1))
    step = TrainStep(net, MSE, torch.optim.SGD(net.parameters(), 0.1))
    net[1].bias.grad = torch.tensor([INF])
    net.register_forward_pre_hook(lambda *_: pytest.fail("ran"))
    found = first_bad_gradient(step, Batch(torch.ones(2, 3)), epoch=0, number=0)
    assert found == 'the gradient of the bias of layer "1"'
    assert first_bad_gradient(step, Batch(torch.ones(2, 3)), epoch=0, number=0) == "a gradient"


def test_samples_of_a_long_batch_are_cut_and_one_is_one():
    def said(count):
        net = nested().train()
        step = TrainStep(net, MSE, torch.optim.SGD(net.parameters(), 0.0))
        ids = torch.arange(count, 0, -1)
        batch = Batch(torch.ones(count, 3), torch.zeros(count, 1), None, ids)
        return sentence(step, batch, INF, epoch=0, number=0)

    assert "step 1, with the sample 1; the first value" in said(1)
    assert "step 1, with the samples 2, 1; the first value" in said(2)
    assert "step 1, with the samples 6, 5, 4, 3, 2 and 1 more; the" in said(6)
