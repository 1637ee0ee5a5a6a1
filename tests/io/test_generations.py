import errno
import json
import os
import shutil
import subprocess
import tempfile
from collections import namedtuple
from pathlib import Path

import pytest
import torch

from striate.errors import ArgumentError, WeightsError
from striate.io.generations import Generations
from striate.io.manifest import MANIFEST, manifest_text
from striate.io.store import read_folder, write_folder


def contents(number):
    return {"run.json": b"run %d" % number, "w.safetensors": {"w": torch.full((7,), number)}}


def same(generation, number):
    found = generation.files
    return (
        generation.number == number
        and set(found) == {"run.json", "w.safetensors"}
        and found["run.json"] == b"run %d" % number
        and found["w.safetensors"]["w"].equal(torch.full((7,), number))
    )


def written(folder, *numbers, keep=2, best=()):
    run = Generations(folder, keep=keep)
    for number in numbers:
        run.write(number, contents(number), best=number in best)
    return run


def numbers(folder):
    names = sorted(path.name for path in folder.iterdir() if path.name != "LATEST")
    assert all(name.startswith("step-") for name in names), names
    return [int(name[5:]) for name in names]


def damage(folder, name="run.json"):
    file = folder / name
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)


def test_the_newest_comes_back_as_it_was_written(tmp_path):
    run = Generations(tmp_path / "a" / "checkpoints")
    assert run.newest() is None
    assert run.best() is None
    path = run.write(12, contents(12))
    assert path == tmp_path / "a" / "checkpoints" / "step-0000000012"
    run.write(13, contents(13))
    for reader in (run, Generations(run.folder)):
        found = reader.newest()
        assert same(found, 13)
        assert found.folder == run.folder / "step-0000000013"
        assert found.notes == ()
    assert "generation.json" in read_folder(path)


@pytest.mark.parametrize(
    ("keep", "best", "left"),
    [
        (2, (), [4, 5]),
        (1, (), [5]),
        (9, (), [0, 1, 2, 3, 4, 5]),
        (2, (1,), [1, 4, 5]),
        (2, (1, 3), [3, 4, 5]),
        (2, (1, 5), [1, 4, 5]),  # should 5 be damaged, 4 has its best one still
        (1, (1, 5), [5]),
        (2, (5,), [4, 5]),
    ],
)
def test_the_last_and_the_best_are_kept(tmp_path, keep, best, left):
    run = written(tmp_path, *range(6), keep=keep, best=best)
    assert numbers(tmp_path) == left
    for reader in (run, Generations(tmp_path)):
        found = reader.best()
        assert same(found, best[-1]) if best else found is None


def test_the_best_is_known_to_a_later_process(tmp_path):
    written(tmp_path, 1, 2, best=(1,))
    run = Generations(tmp_path)
    run.newest()
    for number in (3, 4, 5):
        run.write(number, contents(number))
    assert numbers(tmp_path) == [1, 4, 5]
    assert same(Generations(tmp_path).best(), 1)
    damage(tmp_path / "step-0000000001")
    with pytest.raises(WeightsError, match=r"step-0000000001.*must hold run\.json as its manif"):
        Generations(tmp_path).best()


# --- damage ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["run.json", "w.safetensors", "generation.json", MANIFEST])
def test_a_damaged_newest_falls_back_and_says_so(tmp_path, name):
    written(tmp_path, 1, 2)
    damage(tmp_path / "step-0000000002", name)
    run = Generations(tmp_path)
    found = run.newest()
    assert same(found, 1)
    note = f"{MANIFEST} is another now" if name == MANIFEST else "was passed over. Folder"
    assert [note in each and "step-0000000002" in each for each in found.notes] == [True]
    run.write(2, contents(2))
    assert same(Generations(tmp_path).newest(), 2)
    assert Generations(tmp_path).newest().notes == ()
    assert numbers(tmp_path) == [1, 2]


