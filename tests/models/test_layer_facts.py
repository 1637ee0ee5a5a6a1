"""LayerFacts: each layer of a run, its shapes, parameters and settings."""

import pytest

import striate
from striate import layers
from striate.errors import NotBuiltError
from striate.models.layer_facts import layer_facts


def test_a_graph():
    x = striate.Input((8, 8, 3), name="picture")
    y = layers.Conv2D(4, 3, padding="same", activation="relu", name="conv")(x)
    z = layers.Add(name="sum")([y, y])
    found = layer_facts(striate.Model(x, z))
    assert [(each.name, each.kind) for each in found] == [
        ("picture", "InputLayer"),
        ("conv", "Conv2D"),
        ("sum", "Add"),
    ]
    conv, add = found[1:]
    assert (conv.input_shape, conv.output_shape) == ((None, 8, 8, 3), (None, 8, 8, 4))
    assert conv.parameters == 4 * 27 + 4
    assert (conv.settings["activation"], conv.settings["padding"]) == ("relu", "same")
    assert "name" not in conv.settings
    assert add.input_shape == [(None, 8, 8, 4), (None, 8, 8, 4)]
    assert add.purpose.startswith("Sums its inputs")


def test_a_chain_is_told_as_a_graph_is():
    parts = [layers.Dense(5, name="a"), layers.Dense(2, name="b")]
    chain = striate.Sequential([layers.Dense(5, name="a", input_shape=(3,)), parts[1]])
    x = striate.Input((3,))
    graph = striate.Model(x, layers.Dense(2, name="b")(parts[0](x)))
    told = [
        {each.name: (each.kind, each.output_shape, each.parameters) for each in layer_facts(net)}
        for net in (chain, graph)
    ]
    assert told[0].items() <= told[1].items()
    assert set(told[1]) - set(told[0]) <= {"input_1", "input"}


def test_only_trained_numbers_count():
    x = striate.Input((3,))
    found = layer_facts(striate.Model(x, layers.BatchNormalization()(x)))
    assert found[-1].parameters == 6


def test_a_class_that_is_not_registered():
    class Halved(layers.Layer):
        """Halves it."""

        def __init__(self, by=2, **base):
            super().__init__(**base)
            self.by = by

        def call(self, x):
            return x / self.by

    x = striate.Input((3,))
    found = layer_facts(striate.Model(x, Halved(4)(x)))[-1]
    assert (found.purpose, found.settings["by"]) == ("Halves it", "4")


def test_an_unbuilt_model():
    with pytest.raises(NotBuiltError, match="layer_facts"):
        layer_facts(striate.Sequential([layers.Dense(3)]))
