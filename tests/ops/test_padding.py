import pytest
from hypothesis import given
from hypothesis import strategies as st

from striate.errors import ArgumentError
from striate.ops.padding import padding_px, parse_padding
from tests.oracle.padding import pixels


@pytest.mark.parametrize(
    ("padding", "parsed"),
    [
        ("valid", ("valid", "valid")),
        ("same", ("same", "same")),
        (3, ((3, 3), (3, 3))),
        ((1, 2), ((1, 1), (2, 2))),
        (((0, 1), (2, 3)), ((0, 1), (2, 3))),
        ([[0, 1], [2, 3]], ((0, 1), (2, 3))),
        ((1, (2, 3)), ((1, 1), (2, 3))),
    ],
)
def test_five_ways_to_write_a_padding(padding, parsed):
    assert parse_padding("Conv2D", padding) == parsed


@pytest.mark.parametrize(
    "padding", [-1, 1.5, True, None, (1, 2, 3), ((1, 2, 3), 0), (1, -1), (), object()]
)
def test_other_things_are_refused(padding):
    words = r'Conv2D: `padding` must be "valid", "same", a number of pixels, \(h, w\), or'
    with pytest.raises(ArgumentError, match=words):
        parse_padding("Conv2D", padding)


@pytest.mark.parametrize(("word", "near"), [("Same", "same"), ("vaild", "valid")])
def test_a_misspelt_word_is_recognised(word, near):
    with pytest.raises(ArgumentError, match=f'Did you mean "{near}"'):
        parse_padding("Conv2D", word)


PAIR = st.tuples(st.integers(1, 6), st.integers(1, 6))


@given(PAIR, PAIR, PAIR, PAIR, st.sampled_from(["same", "valid", 1, (2, 0), ((0, 1), (2, 3))]))
def test_pixels_are_the_oracles(sizes, kernel, strides, dilation, padding):
    got = padding_px(
        sizes, parse_padding("", padding), kernel=kernel, strides=strides, dilation=dilation
    )
    assert got == pixels(padding, sizes, kernel, strides, dilation)
