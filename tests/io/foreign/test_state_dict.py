"""Where the state dict is looked for: at the top, else under three names, in their order."""

import pytest

from striate.io.damage import Damaged
from striate.io.foreign.state_dict import NESTS, find_state


def is_tensor(value):
    return isinstance(value, float)


@pytest.mark.parametrize(
    ("content", "state", "left_out"),
    [
        ({"a": 1.0}, {"a": 1.0}, ()),
        ({"a": 1.0, "b": "x", 7: None}, {"a": 1.0}, ("b", "7")),
        ({"a": 1.0, "state_dict": {"b": 2.0}}, {"a": 1.0}, ("state_dict",)),
        ({"epoch": 1, "model": {"a": 1.0}}, {"a": 1.0}, ("epoch",)),
        ({"model": {"a": 1.0}, "state_dict": {"b": 2.0}}, {"b": 2.0}, ("model",)),
        ({"state_dict": {}, "model": {"a": 1.0}}, {"a": 1.0}, ("state_dict",)),
        ({"optimizer": {"x": 1.0}, "model_state_dict": {"a": 1.0}}, {"a": 1.0}, ("optimizer",)),
    ],
)
def test_where_it_is(content, state, left_out):
    assert find_state(content, is_tensor) == (state, left_out)


@pytest.mark.parametrize(
    "content", [{}, {"a": 1}, {"net": {"a": 1.0}}, {"model": {"b": {"a": 1.0}}}]
)
def test_elsewhere_it_is_not_looked_for(content):
    with pytest.raises(Damaged, match=f"no tensor, neither at the top nor under {NESTS[0]} or "):
        find_state(content, is_tensor)


@pytest.mark.parametrize("content", [1.0, [1.0], None, "x"])
def test_a_file_of_something_else(content):
    with pytest.raises(Damaged, match=f"one {type(content).__name__} instead of names and tens"):
        find_state(content, is_tensor)


@pytest.mark.parametrize("name", ["", 3, ("a",), "x" * 301, "__metadata__"])
def test_names_are_words(name):
    with pytest.raises(Damaged, match="a tensor whose name is no word"):
        find_state({"a": 1.0, name: 2.0}, is_tensor)


def test_attributes_of_a_dict_do_not_stand_for_its_entries():
    class Odd(dict):
        def items(self):
            raise AssertionError

    assert find_state(Odd(a=1.0), is_tensor)[0] == {"a": 1.0}
