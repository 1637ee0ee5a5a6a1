"""A file appears whole or not at all, and nothing is lost."""

import contextlib
import os
import signal
import subprocess
import sys
import textwrap

import pytest

from striate.errors import WeightsError
from striate.io.new_file import new_file


def test_whole_file_in_new_folders(tmp_path):
    target = tmp_path / "a" / "b" / "w.bin"
    with new_file(target) as path:
        path.write_bytes(b"numbers")
        assert path.parent == target.parent
        assert not target.exists()
    assert target.read_bytes() == b"numbers"
    assert os.listdir(target.parent) == ["w.bin"]


def test_what_stands_is_kept_unless_it_may_be_replaced(tmp_path):
    target = tmp_path / "w.bin"
    target.write_bytes(b"old")
    with pytest.raises(WeightsError, match=r"must not stand yet.*allow it by overwrite=True"):
        with new_file(target):
            pass
    assert target.read_bytes() == b"old"
    with target.open("rb") as reader:
        with new_file(target, overwrite=True) as path:
            path.write_bytes(b"new")
        assert reader.read() == b"old"  # renamed, not written over
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_only_a_plain_file_is_replaced(tmp_path, kind):
    target, other = tmp_path / "w.bin", tmp_path / "other"
    other.write_bytes(b"other")
    if kind == "folder":
        target.mkdir()
    else:
        target.symlink_to(other)
    with pytest.raises(WeightsError, match=r"be a plain file to be replaced. Got a link or a fol"):
        with new_file(target, overwrite=True):
            pass
    assert other.read_bytes() == b"other"


def test_a_body_that_fails_changes_nothing(tmp_path):
    target = tmp_path / "w.bin"
    target.write_bytes(b"old")
    with contextlib.suppress(KeyError), new_file(target, overwrite=True) as path:
        path.write_bytes(b"half")
        raise KeyError("gone")
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["w.bin"]


def test_a_disk_that_refuses(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(WeightsError, match=r"must be writable. Got .*Free space or choose"):
        with new_file(tmp_path / "file" / "w.bin"):
            pass
    with pytest.raises(WeightsError, match=r"must be writable. Got No such file"):
        with new_file(tmp_path / "unwritten.bin"):
            pass


def test_a_kill_leaves_the_old_file_and_the_next_write_the_new_one(tmp_path):
    target = tmp_path / "w.bin"
    target.write_bytes(b"old")
    program = f"""
        import os, signal
        from striate.io.new_file import new_file
        with new_file({str(target)!r}, overwrite=True) as path:
            path.write_bytes(b"half")
            os.kill(os.getpid(), signal.SIGKILL)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert target.read_bytes() == b"old"
    with new_file(target, overwrite=True) as path:
        path.write_bytes(b"new")
    assert target.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["w.bin"]
