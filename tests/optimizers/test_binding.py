"""Optimizers before and after they get their parameters."""

import copy
import pickle

import pytest
import torch

from striate.errors import ArgumentError, NotBuiltError
from striate.optimizers import SGD, Adam
from striate.optimizers.binding import BoundLater
from striate.optimizers.schedules import ExponentialDecay


@pytest.mark.parametrize("bind", [False, True])
def test_copies_and_pickles_keep_everything(bind):
    optimizer = Adam(ExponentialDecay(0.1, 2, decay_rate=0.5), clipnorm=0.5)
    weights = [torch.ones(3, requires_grad=True)]
    if bind:
        optimizer.bind(weights)
        weights[0].square().sum().backward()
        optimizer.step()
    for twin in (copy.deepcopy(optimizer), pickle.loads(pickle.dumps(optimizer))):
        assert repr(twin) == repr(optimizer)
        assert twin.learning_rate == optimizer.learning_rate
        assert twin.iterations == optimizer.iterations == int(bind)
        assert twin.bound is bind
        if bind:
            (state,), (expected,) = twin.state.values(), optimizer.state.values()
            assert torch.equal(state["velocity"], expected["velocity"])


@pytest.mark.parametrize("use", ["step", "zero_grad", "state_dict", "param_groups"])
def test_unbound_use_says_what_to_do(use):
    optimizer = Adam()
    other = Adam()
    other.bind([torch.zeros(1, requires_grad=True)])
    words = r"Adam: the optimizer must have parameters first\. Call `optimizer\.bind"
    with pytest.raises(NotBuiltError, match=words):
        getattr(optimizer, use)()
    with pytest.raises(AttributeError, match="no attribute 'stepp'"):
        optimizer.stepp()


def test_binding_again():
    optimizer = SGD(0.1, 0.9)
    weights = [torch.zeros(1, requires_grad=True) for _ in range(2)]
    optimizer.bind(weights)
    weights[0].sum().backward()
    optimizer.step()
    optimizer.bind([("a", weights[0]), ("b", weights[1])])
    assert optimizer.iterations == 1
    assert weights[0] in optimizer.state
    with pytest.raises(ArgumentError, match=r"one optimizer trains one model\.$"):
        optimizer.bind([torch.zeros(1, requires_grad=True)])
    with pytest.raises(ArgumentError, match="`parameters` must hold at least one tensor"):
        SGD().bind([])


def test_defaults_must_be_written():
    with pytest.raises(NotImplementedError):
        BoundLater().bind([torch.zeros(1, requires_grad=True)])
