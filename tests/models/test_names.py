"""Names of layers: counted per model, given ones kept."""

import pytest

import striate
from striate import layers
from striate.errors import ArgumentError
from striate.models.names import free_name


@pytest.mark.parametrize(
    ("stem", "taken", "name"),
    [
        ("dense", (), "dense"),
        ("dense", ("dense",), "dense_1"),
        ("dense", ("dense", "dense_2"), "dense_1"),
        ("dense", ("dense", "dense_1"), "dense_2"),
        ("input", (), "input_1"),
        ("input", ("input_1",), "input_2"),
    ],
)
def test_the_first_free_name(stem, taken, name):
    assert free_name(stem, taken) == name


def test_two_layers_may_not_be_given_one_name():
    x = striate.Input((2,))
    y = layers.Dense(2, name="twice")(layers.Dense(2, name="twice")(x))
    with pytest.raises(ArgumentError, match=r"be different for each layer.*name='twice'.*another"):
        striate.Model(x, y)


def test_a_counted_name_gives_way_to_a_given_one():
    x = striate.Input((2,))
    y = layers.Dense(2, name="dense")(layers.Dense(2)(x))
    assert striate.Model(x, y).layer_names == ["input_1", "dense_1", "dense"]


def test_a_layer_keeps_its_name_in_a_second_model():
    x = striate.Input((2,))
    middle = layers.Dense(2)(layers.Dense(2)(x))
    whole = striate.Model(x, layers.Dense(2)(middle))
    part = striate.Model(middle, whole.output)
    assert whole.layer_names == ["input_1", "dense", "dense_1", "dense_2"]
    assert part.layer_names == ["dense_2"]
