import pytest
from hypothesis import given
from hypothesis import strategies as st

from striate.errors import ArgumentError, ShapeError
from striate.ops.axes import parse_axes, resolve_axes


@given(st.integers(2, 6), st.data())
def test_negative_axes_count_from_the_end(rank, data):
    shape = (2,) * rank
    axes = data.draw(st.lists(st.integers(1, rank - 1), min_size=1, unique=True))
    signed = [axis - rank * data.draw(st.booleans()) for axis in axes]
    assert resolve_axes("it", parse_axes("it", signed), shape) == tuple(sorted(axes))


def test_one_axis_or_several():
    assert parse_axes("it", 2) == (2,)
    assert parse_axes("it", [2, -1]) == parse_axes("it", (2, -1)) == (2, -1)
    assert resolve_axes("it", (), (2, 3)) == ()


@pytest.mark.parametrize(
    ("axis", "words"),
    [
        (0, r"be an axis of the sample, 1, 2, … or -1, -2, …\. Got axis=0\. Axis 0 is the batch's"),
        ((1, 0), "be an axis of the sample"),
        ((1, 1), r"name each axis once\. Got axis=\(1, 1\)"),
        ((), "name one axis or more"),
        (0.5, "be a whole number"),
        (True, "be a whole number"),
        ("last", "be a whole number"),
        (None, "be a whole number"),
    ],
)
def test_error_words_of_arguments(axis, words):
    with pytest.raises(ArgumentError, match=f"^it: `axis` must {words}"):
        parse_axes("it", axis)


@pytest.mark.parametrize(
    ("axes", "shape", "words"),
    [
        ((3,), (2, 4), r"have 4 dimensions or more for axis=\(3,\)\. Got input \(2, 4\)"),
        ((-2,), (None, 4), r"have 3 dimensions or more for axis=\(-2,\)\. Got input \(n, 4\)"),
        ((1, -1), (2, 4), r"have so many dimensions that axis=\(1, -1\) names each once"),
    ],
)
def test_error_words_of_inputs(axes, shape, words):
    with pytest.raises(ShapeError, match=f"^it: input must {words}"):
        resolve_axes("it", axes, shape)
