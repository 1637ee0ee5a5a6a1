"""Disks that are full, read only or gone: the exit code says whose fault it is."""

import pytest

from tests.e2e.faults import faults
from tests.e2e.faults.commands import QUICK, digest, ends, needs_linux

pytestmark = needs_linux


needs_disks = pytest.mark.skipif(not faults.can_mount(), reason="may not mount disks")


def test_runs_that_are_a_file(striate, pets, place):
    (place / "file").write_text("mine")
    done = striate("train", pets, *QUICK, "--runs", "file")
    ends(done, 3, "must take a new run folder", "Name another folder for the runs.")
    assert (place / "file").read_text() == "mine"


def test_runs_that_may_not_be_written(striate, pets, place):
    (place / "locked").mkdir(mode=0o555)
    done = striate("train", pets, *QUICK, "--runs", "locked", fault=("powerless",))
    ends(done, 3, "must take a new run folder. Got Permission denied")


@needs_disks
def test_runs_on_a_disk_that_is_read_only(striate, pets, place):
    done = striate("train", pets, *QUICK, "--runs", "ro", fault=("read_only", place / "ro"))
    ends(done, 3, "must take a new run folder. Got Read-only file system")


@needs_disks
@pytest.mark.parametrize(
    ("kib", "code", "words"),
    [
        (8, 3, "No space left on device"),
        (300, 4, "bytes free on its disk. Got"),
        (4000, 4, "bytes free on its disk. Got"),
    ],
)
def test_a_disk_that_is_full(striate, pets, place, kib, code, words):
    """At the first file of the run, at its first checkpoint, at a later one."""
    before = digest(pets)
    done = striate("train", pets, *QUICK, "--runs", "d", fault=("full_disk", place / "d", kib))
    ends(done, code, words, "Free")
    assert digest(pets) == before


def test_files_that_may_not_grow(striate, pets):
    done = striate("train", pets, *QUICK, "--runs", "short", fault=("short_files", 100_000))
    ends(done, 4, "must be writable and have room for", "File too large")


def test_too_many_open_files(striate, pets):
    done = striate("train", pets, *QUICK, fault=("few_files", 9))
    assert done.code in (1, 3), done.err  # of the data, or of what a library opens
    ends(done, done.code, "Too many open files")


@needs_disks
@pytest.mark.parametrize(
    ("fault", "note"),
    [
        (("read_only",), "none is used, as its folder fails: Read-only file system"),
        (("full_disk", 4), "were not kept and are decoded each time: No space left"),
    ],
)
def test_a_cache_that_cannot_be_written_costs_time_only(striate, pets, place, fault, note):
    folder = place / f"cache {fault[0]}"
    fault = (fault[0], folder, *fault[1:])
    done = striate("train", pets, *QUICK, fault=fault, STRIATE_CACHE=str(folder))
    assert done.code == 0, done.err
    assert note in done.err


def test_the_folder_of_the_run_is_gone(striate, pets, place):
    folder = place / "runs" / "classify" / "lost-1"
    done = striate("train", pets, *QUICK, "--name", "lost", fault=("at", 1, "delete", folder))
    assert done.code in (3, 4), done.err  # the log or the checkpoint misses it first
    ends(done, done.code, "lost-1", "must", "No such file or directory")


def test_standard_output_on_a_full_disk(striate, model, pets):
    done = striate("predict", model, pets / "red" / "1.png", fault=("full_output",))
    ends(done, 3, "The system refuses: No space left on device.")
    done = striate("books", "ls", fault=("full_output",))  # written at its end
    ends(done, 3, "The system refuses: No space left on device.")
