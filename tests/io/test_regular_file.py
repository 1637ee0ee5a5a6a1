import os
import tracemalloc

import pytest

from striate.errors import DataError
from striate.io.decode import decode
from striate.io.regular_file import open_regular, read_at_most


def test_a_file_is_opened_to_be_read(tmp_path):
    (tmp_path / "a").write_bytes(b"content")
    with open_regular("File", str(tmp_path / "a")) as file:
        assert file.read() == b"content"
    os.symlink(tmp_path / "a", tmp_path / "link")
    with open_regular("File", str(tmp_path / "link")) as file:
        assert file.read() == b"content"


def test_folders_and_pipes_are_refused_at_once(tmp_path):
    with pytest.raises(DataError, match=r"must be a regular file\. Got a folder, pipe or device"):
        decode(tmp_path)
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(DataError, match="must be a regular file"):
        decode(tmp_path / "pipe.png")
    with pytest.raises(DataError, match="must be a regular file"):
        decode("/dev/zero")


def test_nothing_stays_open(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    before = os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else []
    for _ in range(3):
        for name in (tmp_path / "pipe", tmp_path, tmp_path / "missing"):
            with pytest.raises(DataError, match=r"^File: must be a "):
                open_regular("File", str(name))
    assert before == (os.listdir("/proc/self/fd") if before else [])


def test_a_limit_costs_no_memory_and_holds(tmp_path):
    (tmp_path / "a").write_bytes(bytes(5000))
    tracemalloc.start()
    try:
        with open(tmp_path / "a", "rb") as file:
            assert read_at_most(file, 2**33) == bytes(5000)
        assert tracemalloc.get_traced_memory()[1] < 200_000
    finally:
        tracemalloc.stop()
    with open(tmp_path / "a", "rb") as file:
        assert read_at_most(file, 4999) == bytes(4999)
