"""The manifest's hashes are those of the files; any change of the data changes the whole."""

import hashlib
import json

import numpy as np
import pytest

from striate.errors import DataError
from striate.tasks.run.manifest import hashed, part_hashes


@pytest.fixture
def manifest(tmp_path):
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(name.encode() * 100)
    parts = {"train": {"files": ["a.png"], "labels": [0]}, "test": {"files": ["b.png"]}}
    return {"root": str(tmp_path), "kind": "folder", "parts": parts}


def test_every_file_has_its_hash(manifest):
    found = hashed(manifest)
    expected = hashlib.sha256(b"b.png" * 100).digest()
    assert part_hashes(found, "test") == [expected]
    assert found["parts"]["train"]["labels"] == [0]
    assert part_hashes(found, "validation") is None
    assert part_hashes(manifest, "test") is None
    assert "sha256" not in manifest["parts"]["test"]  # what came in is as it was
    assert json.loads(json.dumps(found)) == found


def test_content_name_and_part_all_count(manifest, tmp_path):
    whole = {hashed(manifest)["data_sha256"]}
    swapped = {**manifest, "parts": {"train": {"files": ["b.png"]}, "test": {"files": ["a.png"]}}}
    whole.add(hashed(swapped)["data_sha256"])
    (tmp_path / "b.png").write_bytes(b"x")
    whole.add(hashed(manifest)["data_sha256"])
    assert len(whole) == 3


def test_arrays_count_too():
    a = np.arange(4)
    facts = [{"train": [a]}, {"train": [a + 1]}, {"test": [a]}, {"train": [a, a]}]
    assert len({hashed({"name": "x"}, each)["data_sha256"] for each in facts}) == 4


def test_a_file_that_is_gone_is_named(manifest, tmp_path):
    (tmp_path / "a.png").unlink()
    with pytest.raises(DataError, match=r"a\.png\": must be a file that can be read"):
        hashed(manifest)
