"""The graph: the calls between two ends, run in order, each value dropped after its last use."""

import weakref
from typing import ClassVar

import numpy as np
import pytest
import torch

import striate
from striate import layers
from striate.errors import ArgumentError


class Watcher(layers.Layer):
    """Passes a copy on, and counts the copies of its kind that live."""

    living: ClassVar = weakref.WeakSet()
    most = 0

    def call(self, x):
        y = x + 1
        type(self).living.add(y)
        type(self).most = max(type(self).most, len(type(self).living))
        return y


def test_values_are_dropped_after_their_last_use():
    x = y = striate.Input((3,))
    for _ in range(6):
        y = Watcher()(y)
    net = striate.Model(x, y)
    Watcher.living.clear()
    Watcher.most = 0
    with torch.no_grad():
        net(torch.zeros(1, 3))
    assert Watcher.most <= 2


def test_only_the_calls_between_the_ends_belong():
    x = striate.Input((3,))
    a = layers.Dense(2, name="a")(x)
    layers.Dense(2, name="dead")(a)
    b = layers.Dense(2, name="b")(a)
    assert striate.Model(x, b).layer_names == ["input_1", "a", "b"]
    assert striate.Model(a, b).layer_names == ["b"]


def test_calls_run_in_the_order_in_which_they_were_made():
    x = striate.Input((3,))
    ran = []

    def noted(name):
        def function(value):
            ran.append(name)
            return value

        return layers.Lambda(function, output_shape=(3,), name=name)(x)

    first, second, third = noted("1"), noted("2"), noted("3")
    net = striate.Model(x, [third, first, second])
    ran.clear()
    net(torch.zeros(1, 3))
    assert ran == ["1", "2", "3"]


def test_layers_take_structures_and_plain_arguments():
    class Blend(layers.Layer):
        def call(self, pair, share=0.5, offset=None):
            moved = 0 if offset is None else offset["by"]
            return share * pair[0] + (1 - share) * pair[1] + moved

    a, b, c = (striate.Input((2,)) for _ in range(3))
    y = Blend()((a, b), share=0.25, offset={"by": c})
    got = striate.Model([a, b, c], y)([torch.ones(1, 2), torch.zeros(1, 2), torch.ones(1, 2)])
    assert got.tolist() == [[1.25, 1.25]]


def test_a_layer_with_several_results():
    class Split(layers.Layer):
        def call(self, x):
            return {"low": x[..., :1], "high": (x[..., 1:2], x[..., 2:])}

    x = striate.Input((5,))
    parts = Split()(x)
    assert parts["high"][1].shape == (None, 3)
    low, high = striate.Model(x, [parts["low"], parts["high"][1]])(torch.arange(5.0)[None])
    assert low.tolist() == [[0.0]]
    assert high.tolist() == [[2.0, 3.0, 4.0]]


@pytest.mark.parametrize(
    "wrong", [lambda x: x + 1, torch.relu, np.sin, bool], ids=["plus", "torch", "numpy", "bool"]
)
def test_what_is_no_layer_cannot_join_the_graph(wrong):
    with pytest.raises(ArgumentError, match=r"must be a layer, since it holds no numbers"):
        wrong(striate.Input((2,)))


def guided(training):
    """A base with a Dropout and moving statistics, called in one mode, with a head."""
    torch.manual_seed(0)
    x = inputs = striate.Input((6, 6, 3))
    x = layers.Dropout(0.5)(layers.BatchNormalization()(layers.Conv2D(4, 3)(x)))
    base = striate.Model(inputs, x, name="base")
    start = striate.Input((6, 6, 3))
    y = layers.GlobalAveragePooling2D()(base(start, training=training))
    return base, striate.Model(start, layers.Dense(2, "softmax")(y))


def statistics(base):
    return base.get_layer("batch_normalization").running_mean.clone()


@pytest.mark.parametrize("jit", [False, True])
def test_a_symbolic_call_keeps_its_mode(jit):
    base, net = guided(training=False)
    before, x = statistics(base), torch.rand(8, 6, 6, 3)
    run = torch.compile(net, backend="eager", fullgraph=True) if jit else net
    net.train()
    assert torch.equal(run(x), net(x, training=False))
    assert torch.equal(statistics(base), before)
    assert base.training
    base(x, training=True)
    assert not torch.equal(statistics(base), before)


def test_a_call_that_always_trains_draws_in_inference_too():
    _, net = guided(training=True)
    x = torch.rand(8, 6, 6, 3)
    assert not torch.equal(net(x), net(x))


@pytest.mark.parametrize("training", [False, True])
def test_a_kept_mode_is_saved(training, tmp_path):
    _, net = guided(training)
    net.save(tmp_path / "net")
    again = striate.load_model(tmp_path / "net")
    x, y = np.random.default_rng(0).random((8, 6, 6, 3), "float32"), np.arange(8) % 2
    for one in (net, again):
        one.compile("sgd", "sparse_categorical_crossentropy")
        one.fit(x, y, epochs=2, seed=3, verbose=0)
    for a, b in zip(net.get_weights(), again.get_weights(), strict=True):
        assert np.array_equal(a, b)
    moved = again.get_layer("base").get_layer("batch_normalization").running_mean.any()
    assert bool(moved) is training


def test_a_mode_is_true_or_false():
    with pytest.raises(ArgumentError, match=r'Dropout "dropout": `training` must be True or False'):
        layers.Dropout(0.5)(striate.Input((3,)), training="yes")
