"""Nets from configurations, also from those that no Keras wrote."""

import time

import pytest
import torch

from striate.errors import WeightsError
from striate.models.keras_config.net_builder import NetBuilder
from tests.models.keras_config.configurations import (
    call,
    functional,
    layer,
    sequential,
    start,
    tensor,
)


def dense(name="d", units=2, **more):
    return layer("Dense", name, units=units, **more)


def built(entry):
    builder = NetBuilder("File")
    return builder.build(entry), builder


def chain(*nodes):
    """x -> d, whose calls are given."""
    return functional([start("x", 3), dense(nodes=list(nodes))], ["x", 0, 0], ["d", 0, 0])


def test_a_sequential_of_keras_1_is_a_list():
    entry = {"class_name": "Sequential", "config": [dense(batch_input_shape=[None, 3])]}
    net, _ = built(entry)
    assert net.output.shape == (None, 2)


@pytest.mark.parametrize(
    "entry",
    [
        sequential(start("x", 3), dense()),
        sequential(start("x", 3, key="batch_input_shape"), dense()),
        sequential(dense(batch_input_shape=[None, 3])),
        sequential(dense(), build_config={"input_shape": [None, 3]}),
        sequential(sequential(start("x", 3), dense(), name="inner")),
    ],
)
def test_where_a_sequential_says_its_input(entry):
    assert built(entry)[0].inputs[0].shape == (None, 3)


def test_names_stay_but_for_dots_and_paths_are_of_keras():
    inner = sequential(start("y", 2), dense("b.c"), name="inner") | {"name": "inner"}
    inner["inbound_nodes"] = [call(tensor("a/1"))]
    entries = [start("x", 3), dense("a/1", nodes=[call(tensor("x"))]), inner]
    net, builder = built(functional(entries, ["x", 0, 0], ["inner", 0, 0]))
    assert net.layer_names == ["x", "a/1", "inner"]
    assert list(builder.layers) == ["a/1", "inner/b.c"]
    assert net.get_layer("inner").layer_names == ["b_c"]


@pytest.mark.parametrize("axis", [-1, 1, [1]])
def test_batch_norm_along_the_last_axis(axis):
    net, _ = built(sequential(start("x", 3), layer("BatchNormalization", "n", axis=axis)))
    assert net.count_params() == 12


TWO = [start("x", 4), start("y", 4, 4)]
MIXED = layer("Add", "s", module="keras.src.ops.numpy", nodes=[call(tensor("x"), tensor("y"))])


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (
            {"class_name": "MyNet", "config": {}},
            "File: MyNet: must be a Sequential or a functional model. Got MyNet. Build the net in "
            "Python, and load the weights alone: model.load_weights(path).",
        ),
        (
            sequential(start("x", 3), dense(), registered_name="my>Net"),
            "Sequential: must be a Sequential or a functional model. Got my>Net.",
        ),
        (
            sequential(dense()),
            "Sequential: must know the shape of its input. Got none. Call it once on data in Keras",
        ),
        (
            sequential(start("x", 3), layer("Lambda", "f")),
            "File: Lambda 'f': must be a layer, not code. Got Lambda.",
        ),
        (
            sequential(start("x", 3), dense(units=0)),
            "File: Dense 'd': must have arguments that Dense of striate takes. Got Dense \"d\": "
            "`units` must be a whole number of at least 1. Got units=0. Use 1, 2, 3, …. Build the "
            "net with others in Keras, and save it again.",
        ),
        (
            sequential(start("x", 3), dense(activation="mish")),
            "`activation` must name a known activation. Got activation='mish'. Nearest: \"swish\", "
            '"hard_swish", "sigmoid". Build the net with others in Keras, and save it again.',
        ),
        (
            sequential(start("x", 6, 6, 3), layer("BatchNormalization", "n", axis=[1])),
            "BatchNormalization 'n': must normalise along the last axis. Got axis=[1]. Build the",
        ),
        (
            functional([*TWO, MIXED], [["x", 0, 0], ["y", 0, 0]], ["s", 0, 0]),
            "Operation 's': must join tensors of as many dimensions. Got [(None, 4), (None, 4, 4)]",
        ),
        (
            sequential(start("x", 3), dense("a\nb")),
            r"File: must name its layers in at most 200 letters. Got 'a\nb'. The file is not as K",
        ),
        (
            chain(call(tensor("d"))),
            "Functional: must join its layers without a circle, each to layers that are there.",
        ),
    ],
)
def test_errors(entry, words):
    with pytest.raises(WeightsError) as caught:
        built(entry)
    assert words in str(caught.value)


def test_nets_too_deep_in_each_other():
    entry = sequential(start("x", 3), dense())
    for _ in range(20):
        entry = sequential(start("x", 3), entry)
    with pytest.raises(WeightsError, match=r"must hold nets at most 16 deep in each other\. Got m"):
        built(entry)


def test_a_net_that_calls_a_net_twice_that_calls_a_net_twice():
    entry = sequential(start("x", 3), dense(units=3), name="0")
    for number in range(1, 15):
        nodes = [call(tensor("x")), call(tensor(str(number - 1)))]
        inner = entry | {"name": str(number - 1), "inbound_nodes": nodes}
        early = 1 if number > 1 else 0  # as Keras 3 counts at the ends
        end = [str(number - 1), 1 + early, 0]
        entry = functional([start("x", 3), inner], ["x", 0, 0], end, name=str(number))
    began = time.monotonic()
    with pytest.raises(WeightsError, match="must hold a net of at most 10,000 layers and calls"):
        built(entry)
    assert time.monotonic() - began < 10


def test_no_memory_is_taken_on_the_meta_device():
    with torch.device("meta"):
        net, _ = built(sequential(start("x", 10**6), dense(units=10**6)))
    assert net.count_params() == 10**12 + 10**6
