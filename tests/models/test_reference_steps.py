"""Steps that are measured are those that are planned."""

import pytest
import torch

from striate import Sequential, layers
from striate.models.planning import plan
from striate.models.reference_steps import reference_steps


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_steps_train_and_predict(precision):
    net = Sequential([layers.Dense(4, activation="softmax", input_shape=(6,))], name="net")
    steps = list(reference_steps(net, (1, 5), precision=precision, optimizer="sgd"))
    about = [(s.net, s.mode, s.precision, s.batch, s.is_tiny) for s in steps]
    assert about == [
        ("net", "train", precision, 1, True),
        ("net", "train", precision, 5, False),
        ("net", "predict", precision, 1, True),
        ("net", "predict", precision, 5, False),
    ]
    planned = plan(net, 5, precision=precision, optimizer="sgd").timelines
    assert steps[1].timeline.operations == planned["train"].operations
    assert steps[3].timeline.operations == planned["predict"].operations
    before = [weight.detach().clone() for weight in net.parameters()]
    steps[3].run()
    assert all(map(torch.equal, before, net.parameters()))
    steps[1].run()
    assert not any(map(torch.equal, before, net.parameters()))
    assert not net.training


def test_only_what_is_asked_for():
    net = Sequential([layers.Dense(4, input_shape=(6,))])
    [found] = reference_steps(net, (3,), precision="float32", modes=("predict",))
    assert (found.mode, found.batch) == ("predict", 3)
