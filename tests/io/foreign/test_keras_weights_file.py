"""Whose variables the folders of a Keras 3 file are; Keras' own files are in test_take_keras."""

import pytest

from striate.io.damage import Damaged
from striate.io.foreign.keras_config import DescribedLayer
from striate.io.foreign.keras_weights_file import variables_of_layers
from tests.io.foreign.keras_trees import read, tree


def found(parts, texts=None, described=()):
    return read(variables_of_layers(tree(parts, texts), described))


def named(**names):
    """Folders with the names of their layers; __ is /."""
    return {f"{path.replace('__', '/')}/vars": {"name": (name,)} for path, name in names.items()}


def test_without_names_it_is_the_counter_of_the_class_in_its_order():
    parts = {f"layers/conv2d{n}/vars/0": f"c{n}" for n in ("", "_1", "_2", "_10")}
    parts |= {"layers/dense/vars/1": "b", "layers/dense/vars/0": "k"}
    assert found(parts) == (
        [
            ("conv2d", "conv2d", ["c"]),
            ("conv2d_1", "conv2d", ["c_1"]),
            ("conv2d_2", "conv2d", ["c_2"]),
            ("conv2d_10", "conv2d", ["c_10"]),
            ("dense", "dense", ["k", "b"]),
        ],
        (),
    )


def test_variables_are_in_the_order_of_their_numbers():
    parts = {f"layers/dense/vars/{number}": f"w{number}" for number in range(12)}
    assert found(parts)[0] == [("dense", "dense", [f"w{number}" for number in range(12)])]


def test_names_of_the_file():
    texts = named(layers__conv2d="stem", layers__functional="base")
    texts |= named(layers__functional__layers__dense="head") | {"vars": {"name": ("model",)}}
    parts = {"layers/conv2d/vars/0": "c", "layers/functional/layers/dense/vars/0": "d"}
    assert found(parts, texts)[0] == [
        ("stem", "conv2d", ["c"]),
        ("base/head", "dense", ["d"]),
    ]


def test_a_class_is_known_in_a_list_and_not_under_an_attribute():
    texts = named(block="b", block__convs__conv2d="x", block__head="y", layers__dense="z")
    parts = {
        "block/convs/conv2d/vars/0": "x",
        "block/head/vars/0": "y",
        "layers/dense/vars/0": "z",
    }
    assert found(parts, texts)[0] == [
        ("b/x", "conv2d", ["x"]),
        ("b/y", "", ["y"]),
        ("z", "dense", ["z"]),
    ]
    assert found(parts)[0] == [
        ("block/convs/conv2d", "", ["x"]),
        ("block/head", "", ["y"]),
        ("dense", "dense", ["z"]),
    ]


def test_the_description_gives_names_and_order():
    parts = {f"layers/{name}/vars/0": name for name in ("conv2d", "conv2d_1", "dense", "lstm/cell")}
    described = [
        DescribedLayer("head", ("layers", "dense"), "dense", False),
        DescribedLayer("rnn", ("layers", "lstm"), "lstm", False),
        DescribedLayer("b", ("layers", "conv2d_1"), "conv2d", False),
    ]
    parts |= {"layers/lstm/vars/0": "l"}
    assert found(parts, described=described)[0] == [
        ("head", "dense", ["dense"]),
        ("rnn", "lstm", ["l"]),
        ("rnn/cell", "", ["lstm/cell"]),
        ("b", "conv2d", ["conv2d_1"]),
        ("conv2d", "conv2d", ["conv2d"]),
    ]


def test_the_list_of_older_files():
    parts = {"_layer_checkpoint_dependencies/conv2d_1/vars/0": "c"}
    assert found(parts)[0] == [("conv2d_1", "conv2d", ["c"])]


def test_layers_of_one_name_get_their_paths():
    texts = named(a="same", b="same", c="other")
    parts = {f"{name}/vars/0": name for name in "abc"}
    assert found(parts, texts)[0] == [("a", "", ["a"]), ("b", "", ["b"]), ("other", "", ["c"])]


def test_variables_of_the_model_itself():
    assert found({"vars/0": "v"}, {"vars": {"name": ("model",)}})[0] == [
        ("top_level_model_weights", "", ["v"])
    ]


def test_what_belongs_to_training_and_chance_is_left_out():
    parts = {
        "layers/dense/vars/0": "d",
        "layers/dense/vars/kernel": "k",
        "layers/dropout/seed_generator/vars/0": "s",
        "layers/random_flip/generator/vars/0": "g",
        "optimizer/vars/0": "o",
        "optimizer/inner/vars/0": "i",
        "metrics/mean/vars/0": "m",
        "notes/x": "x",
        "layers/dense/vars/deeper/y": "y",
    }
    texts = named(layers__random_flip__generator="seed_generator_4")
    layers, left_out = found(parts, texts)
    assert layers == [("dense", "dense", ["d"])]
    assert sorted(left_out) == [
        "layers/dense/vars/deeper/y",
        "layers/dense/vars/kernel",
        "layers/dropout/seed_generator",
        "layers/random_flip/generator",
        "metrics/mean",
        "notes/x",
        "optimizer",
        "optimizer/inner",
    ]


@pytest.mark.parametrize("names", [("1",), ("0", "2"), ("0", "00"), ("0", "١")])
def test_numbers_are_counted_from_0(names):
    with pytest.raises(Damaged, match="not numbered from 0, at 'layers/dense'"):
        found({f"layers/dense/vars/{name}": "w" for name in names})


@pytest.mark.parametrize("names", [("a", "b"), ("x" * 301,), ("a\nb",)])
def test_a_name_is_a_word(names):
    with pytest.raises(Damaged, match="a layer whose name is no word"):
        found({"layers/dense/vars/0": "w"}, {"layers/dense/vars": {"name": names}})
