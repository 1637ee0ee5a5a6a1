import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from striate.data.formats.segments import rle_counts, segment_fault


def coco_string(counts):
    """COCO's string of run lengths, bit by bit from its definition."""
    text = ""
    for place, count in enumerate(counts):
        value = count - counts[place - 2] if place > 2 else count
        while True:
            group, value = value & 31, value >> 5
            done = value == (-1 if group & 16 else 0)
            text += chr(48 + group + (0 if done else 32))
            if done:
                break
    return text


@given(counts=st.lists(st.integers(0, 100_000), max_size=12))
def test_strings_are_run_lengths(counts):
    assert rle_counts(coco_string(counts)) == counts


@given(st.integers(1, 9), st.integers(1, 9), st.data())
def test_masks_of_any_kind_can_be_drawn(height, width, data):
    bits = st.lists(st.booleans(), min_size=height * width, max_size=height * width)
    flat = np.array([False, *data.draw(bits)])
    ends = [*(np.flatnonzero(np.diff(flat)) + 0), height * width]
    counts = [int(n) for n in np.diff([0, *ends])]
    for written in (counts, coco_string(counts)):
        assert segment_fault({"size": [height, width], "counts": written}, (height, width)) == ""
        words = segment_fault({"size": [height, width + 1], "counts": written}, (height, width + 1))
        assert words == f"its run lengths make up {height * width} pixels of {height * (width + 1)}"


@pytest.mark.parametrize("good", [None, [], [[0, 0, 1, 0, 1, 1]], [[0.5] * 8, [-1, 2, 3, 4, 5, 6]]])
def test_segmentations_that_can_be_drawn(good):
    assert segment_fault(good, (4, 4)) == ""


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ([[0, 0, 1, 1]], "no 3 corners"),
        ([[0, 0, 1, 1, 2, 2, 3]], "no 3 corners"),
        ([[0, 0, 1, 0, 1, 1], [1]], "no 3 corners"),
        ([0, 0, 1, 1, 2, 2], "no 3 corners"),
        ([[0, 0, 1, 1, 2, "2"]], "a corner that is no number"),
        ([[0, 0, 1, 1, 2, float("nan")]], "a corner that is no number"),
        ("0", "neither polygons nor run lengths"),
        ({"counts": [16]}, "are of size None, the picture of"),
        ({"size": [5, 4], "counts": [20]}, r"are of size \[5, 4\], the picture of \[4, 4\]"),
        ({"size": [4, 4]}, "cannot be read"),
        ({"size": [4, 4], "counts": [20, -4]}, "cannot be read"),
        ({"size": [4, 4], "counts": [8.0, 8.0]}, "cannot be read"),
        ({"size": [4, 4], "counts": "o"}, "cannot be read"),
        ({"size": [4, 4], "counts": "\x7f"}, "cannot be read"),
        ({"size": [4, 4], "counts": " "}, "cannot be read"),
        ({"size": [4, 4], "counts": "o" * 99 + "0"}, "cannot be read"),
        ({"size": [4, 4], "counts": [15]}, "make up 15 pixels of 16"),
    ],
)
def test_segmentations_that_cannot_be_drawn(bad, words):
    assert re.search(words, segment_fault(bad, (4, 4)))
