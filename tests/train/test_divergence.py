"""Where a value first stopped being finite."""

import pytest
import torch
from torch import nn

import striate
from striate import layers
from striate.losses import MeanSquaredError
from striate.records import Batch
from striate.train import Criterion, TrainStep
from striate.train.divergence import first_bad_layer, sentence, weights_sentence

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
