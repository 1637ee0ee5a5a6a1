"""Steps that are measured are those that are planned."""

from collections import Counter

import pytest
import torch

from striate import Sequential, layers
from striate.models.planning.plan import plan
from striate.models.planning.reference_nets import reference_nets
from striate.models.planning.reference_steps import reference_steps
from striate.models.predictor import predictor_of
from striate.plan.tracing import Recorder


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


def test_what_predict_does_with_a_later_batch():
    net = reference_nets()[1][0]
    predictor, images = predictor_of(net), torch.rand(3, 64, 64, 3)
    with torch.no_grad():
        predictor(images)
        with Recorder() as recorder:
            predictor(images)
    real = Counter(work for work in recorder.works if work.kind)
    planned = Counter()
    for each in plan(net, 3, mode="predict").timelines["predict"].operations:
        amounts = tuple(a + 3 * b for a, b in zip(each.fixed, each.each, strict=True))
        planned[each.kind, each.dtype, amounts] += each.times if each.kind else 0
    assert +planned == real
    assert {work.dtype for work in real} == {"float32"}
