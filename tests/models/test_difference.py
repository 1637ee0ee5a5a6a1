"""The difference of two models: nothing between equals, each change once, and why."""

import json

import pytest

import striate
from striate import layers
from striate.errors import NotBuiltError
from striate.models import diff_models
from tests.architectures.measures import empty


def net(*, filters=4, padding="same", activation="relu", dropout=False, name="net"):
    x = y = striate.Input((8, 8, 3))
    y = layers.Conv2D(filters, 3, padding=padding, activation=activation, name="conv")(y)
    y = layers.AveragePooling2D(2, name="pool")(y)
    if dropout:
        y = layers.Dropout(0.5, name="drop")(y)
    y = layers.Dense(2, name="out")(layers.Flatten(name="flat")(y))
    return striate.Model(x, y, name=name)


def told(first, second):
    """{layer: {setting: (first, second)}} of the pairs that differ."""
    found = diff_models(first, second)
    return {
        (pair.first or pair.second).name: {
            each.name: (each.first, each.second) for each in pair.changes
        }
        for pair in found.pairs
        if not pair.is_alike
    }


def test_equal_nets_do_not_differ():
    found = diff_models(net(), net())
    assert all(pair.is_alike for pair in found.pairs)
    assert (len(found.pairs), found.reasons) == (5, ())


def test_a_setting_and_what_follows_from_it():
    assert told(net(), net(filters=6)) == {
        "conv": {
            "filters": (4, 6),
            "output": ((None, 8, 8, 4), (None, 8, 8, 6)),
            "parameters": (112, 168),
        },
        "pool": {"output": ((None, 4, 4, 4), (None, 4, 4, 6))},
        "flat": {"output": ((None, 64), (None, 96))},
        "out": {"parameters": (130, 194)},
    }
    found = diff_models(net(), net(filters=6))
    assert found.parameters == (242, 362)
    assert found.multiply_adds == (64 * 27 * 4 + 128, 64 * 27 * 6 + 192)
    assert [(each.what, each.layers) for each in found.reasons] == [("filters", 1)]


def test_a_layer_that_one_net_lacks():
    found = diff_models(net(), net(dropout=True))
    (pair,) = [pair for pair in found.pairs if not pair.is_alike]
    assert (pair.first, pair.second.name, pair.changes) == (None, "drop", ())
    (reason,) = found.reasons
    assert (reason.what, reason.layers) == ("Dropout, only in the second", 1)
    assert reason.why == layers.Dropout.__doc__.split("\n")[0].rstrip(".")


def test_another_kind_in_the_same_place():
    x = striate.Input((8, 8, 3))
    one = striate.Model(x, layers.AveragePooling2D(2, name="a")(x))
    y = striate.Input((8, 8, 3))
    two = striate.Model(y, layers.MaxPooling2D(2, name="b")(y))
    found = diff_models(one, two)
    assert [each.what for each in found.reasons] == ["AveragePooling2D → MaxPooling2D"]
    assert [each.name for each in found.pairs[-1].changes] == ["kind"]


def test_dialects_of_one_net():
    found = diff_models(empty("resnet50"), empty("resnet50", "keras"))
    counts = {each.what: each.layers for each in found.reasons}
    assert counts == {"use_bias": 53, "momentum": 53, "epsilon": 53}
    assert found.parameters == (25_557_032, 25_583_592)
    assert all(pair.first and pair.second for pair in found.pairs)
    strides = diff_models(empty("resnet50"), empty("resnet50", "torchvision"))
    assert {each.what: each.layers for each in strides.reasons}["strides"] == 6


def test_squeeze_and_excite_is_what_sets_two_resnets_apart():
    found = diff_models(empty("resnet20"), empty("se_resnet20"))
    alone = [pair.second.kind for pair in found.pairs if pair.first is None]
    assert set(alone) == {"SqueezeExcite"}
    assert len(alone) == 9


def test_shared_layers_count_once():
    def twice():
        x, shared = striate.Input((4,)), layers.Dense(4, name="d")
        return striate.Model(x, shared(shared(x)))

    assert diff_models(twice(), twice()).parameters == (20, 20)


def test_as_json():
    found = json.loads(json.dumps(diff_models(net(), net(padding="valid")).to_json()))
    assert found["pairs"][1]["changes"][0] == {
        "name": "padding",
        "first": "same",
        "second": "valid",
    }
    assert found["reasons"][0]["what"] == "padding"


def test_an_unbuilt_model():
    with pytest.raises(NotBuiltError):
        diff_models(net(), striate.Sequential([layers.Dense(3)]))
