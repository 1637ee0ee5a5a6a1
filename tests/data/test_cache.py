import os
import shutil
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from striate.data import cache as cache_module
from striate.data.cache import PictureCache, cached_pictures, remove_cached
from striate.data.row_store import row_files
from striate.errors import ArgumentError, DataError

ROW = 1000


@pytest.fixture
def files(tmp_path):
    """Paths of ten files of ROW bytes each."""
    (tmp_path / "files").mkdir()
    for number in range(10):
        (tmp_path / "files" / str(number)).write_bytes(bytes([number]) * ROW)
    return [str(tmp_path / "files" / str(number)) for number in range(10)]


def opened(tmp_path, recipe=None, limit=2**30):
    return PictureCache(recipe or {"a": 1}, ROW, limit_bytes=limit, folder=tmp_path / "cache")


def load(cache, path, made=None):
    """The picture of a file: its bytes, inverted; `made` collects what was made anew."""

    def make(source):
        if made is not None:
            made.append(path)
        if isinstance(source, str):
            source = Path(source).read_bytes()
        return ~np.frombuffer(source, np.uint8)[:ROW]

    out = np.empty(ROW, np.uint8)
    at = cache.load(path, make, out, place="File")
    assert (out == 255 - int(os.path.basename(path))).all()
    return at


def age(tmp_path, recipe, hours):
    """Sets the rows of a recipe back in time."""
    for each in cached_pictures(tmp_path / "cache"):
        if each.recipe["name"] == recipe:
            for rows in row_files(tmp_path / "cache" / each.name):
                os.utime(rows, (time.time() - 3600 * hours,) * 2)


def names(tmp_path):
    """The recipes that have pictures."""
    return {each.recipe["name"] for each in cached_pictures(tmp_path / "cache") if each.count}


def test_a_picture_is_made_once_for_all_runs(tmp_path, files):
    made = []
    places = [load(opened(tmp_path), path, made) for path in files * 2]
    assert min(places) >= 0
    assert made == files
    assert opened(tmp_path).notes == ()


def test_what_counts_is_the_content(tmp_path, files):
    made = []
    load(opened(tmp_path), files[3], made)
    os.makedirs(tmp_path / "other")
    shutil.copy(files[3], tmp_path / "other" / "3")
    load(opened(tmp_path), str(tmp_path / "other" / "3"), made)
    assert len(made) == 1
    (tmp_path / "files" / "3").write_bytes(bytes(ROW))
    shutil.copy(files[5], files[3])
    out = np.empty(ROW, np.uint8)
    opened(tmp_path).load(files[3], lambda data: np.frombuffer(data, np.uint8), out, place="File")
    assert (out == 5).all()


def test_each_recipe_has_its_own_pictures(tmp_path, files):
    made = []
    for recipe in ({"a": 1}, {"a": 2}, {"a": 1, "b": None}):
        load(opened(tmp_path, recipe), files[0], made)
    assert len(made) == 3
    found = cached_pictures(tmp_path / "cache")
    assert [each.recipe["a"] for each in sorted(found, key=lambda each: str(each.recipe))]
    assert [(each.count, each.size_bytes) for each in found] == [(1, ROW)] * 3


