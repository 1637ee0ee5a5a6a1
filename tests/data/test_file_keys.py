import hashlib
import os
import shutil

import pytest

from striate.data import file_keys
from striate.data.file_keys import FileKeys, identity
from striate.errors import DataError


@pytest.fixture
def settled(monkeypatch):
    """Files count as settled at once, and not two seconds after their last change."""
    monkeypatch.setattr(file_keys, "_SETTLED_NS", -1)


def sha(data):
    return hashlib.sha256(data).digest()


def test_a_file_that_did_not_change_is_known(tmp_path, settled):
    path, table = tmp_path / "a", tmp_path / "table"
    path.write_bytes(b"one")
    assert FileKeys(table).known(str(path)) is None
    assert FileKeys(table).read(str(path), "File") == (b"one", sha(b"one"))
    assert FileKeys(table).known(str(path)) == sha(b"one")


def test_a_file_that_changed_is_not_known(tmp_path, settled):
    path, table = tmp_path / "a", tmp_path / "table"
    path.write_bytes(b"one")
    FileKeys(table).read(str(path), "File")
    before = path.stat()
    path.write_bytes(b"two")  # of the same size, and its time is put back
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert FileKeys(table).known(str(path)) is None
    assert FileKeys(table).read(str(path), "File")[1] == sha(b"two")
    shutil.copy2(path, tmp_path / "copy")
    assert FileKeys(table).known(str(tmp_path / "copy")) is None
    os.replace(tmp_path / "copy", path)
    assert FileKeys(table).known(str(path)) is None


def test_a_file_that_changed_just_now_is_not_remembered(tmp_path):
    path, table = tmp_path / "a", tmp_path / "table"
    path.write_bytes(b"one")
    assert FileKeys(table).read(str(path), "File")[1] == sha(b"one")
    assert FileKeys(table).known(str(path)) is None


def test_an_older_file_is_remembered(shared_data, tmp_path):
    path = str(shared_data / "darknet-photos" / "dog.jpg")
    data, key = FileKeys(tmp_path / "table").read(path, "File")
    assert key == sha(data)
    assert FileKeys(tmp_path / "table").known(path) == key


def test_each_part_of_the_identity_counts(tmp_path):
    (tmp_path / "a").write_bytes(b"1")
    found = os.stat(tmp_path / "a")
    names = ("st_dev", "st_ino", "st_size", "st_mtime_ns", "st_ctime_ns")

    class Changed:
        def __init__(self, changed):
            for name in names:
                setattr(self, name, getattr(found, name) + (name == changed))

    assert len({identity(Changed(name)) for name in (None, *names)}) == 6
    assert identity(Changed(None)) == identity(found)


def test_a_table_that_cannot_be_written_costs_time_only(tmp_path, settled):
    (tmp_path / "a").write_bytes(b"one")
    keys = FileKeys(tmp_path / "no" / "folder" / "table")
    assert keys.read(str(tmp_path / "a"), "File") == (b"one", sha(b"one"))


def test_a_table_that_grew_too_large_is_begun_anew(tmp_path, settled, monkeypatch):
    path, table = tmp_path / "a", tmp_path / "table"
    path.write_bytes(b"one")
    FileKeys(table).read(str(path), "File")
    monkeypatch.setattr(file_keys, "_TABLE_CAP_BYTES", 20)
    assert FileKeys(table).known(str(path)) is None
    assert not table.exists()


def test_no_file_is_a_dataerror(tmp_path):
    keys = FileKeys(tmp_path / "table")
    os.mkfifo(tmp_path / "pipe")
    for name in ("missing", "pipe", "a\0b"):
        assert keys.known(str(tmp_path / name)) is None
        with pytest.raises(DataError, match=r'^Picture "x": must be a '):
            keys.read(str(tmp_path / name), 'Picture "x"')
