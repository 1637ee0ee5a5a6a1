import hashlib
import os

import numpy as np
import pytest

from striate.io.durable import replace_bytes, sync_folder, write_bytes, write_pieces


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


def test_pieces_become_one_file_with_its_hash(tmp_path):
    big = np.arange(1_500_000, dtype=np.int64)  # more than two chunks
    pieces = [b"head", big.view(np.uint8).data, b"", b"tail"]
    whole = b"head" + big.tobytes() + b"tail"
    assert write_pieces(tmp_path / "a", pieces) == hashlib.sha256(whole).hexdigest()
    assert (tmp_path / "a").read_bytes() == whole


def test_a_file_is_replaced_at_once(tmp_path, monkeypatch):
    replace_bytes(tmp_path / "a", b"one")
    (tmp_path / ".a.new").write_bytes(b"left by a crash")
    replace_bytes(tmp_path / "a", b"two")
    assert (tmp_path / "a").read_bytes() == b"two"

    def refuse(*_):
        raise OSError(28, "No space left on device")

    for name in ("fsync", "replace"):
        with monkeypatch.context() as patch:
            patch.setattr(os, name, refuse)
            with pytest.raises(OSError, match="No space left"):
                replace_bytes(tmp_path / "a", b"three")
        assert [path.name for path in tmp_path.iterdir()] == ["a"]
        assert (tmp_path / "a").read_bytes() == b"two"
