"""Names that Keras gives by itself: their order counts, not their numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from striate.weights.keras_naming import (
    base,
    counted,
    is_counted,
    is_kind,
    layers_of,
    ranked,
    unchanged,
)

KINDS = st.sampled_from(["conv2d", "conv2d_transpose", "dense", "batch_normalization"])


def automatic(kind, number):
    """As Keras names the layers that a program makes."""
    return f"{kind}_{number}" if number else kind


@given(st.lists(KINDS, min_size=1), st.integers(0, 300), st.randoms())
def test_the_rank_is_the_turn_in_which_a_layer_was_made(kinds, start, random):
    made = [(kind, kinds[:turn].count(kind)) for turn, kind in enumerate(kinds)]
    random.shuffle(made)
    names = [automatic(kind, start + turn) for kind, turn in made]
    assert ranked(names) == [f"{kind}#{turn}" for kind, turn in made]


@given(st.lists(KINDS, min_size=1))
def test_counters_are_told_from_names(kinds):
    names = counted([f"layer{turn}" for turn in range(len(kinds))], [[kind] for kind in kinds])
    assert len(set(names)) == len(names)
    assert [base(name) for name in names] == kinds
    assert is_counted(names)
    assert not is_counted([*names, "stem"])
    assert not is_counted([*names, "dense_99"])


def test_ranks_are_of_one_model():
    assert ranked(["a/dense_4", "dense_9", "b/dense_2", "a/dense_3", "model_7/conv2d_1"]) == [
        "a/dense#1",
        "dense#0",
        "b/dense#0",
        "a/dense#0",
        "functional#0/conv2d#0",
    ]
    assert ranked(["my_conv2d_3", "conv2dx", "Conv2D_1"]) == ["my_conv2d_3", "conv2dx", "Conv2D_1"]


def test_counters_in_nested_models():
    names = ["head", "net/stem", "net/end", "other/stem", "net2/net/x"]
    kinds = [
        ["dense"],
        ["sequential", "conv2d"],
        ["sequential", "conv2d"],
        ["sequential", "conv2d"],
        ["functional", "sequential", "dense"],
    ]
    assert counted(names, kinds) == [
        "dense",
        "sequential/conv2d",
        "sequential/conv2d_1",
        "sequential_1/conv2d",
        "functional/sequential/dense",
    ]


@pytest.mark.parametrize(
    ("names", "layers"),
    [
        (["stem/0", "stem/1", "end/0"], ["stem", "end"]),
        (["conv2d_7/0", "net/dense_3/0", "fc/0"], ["conv2d#", "net/dense#", "fc"]),
        (["conv2d/0", "conv2d/1", "conv2d_1/0"], []),
        (["conv.weight", "stem/0"], None),
        (["stem/weight"], None),
        ([], None),
    ],
)
def test_the_layers_of_a_files_arrays(names, layers):
    assert layers_of(names) == layers


def test_small_words():
    assert is_kind("depthwise_conv2d")
    assert not is_kind("dropout")
    assert unchanged("a{n}") == (("a{n}", "a{n}"),)
