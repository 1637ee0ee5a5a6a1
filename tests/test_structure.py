import pytest
from hypothesis import given
from hypothesis import strategies as st

from striate import structure

NESTED = st.recursive(
    st.integers(),
    lambda part: st.one_of(
        st.lists(part, max_size=3),
        st.lists(part, max_size=3).map(tuple),
        st.dictionaries(st.sampled_from("abcd"), part, max_size=3),
    ),
    max_leaves=8,
)


@given(NESTED)
def test_pack_gives_back_what_leaves_took(nested):
    assert structure.pack_like(nested, iter(structure.leaves(nested))) == nested


@given(NESTED)
def test_map_keeps_the_form(nested):
    doubled = structure.map_leaves(lambda leaf: 2 * leaf, nested)
    assert structure.leaves(doubled) == [2 * leaf for leaf in structure.leaves(nested)]
    assert structure.map_leaves(lambda leaf: 0, nested) == structure.map_leaves(
        lambda leaf: 0, doubled
    )


@given(NESTED)
def test_there_is_one_name_a_leaf(nested):
    assert len(structure.names(nested)) == len(structure.leaves(nested))


@pytest.mark.parametrize(
    ("nested", "names"),
    [
        (0, ["output"]),
        ((0, 0), ["output_1", "output_2"]),
        ({"boxes": 0, "labels": 0}, ["boxes", "labels"]),
        ({"aux": (0, 0), "main": 0}, ["aux_1", "aux_2", "main"]),
        ([(0, 0), 0], ["output_1_1", "output_1_2", "output_2"]),
    ],
)
def test_names(nested, names):
    assert structure.names(nested) == names


def test_a_dict_keeps_its_own_order():
    assert structure.leaves({"b": 1, "a": 2}) == [1, 2]
    assert list(structure.map_leaves(str, {"b": 1, "a": 2})) == ["b", "a"]


def test_tuples_and_lists_stay_what_they_are():
    assert structure.map_leaves(str, ([1], (2,))) == (["1"], ("2",))


def test_leaves_of_a_dict_are_found_by_name():
    assert structure.leaves_by_name({"b": 2, "a": 1}, ["a", "b"]) == [1, 2]
    assert structure.leaves_by_name({"b": (2, 3), "a": 1}, ["a", "b_1", "b_2"]) == [1, 2, 3]
    assert structure.leaves_by_name([3, 4], ["a", "b"]) == [3, 4]
    assert structure.leaves_by_name({"a": 1}, ["a", "b"]) is None
