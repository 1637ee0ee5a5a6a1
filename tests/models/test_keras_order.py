"""The order of layers in Keras: by depth, then as a walk from the outputs back meets them."""

import pytest

import striate
from striate.layers import Add, Conv2D, Dense, ReLU
from striate.models.keras_order import keras_order


def names(model):
    return [layer.name for layer in keras_order(model)]


def conv(name):
    return Conv2D(3, 1, name=name)


def test_a_sequential_stands_as_it_was_made():
    model = striate.Sequential([conv("b"), conv("a"), Dense(1, name="c")])
    model.build((None, 8, 8, 3))
    assert names(model) == ["b", "a", "c"]


@pytest.mark.parametrize("first", ["short", "long"])
def test_the_farthest_from_the_output_comes_first(first):
    x = striate.Input((8, 8, 3))
    made = [conv("short"), conv("long")][:: 1 if first == "short" else -1]
    ways = {layer.name: layer(x) for layer in made}
    ways["long"] = ReLU(name="relu")(conv("end")(ways["long"]))
    model = striate.Model(x, Add(name="add")([ways["short"], ways["long"]]))
    assert names(model) == ["long", "end", "short", "relu", "add"]


def test_of_two_as_far_the_one_that_is_added_first():
    x = striate.Input((8, 8, 3))
    a, b = conv("a")(x), conv("b")(x)
    assert names(striate.Model(x, Add(name="add")([b, a]))) == ["b", "a", "add"]


def test_a_layer_that_is_used_twice_is_where_it_is_farthest():
    twice = conv("twice")
    x = striate.Input((8, 8, 3))
    y = twice(conv("between")(twice(x)))
    assert names(striate.Model(x, conv("end")(y))) == ["twice", "between", "end"]


def test_also_where_the_near_use_is_met_first():
    twice = conv("twice")
    x = striate.Input((8, 8, 3))
    far = conv("c")(conv("b")(twice(conv("a")(x))))
    assert names(striate.Model(x, Add(name="add")([twice(x), far]))) == [
        "a",
        "twice",
        "b",
        "c",
        "add",
    ]


def test_several_outputs():
    x = striate.Input((8, 8, 3))
    below = conv("below")(x)
    model = striate.Model(x, {"a": conv("a")(below), "b": conv("b")(conv("c")(below))})
    assert names(model) == ["below", "c", "a", "b"]


def test_what_lies_before_the_input_is_not_in_the_model():
    x = striate.Input((8, 8, 3))
    below = conv("below")(x)
    assert names(striate.Model(below, conv("above")(below))) == ["above"]


def test_a_net_of_two_thousand_layers():
    x = inputs = striate.Input((1, 1, 1))
    for number in range(2000):
        x = ReLU(name=f"relu{number}")(x)
    assert names(striate.Model(inputs, x)) == [f"relu{number}" for number in range(2000)]
