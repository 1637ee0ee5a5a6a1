"""What lies at a path."""

from striate.io.foreign.array_tree import Folder, StoredArray

ARRAY = StoredArray("uint8", (2,), lambda: b"ab")


def none(name):
    return None


INNER = Folder({}, {"w": ARRAY}, none)
ROOT = Folder({"a": Folder({"b": INNER}, {}, none)}, {"v": ARRAY}, none)


def test_folders_and_arrays_by_path():
    assert ROOT.folder("a/b") is INNER
    assert ROOT.array("a/b/w") is ARRAY
    assert ROOT.array("v") is ARRAY


def test_a_path_is_names_and_no_way_up():
    for path in ("", "b", "a/c", "a/b/w", "a/../a", "./a", "/a", "a//b"):
        assert ROOT.folder(path) is None
    for path in ("", "a", "a/b", "a/b/v", "../v", "./v", "c/w", "/v"):
        assert ROOT.array(path) is None