def test_without_its_manifest_it_is_replaced_all_the_same(tmp_path):
    written(tmp_path, 1, 2)
    (tmp_path / "step-0000000002" / MANIFEST).unlink()
    run = Generations(tmp_path)
    assert same(run.newest(), 1)
    run.write(2, contents(2))
    assert same(Generations(tmp_path).newest(), 2)


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (lambda file: file.unlink(), "Got no such file"),
        (lambda file: file.write_bytes(b""), "Got other bytes than were written"),
        (lambda file: damage(file.parent, "LATEST"), "Got other bytes than were written"),
        (lambda file: file.write_bytes(file.read_bytes() + b"\n"), "Got other bytes than were"),
        (lambda file: (file.unlink(), file.mkdir()), "Got a link or a folder"),
        (lambda file: (file.unlink(), file.symlink_to("x")), "Got no such file"),
    ],
)
def test_without_latest_the_newest_whole_one_counts(tmp_path, change, note):
    written(tmp_path, 1, 2)
    change(tmp_path / "LATEST")
    found = Generations(tmp_path).newest()
    assert same(found, 2)
    assert len(found.notes) == 1
    assert found.notes[0].startswith(f'File "{tmp_path / "LATEST"}": must name what stands. ')
    assert note in found.notes[0]


def test_latest_may_name_what_is_gone(tmp_path):
    written(tmp_path, 1, 2)
    shutil.rmtree(tmp_path / "step-0000000002")
    found = Generations(tmp_path).newest()
    assert same(found, 1)
    assert "Got step-0000000002, which does not stand." in found.notes[0]


def test_latest_comes_before_a_higher_number(tmp_path):
    """A crash after a folder and before LATEST, or a run that went back."""
    written(tmp_path, 1, 2, keep=3)
    latest = (tmp_path / "LATEST").read_bytes()
    Generations(tmp_path, keep=3).newest()
    run = Generations(tmp_path, keep=3)
    run.newest()
    run.write(7, contents(7))
    (tmp_path / "LATEST").write_bytes(latest)
    run = Generations(tmp_path, keep=3)
    assert same(run.newest(), 2)
    run.write(3, contents(3))
    assert numbers(tmp_path) == [1, 2, 3]


def test_a_folder_that_was_exchanged_is_the_last_choice(tmp_path):
    """Whole by its own manifest, but not the one that LATEST was written for."""
    written(tmp_path / "other", 1, 2)
    written(tmp_path / "run", 1, 2)
    newest = tmp_path / "run" / "step-0000000002"
    body = json.loads((newest / MANIFEST).read_bytes())["files"]
    del body["run.json"]
    (newest / MANIFEST).write_bytes(manifest_text(body))
    found = Generations(tmp_path / "run").newest()
    assert same(found, 1)
    assert f"step-0000000002, whose {MANIFEST} is another now" in found.notes[0]
    shutil.rmtree(tmp_path / "run" / "step-0000000001")
    assert Generations(tmp_path / "run").newest().number == 2
    older = tmp_path / "other" / "step-0000000001"
    shutil.rmtree(newest)
    shutil.copytree(older, newest)
    with pytest.raises(WeightsError, match=r"hold a generation\.json of its own number\. Got numb"):
        Generations(tmp_path / "run").newest()


def test_all_damaged_is_an_error_and_no_silent_start(tmp_path):
    written(tmp_path, 1, 2)
    for number in (1, 2):
        damage(tmp_path / f"step-000000000{number}")
    run = Generations(tmp_path)
    with pytest.raises(WeightsError) as failure:
        run.newest()
    text = str(failure.value)
    assert text.startswith(f'Folder "{tmp_path}": must hold a whole generation. Got ')
    assert text.index("step-0000000002 was passed") < text.index("step-0000000001 was passed")
    assert text.endswith("Restore one from a copy, or remove them to begin anew.")
    with pytest.raises(WeightsError, match="must be empty, or be read before it is written"):
        run.write(3, contents(3))


