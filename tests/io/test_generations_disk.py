"""A disk that refuses: full, read only, without rights, or with flushes that fail."""

import errno
import os
import shutil
import subprocess
import tempfile
from collections import namedtuple
from pathlib import Path

import pytest
import torch

from striate.errors import WeightsError
from striate.io.generations import Generations
from tests.io.small_generations import contents, numbers, same, written


@pytest.fixture
def small_disk(tmp_path):
    """mount(options): a disk in memory; skips where this process may not mount one."""
    place = tmp_path / "disk"
    place.mkdir()

    def mount(options):
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"cannot mount a disk here: {done.stderr.strip()}")
        return place

    if shutil.which("mount") is None:
        pytest.skip("no mount here")
    yield mount
    subprocess.run(["umount", "-l", str(place)], capture_output=True, check=False)


def test_too_little_room_is_found_before_anything_is_written(small_disk):
    disk = small_disk("size=1m")
    run = written(disk / "run", 1, 2)
    before = shutil.disk_usage(disk).free
    big = {"w.safetensors": {"w": torch.zeros(1 << 18)}}
    rule = r'step-0000000003": must have 1,0\d\d,\d{3} bytes free on its disk\. Got [\d,]+ bytes'
    with pytest.raises(WeightsError, match=rule):
        run.write(3, big)
    assert shutil.disk_usage(disk).free == before
    assert numbers(disk / "run") == [1, 2]
    assert same(Generations(disk / "run").newest(), 2)
    run.write(3, contents(3))
    assert same(run.newest(), 3)


def test_a_disk_that_fills_up_meanwhile_keeps_the_last_one(small_disk, monkeypatch):
    """The room was there when it was asked for, and is gone when the bytes come."""
    disk = small_disk("size=1m")
    run = written(disk / "run", 1, 2)
    before = shutil.disk_usage(disk).free
    with monkeypatch.context() as patch:
        usage = namedtuple("usage", "total used free")
        patch.setattr(shutil, "disk_usage", lambda path: usage(1 << 40, 0, 1 << 40))
        with pytest.raises(WeightsError, match=r"Got No space left on device\. Free space or choo"):
            run.write(3, {"w.safetensors": {"w": torch.zeros(1 << 18)}})
    assert shutil.disk_usage(disk).free == before
    assert same(Generations(disk / "run").newest(), 2)


def test_no_more_names_on_the_disk(small_disk):
    """Every place where the last file that still fits may be, LATEST's too."""
    disk = small_disk("size=4m,nr_inodes=40")
    run = written(disk / "run", 1, 2)
    fillers, failed = [], 0
    while os.statvfs(disk).f_ffree:
        fillers.append(disk / f"filler-{len(fillers)}")
        fillers[-1].touch()
    while True:
        try:
            run.write(3, contents(3))
        except WeightsError as error:
            failure = str(error)
        else:
            break
        failed += 1
        assert "Got No space left on device" in failure
        assert same(Generations(disk / "run").newest(), 2)
        assert numbers(disk / "run") == [1, 2]
        fillers.pop().unlink()
    assert failed == 6  # of a folder, four files and LATEST
    assert same(Generations(disk / "run").newest(), 3)


def test_read_only_disk(small_disk):
    disk = small_disk("size=1m")
    run = written(disk / "run", 1, 2)
    (disk / "run" / ".step-0000000003.new").mkdir()
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    with pytest.raises(
        WeightsError, match=r"must be readable and writable\. Got Read-only file sy"
    ):
        run.write(3, contents(3))
    with pytest.raises(WeightsError, match=r"must be writable and have room .* Got Read-only file"):
        Generations(disk / "new").write(3, contents(3))
    assert same(Generations(disk / "run").newest(), 2)


@pytest.fixture
def a_user():
    """From here on this process has the rights of a user who owns nothing."""
    if os.name == "nt":
        pytest.skip("rights are others there")
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)  # another than root, who may do everything
    yield
    os.seteuid(was)


@pytest.fixture
def open_place():
    """A folder that every user may enter; pytest's own is closed to others."""
    place = Path(tempfile.mkdtemp())
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


def test_no_right_to_write(open_place, request):
    written(open_place / "run", 1, 2)
    (open_place / "run").chmod(0o555)
    request.getfixturevalue("a_user")
    run = Generations(open_place / "run")
    assert same(run.newest(), 2)
    with pytest.raises(WeightsError, match="Got Permission denied"):
        run.write(3, contents(3))
    assert numbers(open_place / "run") == [1, 2]


def test_no_right_to_read(open_place, request):
    written(open_place / "run", 1, 2)
    (open_place / "run").chmod(0)
    request.getfixturevalue("a_user")
    with pytest.raises(WeightsError, match=r"must be readable and writable\. Got Permission den"):
        Generations(open_place / "run").newest()


@pytest.mark.parametrize("number", range(1, 9))
def test_a_flush_that_fails_keeps_the_last_one(tmp_path, monkeypatch, number):
    """EIO at each flush in turn: files, folder, parent, LATEST, its folder."""
    run = written(tmp_path, 1, 2)
    real, count = os.fsync, [0]

    def fsync(handle):
        count[0] += 1
        if count[0] == number:
            raise OSError(errno.EIO, "Input/output error")
        real(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        with pytest.raises(WeightsError, match="Got Input/output error"):
            run.write(3, contents(3))
    found = Generations(tmp_path).newest()
    assert same(found, 2) or (number == 8 and same(found, 3))  # LATEST was renamed already
    run.newest()
    run.write(3, contents(3))
    assert same(Generations(tmp_path).newest(), 3)
    assert numbers(tmp_path) == [2, 3]
