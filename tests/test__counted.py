"""Numbers of things in words."""

import numpy as np

from striate._counted import counted


def test_one_and_several():
    assert [counted(n, "step") for n in (0, 1, 2, 1200)] == [
        "0 steps",
        "1 step",
        "2 steps",
        "1,200 steps",
    ]


def test_words_of_their_own():
    assert counted(1, "picture is", "pictures are") == "1 picture is"
    assert counted(np.int64(0), "picture is", "pictures are") == "0 pictures are"
