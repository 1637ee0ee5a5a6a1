from pathlib import Path

from striate.data.formats.places import below, best_folder, joined, shown


def test_the_folder_that_holds_the_most(tmp_path):
    for name in ("a/1", "a/2", "b/1", "b/2", "b/3", "c/1"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    places = [tmp_path / name for name in ("none", "a", "b", "c", "a")]
    assert best_folder(["1", "2", "3"], places).name == "b"
    assert best_folder(["1", "2"], places).name == "a"
    assert best_folder(["9"], places).name == "none"
    assert best_folder([], places).name == "none"
    many = [str(n) for n in range(1000)] + ["1"]
    assert best_folder(many, places).name in ("none", "a", "b", "c")


def test_ways():
    assert below(Path("a"), Path("a/b/c")) == "b/c/"
    assert below(Path("a/b"), Path("a")) == "../"
    assert below(Path("a"), Path("a")) == ""
    assert joined("b/", "c.png") == "b/c.png"
    assert joined("b/", "./c.png") == "b/c.png"
    assert joined("b/", "/c.png") == "/c.png"
    assert shown(Path("a"), Path("a")) == "its own folder"
    assert shown(Path("a"), Path("a/b")) == "b/"