@pytest.mark.parametrize("damage", ["row", "cut", "gone", "index", "recipe"])
def test_what_is_damaged_is_made_anew_and_said(tmp_path, files, damage):
    made = []
    load(opened(tmp_path), files[1], made)
    (folder,) = (path for path in (tmp_path / "cache").iterdir() if path.is_dir())
    (rows,) = row_files(folder)
    if damage == "row":
        rows.write_bytes(bytes(ROW))
    elif damage == "cut":
        os.truncate(rows, ROW // 2)
    elif damage == "gone":
        rows.unlink()
    else:
        name = {"index": "index", "recipe": "recipe.json"}[damage]
        (folder / name).write_bytes(b"\xff" * 60)
    again = opened(tmp_path)
    assert load(again, files[1], made) >= 0
    assert len(made) == (1 if damage == "recipe" else 2)
    said = f'Cache of pictures "{folder}": 1 was damaged and was decoded anew.'
    assert again.notes == ((said,) if damage == "row" else ())
    load(opened(tmp_path), files[1], made)
    assert len(made) == (1 if damage == "recipe" else 2)
    assert cached_pictures(tmp_path / "cache")[0].recipe["a"] == 1


def test_what_was_not_used_for_longest_makes_room(tmp_path, files, monkeypatch):
    monkeypatch.setattr(cache_module, "_ROOM_BYTES", ROW)
    for name in ("a", "b", "c"):
        load(opened(tmp_path, {"name": name}), files[0])
        age(tmp_path, name, {"a": 4, "b": 3, "c": 2}[name])
    load(opened(tmp_path, {"name": "a"}), files[0])  # a use
    load(opened(tmp_path, {"name": "d"}, limit=3 * ROW), files[0])
    assert names(tmp_path) == {"a", "c", "d"}
    load(opened(tmp_path, {"name": "e"}, limit=ROW), files[0])
    assert names(tmp_path) == {"a", "d"}  # used within the hour, so there is no room
    assert len(list((tmp_path / "cache").glob("*/recipe.json"))) == 3


def test_what_was_used_in_the_last_hour_stays_and_the_rest_is_said(tmp_path, files):
    cache = opened(tmp_path, limit=4 * ROW)
    places = [load(cache, path) for path in files]
    assert [at >= 0 for at in places] == [True] * 4 + [False] * 6
    (note,) = cache.notes
    assert note.startswith(f'Cache of pictures "{tmp_path / "cache"}": 6 were not kept and are dec')
    assert note.endswith("(STRIATE_CACHE_GIB), and the disk keeps 1 GiB free.")
    later = opened(tmp_path, limit=4 * ROW)
    made = []
    assert [load(later, path, made) >= 0 for path in files] == [True] * 4 + [False] * 6
    assert made == files[4:]


def test_a_nearly_full_disk_is_left_alone(tmp_path, files, monkeypatch):
    usage = SimpleNamespace(free=2**30 + ROW)
    monkeypatch.setattr(cache_module.shutil, "disk_usage", lambda path: usage)
    cache = opened(tmp_path)
    assert [load(cache, path) >= 0 for path in files[:3]] == [True, False, False]
    assert "the disk keeps 1 GiB free" in cache.notes[0]


def test_a_folder_that_is_taken_away_stops_nothing(tmp_path, files):
    cache = opened(tmp_path)
    shutil.rmtree(tmp_path / "cache")
    assert load(cache, files[0]) == -1
    assert load(cache, files[1]) == -1
    (note,) = cache.notes
    assert "2 were not kept and are decoded each time: No such file or directory." in note


def test_large_files_are_not_kept(tmp_path, files, monkeypatch):
    monkeypatch.setattr(cache_module, "_FILE_CAP_BYTES", ROW - 1)
    cache = opened(tmp_path)
    assert load(cache, files[2]) == -1
    assert cached_pictures(tmp_path / "cache")[0].size_bytes == 0


def test_errors_come_as_they_are_and_leave_nothing(tmp_path, files):
    cache = opened(tmp_path)
    out = np.empty(ROW, np.uint8)

    def refuse(source):
        raise DataError("no picture")

    with pytest.raises(DataError, match=r"^no picture$"):
        cache.load(files[0], refuse, out, place="File")
    with pytest.raises(DataError, match=r"^File: must be a file that can be read"):
        cache.load(files[0] + "x", refuse, out, place="File")
    assert load(opened(tmp_path), files[0]) >= 0


def test_a_folder_that_cannot_be_made_is_an_oserror(tmp_path):
    (tmp_path / "cache").write_bytes(b"")
    with pytest.raises(OSError, match="exists"):
        opened(tmp_path)


def test_removing(tmp_path, files):
    root = tmp_path / "cache"
    for number in range(3):
        load(opened(tmp_path, {"a": number}), files[0])
    first, *_ = found = cached_pictures(root)
    assert len(found) == 3
    with pytest.raises(ArgumentError, match=r"`name` must be one that .* Got name=.x.\. Near"):
        remove_cached([first.name, "x"], folder=root)
    assert len(cached_pictures(root)) == 3
    assert remove_cached([first.name], folder=root) == ROW
    assert first not in cached_pictures(root)
    assert remove_cached(folder=root) == 2 * ROW
    assert list(root.iterdir()) == []
