"""Which files are meant: folders, patterns, bytes, in order; folders are never listed whole."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from striate.errors import DataError
from striate.tasks.pictures.picture_files import find_pictures

FILES = ("b.png", "a.JPG", "notes.txt", ".hidden.png", "sub/c.webp", "sub/deep/x.bmp", ".d/e.png")


@pytest.fixture
def folder(tmp_path):
    for name in (*FILES, "[1].png"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).touch()
    return tmp_path


def names(folder, *files):
    return [each.name.removeprefix(f"{folder}/") for each in find_pictures(files)]


def test_folders_and_patterns_are_searched(folder):
    found = ["[1].png", "a.JPG", "b.png", "sub/c.webp", "sub/deep/x.bmp"]
    assert names(folder, folder) == found
    assert names(folder, f"{folder}/*.png") == ["[1].png", "b.png"]
    assert names(folder, f"{folder}/**/*.webp") == ["sub/c.webp"]
    assert names(folder, folder / "[1].png") == ["[1].png"]
    assert names(folder, folder / "notes.txt", "nothing*") == ["notes.txt", "nothing*"]


def test_folders_come_by_name_after_the_files_beside_them(tmp_path):
    for name in ("b/2.png", "a/1.png", "a/z/0.png", "c.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).touch()
    assert names(tmp_path, tmp_path) == ["c.png", "a/1.png", "a/z/0.png", "b/2.png"]


@given(st.sets(st.text("aB.é-_ 1", min_size=1, max_size=6), max_size=12))
def test_a_folder_gives_what_pathlib_finds(tmp_path_factory, stems):
    root = tmp_path_factory.mktemp("many")
    for number, stem in enumerate(sorted(stems)):
        below = root / stem.strip(". ") if number % 3 == 0 and stem.strip(". ") else root
        below.mkdir(exist_ok=True)
        (below / f"{stem}.png").touch()
    wanted = {
        path
        for path in root.rglob("*.png")
        if not any(part.startswith(".") for part in path.relative_to(root).parts)
    }
    found = [each for each in find_pictures([root]) if not isinstance(each.source, DataError)]
    assert {Path(each.name) for each in found} == wanted
    assert len(found) == len(wanted)


def test_what_is_left_out_is_told(folder):
    said = []
    list(find_pictures([folder, folder / "b.png"], say=said.append))
    words = f'Left out of folder "{folder}", as they do not end like pictures: '
    assert said == [f'{words}"{folder}/notes.txt".']
    for number in range(5):
        (folder / f"{number}.doc").touch()
    said.clear()
    list(find_pictures([folder], say=said.append))
    assert said[0].endswith('/2.doc" and 3 more.')


def test_bytes_are_a_picture_and_a_folder_without_any_says_so(tmp_path):
    (tmp_path / "empty").mkdir()
    bytes_, empty, file = find_pictures([b"\x89PNG", tmp_path / "empty", "x.png"])
    assert (bytes_.name, bytes_.source) == ("-", b"\x89PNG")
    assert "must hold pictures. Got none. Pictures end with .bmp," in str(empty.source)
    assert file.source == "x.png"


def test_links_to_folders_are_passed_over_and_links_to_files_are_not(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "real.png").touch()
    (tmp_path / "in" / "link.png").symlink_to(tmp_path / "real.png")
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "broken.png").symlink_to(tmp_path / "gone.png")
    os.mkfifo(tmp_path / "in" / "pipe.png")
    assert names(tmp_path, tmp_path / "in") == ["in/link.png"]


def test_a_folder_that_cannot_be_read_does_not_stop_the_others(folder, monkeypatch):
    scandir = os.scandir

    def refusing(path):
        if str(path).endswith("sub"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    *others, last = find_pictures([folder])
    assert len(others) == 3
    assert last.name == f"{folder}/sub"
    assert 'sub": must be readable. Got Permission denied.' in str(last.source)


def test_names_are_asked_for_one_by_one():
    asked = []

    def source():
        for number in range(100):
            asked.append(number)
            yield f"{number}.png"

    found = find_pictures(source())
    assert next(found).name == "0.png"
    assert asked == [0]
