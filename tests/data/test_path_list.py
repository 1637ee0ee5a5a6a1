import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from striate.data.path_list import PathList

NAMES = st.lists(st.binary(max_size=12).map(os.fsdecode), max_size=12)


@given(names=NAMES, cut=st.slices(12))
def test_it_holds_what_a_list_holds(names, cut):
    paths = PathList(names)
    assert len(paths) == len(names)
    assert list(paths) == names
    assert paths[cut] == names[cut]
    assert [paths[-i - 1] for i in range(len(names))] == names[::-1]


def test_path_objects_and_generators_are_taken():
    paths = PathList(Path("a") / f"{i}.png" for i in range(3))
    assert list(paths) == ["a/0.png", "a/1.png", "a/2.png"]
    assert "a/1.png" in paths
    assert paths.index("a/2.png") == 2


def test_there_is_nothing_behind_its_end():
    for number in (1, -2):
        with pytest.raises(IndexError):
            PathList(["a"])[number]
