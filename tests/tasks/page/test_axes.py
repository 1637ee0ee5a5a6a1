"""A chart's frame: round ticks within the ends, points where their numbers are."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from striate.tasks.page.axes import Axes, ticks


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.booleans())
def test_ticks_are_few_even_and_within(low, span, whole):
    high = low + span
    found = ticks(low, high, whole=whole)
    assert len(found) <= 8
    room = 1e-6 * max(abs(low), abs(high), span)
    assert all(low - room <= tick <= high + room for tick in found)
    gaps = [b - a for a, b in itertools.pairwise(found)]
    assert all(gap == pytest.approx(gaps[0], rel=1e-3, abs=1e-9) for gap in gaps)
    if whole:
        assert all(gap >= 0.999 for gap in gaps)
    elif span > 1e-4 * abs(low):
        assert len(found) >= 2


def test_nothing_between_the_ends_is_one_tick():
    assert ticks(3.0, 3.0) == [3.0]
    assert ticks(0.0, float("inf")) == [0.0]


def test_points_are_where_their_numbers_are():
    axes = Axes(200, 100, (1, 3), (0.0, 1.0), "x", "y")
    left, bottom = axes.at(1, 0)
    right, top = axes.at(3, 1)
    assert axes.at(2, 0.5) == ((left + right) / 2, (top + bottom) / 2)
    assert 0 < left < right < 200
    assert 0 < top < bottom < 100  # upward on the sheet is downward in numbers
    assert axes.path([(1, 0), (3, 1)]) == f"{left:g},{bottom:g} {right:g},{top:g}"


def test_the_frame_names_what_is_drawn():
    axes = Axes(200, 100, (1, 3), (0.0, 1.0), "epoch", "a < b")
    text = axes.chart("title", axes.frame(whole=True, text="{:.1f}".format))
    for words in (">epoch<", ">a &lt; b<", ">0.2<", ">2<", "<title>title</title>"):
        assert words in text
    assert ">1.5<" not in text
