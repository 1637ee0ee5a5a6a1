"""What a compiled model and its data agree on before the first step: outputs, losses, checks."""

import numpy as np
import pytest
import torch

import striate
from striate import layers
from striate.errors import ArgumentError
from striate.models.ends import ends_of
from striate.models.feeding import feed
from striate.models.preparing import prepare
from striate.records import Batch

BATCH = Batch(torch.ones(4, 3))


class Net(striate.Model):
    """A subclass with outputs by name."""

    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(2)
        self.sizes = []

    def call(self, x):
        self.sizes.append(len(x))
        y = self.dense(x)
        return {"a": y, "b": (y, y)}


def test_names_and_shapes_of_outputs():
    x = striate.Input((3,))
    a, b = layers.Dense(2, name="left")(x), layers.Dense(5, name="right")(x)
    ends = ends_of(striate.Model(x, [a, b]), BATCH)
    assert ends.names == ("left", "right")
    assert ends.shapes == ((None, 2), (None, 5))
    assert ends_of(striate.Model(x, {"p": a, "q": b}), BATCH).names == ("p", "q")
    assert ends_of(striate.Model(x, a), BATCH).names == ("left",)
    assert ends_of(striate.Model(x, [a, a]), BATCH).names == ("output_1", "output_2")
    assert ends_of(striate.Model(x, [x, a]), BATCH).names == ("input_1", "left")


def test_a_subclass_is_run_on_one_sample_which_builds_it():
    net = Net()
    ends = ends_of(net, BATCH)
    assert net.built
    assert set(net.sizes) == {1}
    assert ends.names == ("a", "b_1", "b_2")
    assert ends.shapes == ((None, 2),) * 3


def test_an_unbuilt_sequential_is_built():
    net = striate.Sequential([layers.Dense(2, name="last")])
    assert ends_of(net, BATCH).names == ("last",)
    assert net.count_params() == 8


def model():
    net = striate.Sequential([layers.Dense(3, "softmax", input_shape=(2,))])
    net.compile("sgd", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return net


def test_targets_at_hand_are_checked_at_once_and_others_later():
    x, y = np.zeros((6, 2)), np.array([0, 1, 2, 0, 1, 9])
    with pytest.raises(ArgumentError, match="class numbers from 0 to 2"):
        prepare(model(), feed(x, y, place="fit", batch_size=2), place="fit", precision="float32")
    parts = [(x[:4], y[:4]), (x[4:], y[4:])]
    ready = prepare(
        model(), feed(parts, place="fit", batch_size=2), place="fit", precision="float32"
    )
    first, second = feed(parts, place="fit", batch_size=2).epoch(0)
    ready.check(first)
    with pytest.raises(ArgumentError, match=r"Got targets=9\."):
        ready.check(second)


class Nothing:
    def __iter__(self):
        return iter(())


@pytest.mark.parametrize(
    ("x", "words"),
    [
        (Nothing(), r"evaluate: `x` must hold at least one batch"),
        ([(np.zeros((1, 2)),)], r"evaluate: `y` must hold the targets"),
    ],
)
def test_data_that_cannot_be_evaluated(x, words):
    batches = feed(x, place="evaluate", batch_size=2)
    with pytest.raises(ArgumentError, match=words):
        prepare(model(), batches, place="evaluate", precision="float32")