def test_a_damaged_one_before_does_not_count_among_those_kept(tmp_path):
    written(tmp_path, 1, 2, 3, keep=3)
    run = Generations(tmp_path)
    run.newest()
    damage(tmp_path / "step-0000000002")
    run.write(4, contents(4))
    assert numbers(tmp_path) == [3, 4]
    damage(tmp_path / "step-0000000004")
    run = Generations(tmp_path)
    assert same(run.newest(), 3)
    damage(tmp_path / "step-0000000003")
    run.write(4, contents(4))
    assert same(Generations(tmp_path).newest(), 4)


# --- rules ----------------------------------------------------------------------------------


def test_what_stands_is_read_first(tmp_path):
    """A new run does not write among the generations of an old one, and so never removes them."""
    written(tmp_path, 5)
    with pytest.raises(WeightsError, match=r"Got step-0000000005, which may be of another run\."):
        Generations(tmp_path).write(1, contents(1))
    assert same(Generations(tmp_path).newest(), 5)


def test_arguments(tmp_path):
    with pytest.raises(ArgumentError, match="`keep` must be a whole number of at least 1"):
        Generations(tmp_path, keep=0)
    run = written(tmp_path, 5)
    with pytest.raises(ArgumentError, match="`number` must be a whole number of at least 5"):
        run.write(4, contents(4))
    with pytest.raises(ArgumentError, match=r"`number` must be at most 999,999,999,999,999\. Got"):
        run.write(10**15, contents(4))
    with pytest.raises(ArgumentError, match=r"`files` must not hold generation\.json, which is"):
        run.write(6, {"generation.json": b""})
    with pytest.raises(ArgumentError, match="`files` must have plain names"):
        run.write(6, {"../x": b""})
    run.write(5, {"again": b"yes"})
    assert run.newest().files == {"again": b"yes"}
    run.write(10**15 - 1, contents(4))
    assert Generations(tmp_path).newest().number == 10**15 - 1


def test_strangers_in_the_folder_are_left_alone(tmp_path):
    strange = ("step-1", "step-00000000012", "note.txt", ".step-0000000001.txt", "step-0000000001")
    for name in strange:
        (tmp_path / name).write_bytes(b"mine")
    run = written(tmp_path, 2, 3, 4, 5)
    assert same(run.newest(), 5)
    assert {name: (tmp_path / name).read_bytes() for name in strange} == dict.fromkeys(
        strange, b"mine"
    )


@pytest.mark.parametrize("best", ["1", 3, -1, 10**400, [], 0.5])
def test_a_best_one_that_cannot_be_is_damage(tmp_path, best):
    run = written(tmp_path, 1)
    forged = json.dumps({"number": 2, "best": best}).encode()
    write_folder(run.folder / "step-0000000002", {**contents(2), "generation.json": forged})
    (tmp_path / "LATEST").unlink()
    found = Generations(tmp_path).newest()
    assert same(found, 1)
    assert "must hold a generation.json of its own number" in found.notes[1]


def test_what_stands_in_the_way_is_named(tmp_path):
    run = written(tmp_path, 1)
    (tmp_path / "LATEST").unlink()
    (tmp_path / "LATEST").mkdir()
    with pytest.raises(WeightsError, match=r"writable\. Got Is a directory at .*LATEST\. Check"):
        run.write(2, contents(2))
    assert same(Generations(tmp_path).newest(), 1)
    assert numbers(tmp_path) == [1]


def test_leftovers_are_cleaned_by_the_next_write(tmp_path):
    written(tmp_path, 1, 2)
    for name in (".step-0000000003.new", ".step-0000000001.old", ".step-0000000000.gone"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "part").write_bytes(bytes(1000))
    (tmp_path / ".LATEST.new").write_bytes(b"half")
    os.rename(tmp_path / "step-0000000002", tmp_path / ".step-0000000002.old")
    run = Generations(tmp_path)
    assert same(run.newest(), 2)
    run.write(3, contents(3))
    assert numbers(tmp_path) == [2, 3]


# --- a disk that refuses --------------------------------------------------------------------


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
