"""Sequential: lists, add and pop, built at once or at the first batch."""

import numpy as np
import pytest
import torch

import striate
from striate import layers
from striate.errors import ArgumentError, NotBuiltError, ShapeError


def convnet(**first):
    return striate.Sequential(
        [layers.Conv2D(4, 3, **first), layers.GlobalAveragePooling2D(), layers.Dense(2)]
    )


@pytest.mark.parametrize(
    "make",
    [
        lambda: convnet(input_shape=(8, 8, 3)),
        lambda: striate.Sequential([striate.Input((8, 8, 3)), *convnet().layers]),
        lambda: striate.Sequential([striate.models.InputLayer((8, 8, 3)), *convnet().layers]),
        lambda: striate.Sequential(layer for layer in convnet(input_shape=(8, 8, 3)).layers),
    ],
)
def test_with_a_declared_input_it_is_built_at_once(make):
    net = make()
    assert net.built
    assert net.count_params() == 122
    assert net.input.shape == (None, 8, 8, 3)
    assert net.output.shape == (None, 2)
    assert [layer.name for layer in net.layers] == ["conv2d", "global_average_pooling2d", "dense"]


def test_without_one_the_first_batch_builds_it():
    net = convnet()
    with pytest.raises(NotBuiltError, match="`parameters` must wait until the input shape"):
        list(net.parameters())
    assert net(np.zeros((1, 8, 8, 3), "float32")).shape == (1, 2)
    assert net.count_params() == 122
    assert net(torch.zeros(1, 9, 5, 3)).shape == (1, 2)  # that size binds no later batch
    with pytest.raises(ShapeError, match=r'Conv2D "conv2d": input must have 3 channels'):
        net(torch.zeros(1, 8, 8, 4))


def test_a_declared_size_binds():
    with pytest.raises(ShapeError, match=r"have shape \(n, 8, 8, 3\)\. Got input \(1, 9, 8, 3\)"):
        convnet(input_shape=(8, 8, 3))(torch.zeros(1, 9, 8, 3))


def test_build_by_shape():
    net = convnet()
    net.build((None, None, None, 3))
    assert net.count_params() == 122
    assert net(torch.zeros(1, 5, 7, 3)).shape == (1, 2)


def test_add_and_pop():
    net = striate.Sequential()
    net.add(striate.Input((4,)))
    net.add(layers.Dense(3))
    net.add(layers.Dense(2))
    assert net.output.shape == (None, 2)
    last = net.pop()
    assert last.units == 2
    assert net.output.shape == (None, 3)
    assert net.count_params() == 15
    net.add(layers.Dense(5))
    assert net.layer_names == ["dense", "dense_1"]
    assert net(torch.zeros(1, 4)).shape == (1, 5)
    assert list(net.state_dict()) == [
        f"_layers.{name}.{part}" for name in net.layer_names for part in ("weight", "bias")
    ]


def test_pop_before_it_is_built():
    net = convnet()
    net.pop()
    assert len(net.layers) == 2
    assert net(torch.zeros(1, 8, 8, 3)).shape == (1, 4)


def test_a_popped_layer_may_go_elsewhere():
    net = striate.Sequential([layers.Dense(3, input_shape=(4,)), layers.Dense(2)])
    last = net.pop()
    x = striate.Input((3,))
    assert striate.Model(x, last(x))(torch.ones(1, 3)).shape == (1, 2)


def test_a_model_may_stand_first(close):
    base = convnet(input_shape=(8, 8, 3))
    net = striate.Sequential([base, layers.Dense(1)])
    assert net.built
    x = torch.rand(2, 8, 8, 3)
    close(net(x), net.layers[1](base(x)))
    assert net.get_layer("sequential") is base


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: [lambda x: x], r"`layer` must be a striate Layer.*layers\.Lambda"),
        (lambda: [torch.nn.ReLU()], r"`layer` must be a striate Layer.*a torch module in a Layer"),
        (lambda: [layers.Dense(1, input_shape=(1,)), striate.Input((1,))], "second Input"),
        (lambda: [layers.Dense(1, name="a"), layers.Dense(1, name="a")], "be different for each"),
        (lambda: [layers.Dense(1)] * 2, r"`layer` must be new to the model.*Make a second layer"),
        (lambda: [layers.Dense(1, input_shape=(0,))], r"`input_shape` must hold the sizes"),
    ],
)
def test_what_is_no_layer_is_refused(make, words):
    with pytest.raises(ArgumentError, match=words):
        striate.Sequential(make())


def test_a_refused_layer_changes_nothing():
    net = striate.Sequential([layers.Conv2D(4, 3, input_shape=(8, 8, 3))])
    with pytest.raises(ShapeError):
        net.add(layers.Conv2D(4, 9))
    assert len(net.layers) == 1
    net.add(layers.Flatten())
    assert net.output.shape == (None, 144)


def test_pop_of_an_empty_model():
    with pytest.raises(ArgumentError, match=r"`index` must be below 0|at least one layer"):
        striate.Sequential().pop()


def test_names_are_counted_per_model():
    first, second = convnet(), convnet()
    assert first.layer_names == second.layer_names
