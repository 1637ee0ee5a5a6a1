import gzip
import struct

import numpy as np
import pytest

from striate.datasets.idx import read_idx
from striate.errors import DataError


def idx(array):
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


@pytest.mark.parametrize("shape", [(5, 3, 2), (7,)])
def test_plain_and_packed(tmp_path, rng, shape):
    array = rng.integers(0, 256, shape, dtype=np.uint8)
    (tmp_path / "a").write_bytes(idx(array))
    (tmp_path / "b").write_bytes(gzip.compress(idx(array)))
    for name in ("a", "b"):
        out = read_idx(tmp_path / name, shape)
        np.testing.assert_array_equal(out, array)
        assert out.flags.writeable


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda data: data[:-1], r"must hold 24 bytes behind its header. Got 23 bytes"),
        (lambda data: data + b"x", "Got 24 bytes and more"),
        (
            lambda data: b"\0\0\x0d" + data[3:],
            r"idx file of unsigned bytes \(2, 3, 4\)\. Got a file",
        ),
        (lambda data: data[:7] + b"\x09" + data[8:], "idx file of unsigned bytes"),
        (lambda data: b"", "idx file of unsigned bytes"),
        (lambda data: gzip.compress(data)[:-9], "must be a readable idx file"),
        (lambda data: b"\x1f\x8b" + data, "must be a readable idx file"),
    ],
)
def test_damage_is_one_sentence(tmp_path, change, words):
    data = idx(np.arange(24, dtype=np.uint8).reshape(2, 3, 4))
    (tmp_path / "a").write_bytes(change(data))
    with pytest.raises(DataError, match=words) as caught:
        read_idx(tmp_path / "a", (2, 3, 4))
    assert str(caught.value).startswith(f'File "{tmp_path / "a"}": must ')


def test_missing_file(tmp_path):
    with pytest.raises(DataError, match=r"Got No such file or directory. Remove it or fetch"):
        read_idx(tmp_path / "a", (1,))


def test_bomb_is_not_unpacked(tmp_path):
    """A GiB of zeros in a MiB: only what the shape needs is read."""
    with gzip.open(tmp_path / "a", "wb") as file:
        file.write(idx(np.zeros((2, 2), np.uint8)))
        for _ in range(64):
            file.write(bytes(1 << 24))
    with pytest.raises(DataError, match=r"Got 4 bytes and more"):
        read_idx(tmp_path / "a", (2, 2))
