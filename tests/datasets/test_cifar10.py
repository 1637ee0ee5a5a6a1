import pytest

from striate.datasets import cifar10
from striate.errors import DataError


def test_facts():
    record = cifar10.RECORD
    assert record.files[0].size_bytes == 170_498_071
    assert list(record.md5) == [f"data_batch_{n}" for n in range(1, 6)] + ["test_batch"]
    assert cifar10.CLASS_NAMES[6] == "frog"


def test_absent_it_says_what_to_do(monkeypatch, tmp_path):
    for variable in ("STRIATE_CACHE", "STRIATE_DATA", "KERAS_HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setenv("STRIATE_OFFLINE", "1")
    with pytest.raises(
        DataError, match=r"Put cifar10\.npz or cifar-10-python\.tar\.gz into a fold"
    ):
        cifar10.load_data()
    assert list(tmp_path.iterdir()) == []


def test_batches_in_the_folder_are_found_and_checked(monkeypatch, tmp_path):
    for variable in ("STRIATE_CACHE", "KERAS_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / "none"))
    monkeypatch.setenv("STRIATE_OFFLINE", "1")
    for folder in (tmp_path / "a" / "cifar-10-batches-py", tmp_path / "b"):
        folder.mkdir(parents=True)
        for name in cifar10.RECORD.md5:
            (folder / name).write_bytes(b"other")
        monkeypatch.setenv("STRIATE_DATA", str(tmp_path / folder.relative_to(tmp_path).parts[0]))
        with pytest.raises(
            DataError, match=r"must hold data_batch_1 with md5 c99cafc152244af753f73"
        ):
            cifar10.load_data()
