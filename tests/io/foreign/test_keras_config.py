"""A model's description names the layers as Keras names them, and the places where they are."""

import json

import h5py
import keras
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keras.src.utils.naming import to_snake_case

from striate.io.damage import Damaged
from striate.io.foreign.keras_config import described_layers, snake_case

layers = keras.layers


@given(st.text("ABZabz29_ü ", max_size=12))
def test_words_are_parted_as_keras_parts_them(name):
    assert snake_case(name) == to_snake_case(name)


def test_every_class_of_keras():
    names = [name for name in dir(layers) if name[0].isupper()]
    assert len(names) > 100
    assert [snake_case(name) for name in names] == [to_snake_case(name) for name in names]


def nested():
    first = keras.Sequential([layers.Input((8, 8, 3)), layers.Conv2D(2, 1), layers.PReLU()])
    deep = keras.Sequential([layers.Input((8, 8, 2)), layers.Conv2D(2, 1, name="c")], name="deep")
    second = keras.Sequential([layers.Input((8, 8, 2)), deep, layers.Conv2D(2, 1)], name="second")
    image = keras.Input((8, 8, 3))
    x = second(first(image))
    x = layers.Conv2D(2, 1, name="z")(x) + layers.Conv2D(2, 1, name="a")(x)
    return keras.Model(image, layers.BatchNormalization()(x))


def test_names_kinds_and_places_are_those_of_the_file(tmp_path):
    model = nested()
    model.save_weights(tmp_path / "w.weights.h5")
    found = described_layers(json.loads(model.to_json()))
    with h5py.File(tmp_path / "w.weights.h5") as file:
        named = {}
        file.visititems(
            lambda path, item: (
                named.update({path[:-5]: item.attrs["name"]}) if path.endswith("/vars") else None
            )
        )
    places = {"/".join(layer.path): layer for layer in found if layer.kind != "input_layer"}
    assert {path: places[path].name.split("/")[-1] for path in named if path in places} == {
        path: name for path, name in named.items() if "input_layer" not in path
    }
    assert [layer.name for layer in found if "c" in layer.name.split("/")] == ["second/deep/c"]
    assert {layer.name for layer in found if layer.is_model} == {
        model.layers[1].name,
        "second",
        "second/deep",
    }
    assert [layer.kind for layer in found if layer.path[-1] == "conv2d_1"] == ["conv2d"]


def test_the_oldest_keras_lists_layers_in_place_of_settings():
    old = {"class_name": "Sequential", "config": [{"class_name": "Dense", "config": {"name": "a"}}]}
    assert [layer.name for layer in described_layers(old)] == ["a"]


JSON = st.recursive(
    st.none() | st.integers() | st.sampled_from(["", "a", "Dense"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["class_name", "config", "layers", "name"]), inner)
    ),
    max_leaves=30,
)


@given(JSON)
def test_anything_else_is_passed_over(config):
    for layer in described_layers(config):
        assert isinstance(layer.name, str)
    assert described_layers({"config": {"layers": [config, 5, None]}}) is not None


def test_models_in_models_have_an_end():
    config = {"class_name": "Dense", "config": {"name": "a"}}
    for _ in range(19):
        config = {"class_name": "A", "config": {"name": "a", "layers": [config]}}
    assert len(described_layers({"config": {"layers": [config]}})) == 20
    config = {"class_name": "A", "config": {"name": "a", "layers": [config]}}
    with pytest.raises(Damaged, match="models in models, more than 20"):
        described_layers({"config": {"layers": [config]}})
