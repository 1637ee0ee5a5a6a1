import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from striate.data.paths import PathList

# Names as they can stand on a disk: any text without a zero byte, stray bytes included.
NAMES = st.lists(
    st.text(
        st.one_of(
            st.characters(exclude_characters="\0", exclude_categories=["Cs"]),
            st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF),
        ),
        min_size=1,
        max_size=12,
    ),
    max_size=30,
)


@given(names=NAMES)
def test_it_is_the_list_of_its_paths(names):
    paths = PathList("root", iter(names))
    twin = [Path("root") / name for name in names]
    assert list(paths) == twin
    assert [paths.name(i) for i in range(len(paths))] == names
    assert list(paths[1:-1]) == twin[1:-1]
    assert list(paths[::-2]) == twin[::-2]
    assert paths == PathList("root", names)
    assert hash(paths) == hash(PathList("root", names))


@given(names=st.lists(st.sampled_from("abcdef"), max_size=12))
def test_repeated_names_are_found(names):
    slow = [
        (names.index(name), later) for later, name in enumerate(names) if names.index(name) < later
    ]
    assert PathList(".", names).repeated() == slow


def test_order_and_edges():
    paths = PathList("r", ["a", "/abs/b", "../c"])
    assert [path.as_posix() for path in paths.take([2, 0])] == ["r/../c", "r/a"]
    assert paths[1] == Path("/abs/b")
    assert paths[-1] == Path("r/../c")
    assert paths.name(-3) == "a"
    assert Path("r/a") in paths
    with pytest.raises(IndexError):
        paths[3]
    with pytest.raises(IndexError):
        paths.name(-4)
    assert len(PathList("r")) == 0
    assert PathList("r", ["a"]) != PathList("s", ["a"])
    assert PathList("r", ["ab", "c"]) != PathList("r", ["a", "bc"])
    assert PathList("r", ["a"]) != [Path("r/a")]
    assert repr(paths) == 'PathList("r", 3 names)'


def test_a_name_takes_its_own_length_and_eight_bytes():
    tracemalloc.start()
    try:
        paths = PathList("r", (f"class_{i % 10:02}/picture_{i:06}.jpg" for i in range(100_000)))
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(paths) == 100_000
    assert held / len(paths) < 27 + 8 + 2
