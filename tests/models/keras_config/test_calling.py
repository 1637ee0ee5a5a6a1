"""Layers called as soon as their inputs are there, in their order."""

import time

import pytest

import striate
from striate.models.keras_config.calling import call_layers, tensors_of
from striate.models.keras_config.nodes import Node, Source
from tests.models.keras_config.test_arguments import Refused, refuse

L = striate.layers


def called(layers, nodes, count=lambda layer: None):
    results = {("x", 0): [striate.Input((4,))]}
    call_layers(layers, nodes, results, count=count, refuse=refuse)
    return results


def of(name, call=0, leaf=0, **kwargs):
    return Node((Source(name, call, leaf),), kwargs)


def test_a_layer_waits_for_its_input_and_a_shared_one_for_each():
    shared, other = L.Dense(4), L.ReLU()
    nodes = {"shared": [of("x"), of("other")], "other": [of("shared")]}
    order = []
    results = called({"shared": shared, "other": other}, nodes, count=order.append)
    assert order == [shared, other, shared]
    assert set(results) == {("x", 0), ("shared", 0), ("other", 0), ("shared", 1)}
    ends = tensors_of({"a": Source("shared", 1, 0), "b": 3}, results)
    assert ends == {"a": results["shared", 1][0], "b": 3}


def test_arguments_that_say_nothing_are_dropped_and_the_mode_is_kept():
    node = Node((), {"inputs": Source("x", 0, 0), "mask": [None, None], "training": False})
    results = called({"d": L.Dropout(0.5)}, {"d": [node]})
    call = results["d", 0][0].call
    assert call.kwargs == {"training": False}
    assert call.args == (results["x", 0][0],)


@pytest.mark.parametrize(
    ("nodes", "words"),
    [
        ({"a": [of("b")], "b": [of("a")]}, "without a circle, each to layers that are there. Got "),
        ({"a": [of("nobody")], "b": []}, "Got 'a' without its input. The file is not as Keras"),
        (
            {"a": [of("x", mask=1)], "b": []},
            "call 'a' on its inputs and `training` alone. Got mask",
        ),
    ],
)
def test_errors(nodes, words):
    with pytest.raises(Refused) as caught:
        called({"a": L.ReLU(), "b": L.ReLU()}, nodes)
    assert words in str(caught.value)


def test_a_long_chain_in_the_wrong_order_takes_no_longer_than_in_the_right_one():
    count = 2000
    names = [str(number) for number in range(count)]
    nodes = {name: [of(before)] for name, before in zip(names, ["x", *names], strict=False)}
    backwards = {name: L.ReLU() for name in reversed(names)}
    began = time.monotonic()
    assert len(called(backwards, nodes)) == count + 1
    assert time.monotonic() - began < 5  # a second; by rounds over all layers it is a minute
