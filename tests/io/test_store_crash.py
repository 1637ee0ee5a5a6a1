"""A crash while a folder is written or replaced: the old one or the new one is read, whole."""

import random
import sys

import pytest
import torch

from striate.errors import WeightsError
from striate.io.store import read_folder, write_folder
from tests.io.crash_disk import Recorder, memory, replay

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc/self/fd")


def contents(number):
    return {"a.json": b"%d" % number * 50, "w.safetensors": {"w": torch.full((9,), number)}}


def number_of(root):
    """Which one is read, after it was compared; None where nothing stands."""
    try:
        found = read_folder(root / "deep" / "net")
    except WeightsError as error:
        if "No such file" in str(error):
            return None
        raise
    number = int(found["w.safetensors"]["w"][0])
    assert found["a.json"] == contents(number)["a.json"]
    assert found["w.safetensors"]["w"].equal(contents(number)["w.safetensors"]["w"])
    return number


@pytest.fixture
def place(monkeypatch):
    with memory(monkeypatch) as folder:
        yield folder


def recorded(place, monkeypatch, deaf_to=None):
    (place / "run").mkdir()
    with Recorder(place / "run", monkeypatch, deaf_to) as recorder:
        for number in (1, 2, 3):
            write_folder(place / "run" / "deep" / "net", contents(number), replace=True)
            recorder.mark(number)
    return recorder


def test_the_old_one_or_the_new_one_is_whole(place, monkeypatch):
    def act(root, safe):
        found = number_of(root)
        assert found in (safe, (safe or 0) + 1)
        write_folder(root / "deep" / "net", contents(7), replace=True)
        assert number_of(root) == 7
        assert [path.name for path in (root / "deep").iterdir()] == ["net"]

    assert replay(recorded(place, monkeypatch), place, random.Random(1), act) >= 250


@pytest.mark.parametrize("deaf_to", ["files", "folders"])
def test_the_disk_is_strict(place, monkeypatch, deaf_to):
    losses = []

    def act(root, safe):
        try:
            assert number_of(root) in (safe, (safe or 0) + 1)
        except (AssertionError, WeightsError) as error:
            losses.append(error)

    replay(recorded(place, monkeypatch, deaf_to), place, random.Random(2), act)
    assert len(losses) > 10
