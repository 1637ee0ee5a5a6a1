"""A nested state becomes JSON and tensors and comes back the same; nothing else passes."""

import json
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from striate.errors import ArgumentError
from striate.train.as_written import NotAsWritten
from striate.train.state_tree import put_together, take_apart

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats()
    | st.text()
    | st.builds(torch.tensor, st.lists(st.floats(width=32), max_size=3))
)
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
        | st.dictionaries(st.integers(), inner, max_size=3)
    ),
    max_leaves=12,
)


def same(a, b):
    """Equal in value and in kind, NaN too."""
    if isinstance(a, torch.Tensor):
        return isinstance(b, torch.Tensor) and torch.equal(a.nan_to_num(7), b.nan_to_num(7))
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return a == b or (math.isnan(a) and math.isnan(b))
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return a == b


@given(TREES)
def test_every_state_comes_back_through_json(tree):
    form, tensors = take_apart("fit", tree)
    text = json.dumps(form, allow_nan=False)
    assert same(put_together(json.loads(text), tensors), tree)


def test_no_tensor_is_copied_and_each_has_a_name_of_its_own():
    a, b, c = torch.zeros(1), torch.ones(1), torch.ones(2)
    _, tensors = take_apart("fit", {"x/y": a, "x": {"y": b}, "l": [c]})
    assert sorted(tensors) == ["l/0", "x/y", "x/y'"]
    assert tensors["x/y"] is not None
    assert tensors["x/y"].data_ptr() == a.data_ptr()


def test_numbers_of_numpy_are_numbers():
    form, _ = take_apart("fit", [np.float32(0.5), np.int64(3), np.bool_(True)])
    assert form == [0.5, 3, True]


@pytest.mark.parametrize("odd", [object(), {1, 2}, b"bytes", np.zeros(2), {(1, 2): 0}])
def test_what_is_no_data_is_refused_with_its_place(odd):
    with pytest.raises(ArgumentError, match=r"fit: `state` must be made of numbers.*inner/1: "):
        take_apart("fit", {"inner": [0, odd]})


@pytest.mark.parametrize(
    "form",
    [
        {"tensor": "gone"},
        {"tensor": 3},
        {"float": "1e400"},
        {"record": [1]},
        {"tuple": {}},
        {"pairs": [[1]]},
        {"pairs": [["a", 1]]},
        {"pairs": 3},
        {"unknown": 1},
        {},
        {"record": {}, "tuple": []},
    ],
)
def test_another_form_is_damage(form):
    with pytest.raises(NotAsWritten, match="of an unknown form"):
        put_together([form], {})
