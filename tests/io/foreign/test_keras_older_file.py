"""Whose variables the lists of an `.h5` file name; Keras' own files are in test_take_keras."""

import pytest

from striate.io.damage import Damaged
from striate.io.foreign.keras_config import DescribedLayer
from striate.io.foreign.keras_older_file import is_older, listed_variables
from tests.io.foreign.keras_trees import read, tree


def older(rows, *, above="", more=None):
    """A file of layers: name -> the names of its variables."""
    parts = {f"{above}{layer}/{row}": row for layer, listed in rows.items() for row in listed}
    texts = {f"{above}{layer}": {"weight_names": tuple(listed)} for layer, listed in rows.items()}
    texts[above.rstrip("/")] = {"layer_names": tuple(rows)}
    return tree(parts, texts | (more or {}))


def found(root, described=()):
    return read(listed_variables(root, described))


def model(name, kind="functional"):
    return DescribedLayer(name, (), kind, kind == "functional")


ROWS = {"conv": ["conv/kernel:0", "conv/bias:0"], "act": [], "bn": ["bn/gamma:0"]}
EXPECTED = [("conv", "", ["conv/kernel:0", "conv/bias:0"]), ("bn", "", ["bn/gamma:0"])]


@pytest.mark.parametrize("above", ["", "model_weights/"])
def test_layers_are_in_the_order_of_the_list(above):
    root = older(ROWS, above=above)
    assert is_older(root)
    assert found(root) == (EXPECTED, ())


def test_a_list_may_be_in_parts():
    parts = {"": {"layer_names0": ("conv", "act"), "layer_names1": ("bn",)}}
    root = older(ROWS, more=parts)
    assert is_older(root)
    assert found(root)[0] == EXPECTED


def test_the_description_gives_the_classes():
    layers, _ = found(older(ROWS), [model("bn", "batch_normalization")])
    assert [kind for _, kind, _ in layers] == ["", "batch_normalization"]


@pytest.mark.parametrize("front", ["", "base/", "model/base/"])
def test_a_nested_models_row_is_parted_by_its_names(front):
    rows = [f"{front}{name}:0" for name in ("conv/kernel", "bn/gamma", "conv/bias", "bn/mean")]
    layers, _ = found(older({"base": rows}), [model("base"), model("base/bn", "b_n")])
    assert layers == [
        ("base/conv", "", [rows[0], rows[2]]),
        ("base/bn", "b_n", [rows[1], rows[3]]),
    ]


def test_without_a_description_several_names_part_a_row():
    layers, _ = found(older({"base": ["conv/kernel:0", "bn/gamma:0", "scale:0"]}))
    assert [name for name, _, _ in layers] == ["base/conv", "base/bn", "base"]


def test_names_from_before_a_model_was_named_are_told_by_their_last_word():
    """Keras keeps the names that variables had when they were made."""
    described = [model("base"), model("base/deep"), model("base/deep/bn", "b_n")]
    described += [model("base/conv", "c"), model("base/deep/conv", "c")]
    rows = ["model_3/bn/gamma", "model_3/deep/conv/kernel"]
    assert [name for name, _, _ in found(older({"base": rows}), described)[0]] == [
        "base/deep/bn",
        "base/model_3/deep/conv",
    ]


def test_a_row_of_one_name_is_the_layers_own_unless_it_is_a_model():
    root = older({"renamed": ["conv2d/kernel:0", "conv2d/bias:0"]})
    assert [name for name, _, _ in found(root)[0]] == ["renamed"]
    assert [name for name, _, _ in found(root, [model("renamed")])[0]] == ["renamed/conv2d"]


def test_a_name_with_strokes_is_a_path():
    assert found(older({"a/b": ["a/b/kernel:0"]}))[0] == [("a/b", "", ["a/b/kernel:0"])]


def test_variables_of_the_model_itself_come_last():
    more = {
        "": {"layer_names": ("conv",)},
        "top_level_model_weights": {"weight_names": ("scale:0",)},
    }
    rows = {"top_level_model_weights": ["scale:0"], "conv": ["conv/kernel:0"]}
    assert [name for name, _, _ in found(older(rows, more=more))[0]] == [
        "conv",
        "top_level_model_weights",
    ]


def test_what_is_left_out():
    root = older(
        ROWS,
        above="model_weights/",
        more={"": {"training_config": ("{}",)}, "optimizer_weights": {"weight_names": ()}},
    )
    assert found(root)[1] == ("optimizer_weights", "training_config")


def test_other_files_are_not_older():
    assert not is_older(tree({"layers/dense/vars/0": "w"}))


@pytest.mark.parametrize(
    ("root", "words"),
    [
        (tree({"model_weights/a/b": "w"}), "without the list of its layers"),
        (older(ROWS, more={"": {"layer_names": ("bn", "bn")}}), "lists a layer twice"),
        (older(ROWS, more={"": {"layer_names": ("x",)}}), "listed and not there: 'x'"),
        (older(ROWS, more={"conv": {}}), "a layer that is listed and not there: 'conv'"),
        (older(ROWS, more={"conv": {"weight_names": ("x",)}}), "variable that is listed and not"),
        (older(ROWS, more={"conv": {"weight_names": ("../bn/bn/gamma:0",)}}), "listed and not"),
        (older({"a": ["k", "k"]}), "a layer that lists a variable twice: 'a'"),
        (
            older(ROWS, more={"": {f"layer_names{number}": ("x",) for number in range(1001)}}),
            "an attribute layer_names in more than 1,000 parts",
        ),
    ],
)
def test_what_does_not_agree_is_refused(root, words):
    with pytest.raises(Damaged, match=words):
        found(root)
