"""Calls are counted before they are made."""

import json

import pytest

import striate
from striate import layers
from striate.errors import WeightsError
from striate.models.effort import MOST_CALLS, check_effort, count_calls
from tests.models.hostile_descriptions import doubling
from tests.models.nets import small, twins


def described(model):
    return json.loads(model.to_json())["model"]


def nested():
    inner = striate.Sequential([layers.ReLU(input_shape=(4,)), layers.Dense(4)])
    x = striate.Input((4,))
    return striate.Model(x, layers.Add()([inner(x), inner(inner(x))]))


@pytest.mark.parametrize(
    ("make", "calls"),
    [
        (small, 5),  # each layer once
        (twins, 6),  # two layers twice
        (nested, 3 * 2 + 1 + 2),  # the inner one's calls, thrice, and once as it is joined
    ],
)
def test_the_calls_of_a_net(make, calls):
    assert count_calls(described(make())) == calls


@pytest.mark.parametrize("levels", [1, 2, 5])
def test_models_that_double(levels):
    part = doubling(levels)({})["model"]
    assert count_calls(part) == 2 ** (levels + 1) - 1


def test_a_layer_that_is_named_again_counts_as_itself():
    inner = striate.Sequential([layers.ReLU(input_shape=(4,)), layers.Dense(4)], name="inner")
    x = striate.Input((4,))
    outer = striate.Model(x, layers.Add()([inner(x), striate.Sequential([x, inner])(x)]))
    assert "Same" in outer.to_json()
    assert count_calls(described(outer)) == (2 + 2 + 1) + 2 + 2


def test_more_than_any_net_has():
    check_effort("here", described(nested()))
    for levels, got in ((14, "32,767"), (100, "many more")):
        with pytest.raises(WeightsError, match=f"at most {MOST_CALLS:,} layer calls. Got {got}"):
            check_effort("here", doubling(levels)({})["model"])
