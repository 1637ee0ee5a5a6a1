import os

import pytest

from striate.io.durable import sync_folder, write_bytes


def test_bytes_are_synced_before_the_call_returns(tmp_path, monkeypatch):
    real, synced = os.fsync, []

    def fsync(handle):
        synced.append(os.fstat(handle).st_ino)
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    write_bytes(tmp_path / "a", b"abc")
    sync_folder(tmp_path)
    assert (tmp_path / "a").read_bytes() == b"abc"
    assert synced == [(tmp_path / "a").stat().st_ino, tmp_path.stat().st_ino]


def test_nothing_is_overwritten_or_followed(tmp_path):
    (tmp_path / "a").symlink_to(tmp_path / "b")
    with pytest.raises(FileExistsError):
        write_bytes(tmp_path / "a", b"abc")
    assert not (tmp_path / "b").exists()
