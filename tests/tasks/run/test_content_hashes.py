"""Hashes are those of the content."""

import hashlib

import numpy as np
import pytest

from striate.errors import DataError
from striate.tasks.run.content_hashes import array_hash, file_hashes, joint_hash


def test_files_in_their_order(tmp_path, rng):
    contents = [rng.bytes(n) for n in (0, 1, 3_000_000)]
    paths = [tmp_path / str(number) for number in range(3)]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    assert file_hashes(paths) == [hashlib.sha256(content).digest() for content in contents]


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DataError, match=r"gone.png\": must be a file that can be read"):
        file_hashes([tmp_path / "gone.png"])


def test_arrays_differ_by_type_shape_and_numbers():
    a = np.arange(6, dtype=np.uint8)
    others = [a + 1, a.reshape(2, 3), a.astype(np.int8), a[::-1]]
    assert len({array_hash(each) for each in (a, *others)}) == 5
    assert array_hash(np.asfortranarray(a.reshape(2, 3))) == array_hash(a.reshape(2, 3))


def test_joint_hashes_know_which_name_has_which_content():
    one, two = b"1" * 32, b"2" * 32
    found = joint_hash([("a", one), ("b", two)])
    assert found != joint_hash([("a", two), ("b", one)])
    assert found != joint_hash([("a", one)])
    assert joint_hash([("a\udcff", one)]) != joint_hash([("a", one)])
