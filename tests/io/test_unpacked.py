"""Unpacked archives in the cache: listed, removed, and fewer where there is no room."""

import os
import time
import zipfile

import pytest

from striate.io.archive import extract
from striate.io.unpacked import archives_folder, make_room, remove_archives, unpacked_archives


@pytest.fixture
def three(tmp_path, monkeypatch):
    """Three archives of 1,000 bytes each, used three, two and no hours ago."""
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path / "cache"))
    found = []
    for number in range(3):
        with zipfile.ZipFile(tmp_path / f"{number}.zip", "w") as file:
            file.writestr("a/1.txt", bytes([65 + number]) * 600)
            file.writestr("a/2.txt", bytes([65 + number]) * 400)
        found.append(extract(tmp_path / f"{number}.zip").folder.parent)
    for hours, place in zip((3, 2, 0), found, strict=True):
        os.utime(place, (time.time() - hours * 3600 - 60,) * 2)
    return found


def names():
    return [each.name for each in unpacked_archives()]


def test_they_are_listed_the_last_used_first(three):
    assert names() == [place.name for place in reversed(three)]
    assert [(each.files, each.size_bytes) for each in unpacked_archives()] == [(2, 1000)] * 3


def test_those_named_or_all_are_removed(three):
    assert remove_archives([three[1].name, "other"]) == 1000
    assert names() == [three[2].name, three[0].name]
    assert remove_archives() == 2000
    assert list(archives_folder().iterdir()) == []


def test_the_oldest_make_room_and_those_in_use_stay(three):
    make_room(2500)
    assert names() == [three[2].name, three[1].name]
    make_room(0)
    assert names() == [three[2].name]


def test_unpacking_keeps_the_limit_and_counts_as_use(three, tmp_path, monkeypatch):
    extract(tmp_path / "0.zip")
    assert names()[0] == three[0].name
    monkeypatch.setenv("STRIATE_CACHE_GIB", "0")
    extract(tmp_path / "2.zip")
    assert set(names()) == {three[0].name, three[2].name}
