import dataclasses
import hashlib
import io
import pickle
import tarfile

import numpy as np
import pytest

from striate.datasets import cifar10
from striate.datasets.batches import read_batches
from striate.errors import DataError

SHAPES = {"x_train": (6, 4, 5, 3), "y_train": (6, 1), "x_test": (2, 4, 5, 3), "y_test": (2, 1)}


def batch(images, labels):
    """A batch as CIFAR's authors pickle it: planes of one picture behind each other in a row."""
    rows = images.transpose(0, 3, 1, 2).reshape(len(images), -1)
    return pickle.dumps({"batch_label": "b", "labels": labels.tolist(), "data": rows}, 2)


@pytest.fixture
def made(rng):
    images = rng.integers(0, 256, (8, 4, 5, 3), dtype=np.uint8)
    labels = rng.integers(0, 10, 8)
    slices = {"data_batch_1": np.s_[:3], "data_batch_2": np.s_[3:6], "test_batch": np.s_[6:]}
    data = {name: batch(images[s], labels[s]) for name, s in slices.items()}
    md5 = {name: hashlib.md5(body).hexdigest() for name, body in data.items()}
    record = dataclasses.replace(cifar10.RECORD, shapes=SHAPES, md5=md5)
    return images, labels, data, record


def folder_of(path, data):
    path.mkdir(exist_ok=True)
    for name, body in data.items():
        (path / name).write_bytes(body)
    return path


def archive_of(path, data):
    with tarfile.open(path, "w:gz") as archive:
        for name, body in {"batches.meta": b"unread", **data}.items():
            info = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            info.size = len(body)
            archive.addfile(info, io.BytesIO(body))
    return path


@pytest.mark.parametrize("store", [folder_of, archive_of])
def test_pictures_and_labels_in_order(tmp_path, made, store):
    images, labels, data, record = made
    (x_train, y_train), (x_test, y_test) = read_batches(store(tmp_path / "a", data), record)
    np.testing.assert_array_equal(x_train, images[:6])
    np.testing.assert_array_equal(y_train, labels[:6, None])
    np.testing.assert_array_equal(x_test, images[6:])
    np.testing.assert_array_equal(y_test, labels[6:, None])
    assert {a.dtype for a in (x_train, y_train, x_test, y_test)} == {np.dtype(np.uint8)}


@pytest.mark.parametrize("store", [folder_of, archive_of])
def test_other_bytes_are_not_even_unpickled(tmp_path, made, store):
    data = dict(made[2])
    data["data_batch_2"] += b"."
    with pytest.raises(
        DataError, match=r'^Data ".*": must hold data_batch_2 with md5 [0-9a-f]{32}'
    ):
        read_batches(store(tmp_path / "a", data), made[3])


@pytest.mark.parametrize(
    ("store", "words"),
    [(folder_of, "No such file"), (archive_of, "must hold test_batch. Got no such batch")],
)
def test_missing_batch(tmp_path, made, store, words):
    data = {name: body for name, body in made[2].items() if name != "test_batch"}
    with pytest.raises(DataError, match=words):
        read_batches(store(tmp_path / "a", data), made[3])


@pytest.mark.parametrize(
    "content",
    [
        {"labels": [1, 2]},
        {"data": 3, "labels": [1, 2]},
        {"data": np.zeros((2, 7), np.uint8), "labels": [1, 2]},
        {"data": np.zeros((2, 60), np.uint8), "labels": [1]},
        {"data": np.zeros((2, 60), np.uint8), "labels": [1, 300]},
        [1, 2],
    ],
)
def test_other_contents_are_refused(tmp_path, made, content):
    _, _, data, record = made
    body = pickle.dumps(content, 2)
    md5 = {**record.md5, "test_batch": hashlib.md5(body).hexdigest()}
    folder = folder_of(tmp_path / "a", {**data, "test_batch": body})
    with pytest.raises(DataError, match=r"must hold pixels and labels in test_batch"):
        read_batches(folder, dataclasses.replace(record, md5=md5))


def test_archives_that_are_damaged_or_too_large(tmp_path, made):
    _, _, data, record = made
    path = archive_of(tmp_path / "a.tar.gz", data)
    good = path.read_bytes()
    for bad in (good[: len(good) // 2], b"text"):
        path.write_bytes(bad)
        with pytest.raises(
            DataError, match=r"must hold .*batches of CIFAR-10|must hold data_batch"
        ):
            read_batches(path, record)
    archive_of(path, {"big": bytes(100_000), **data})
    with pytest.raises(DataError, match=r"a member of 100,000 bytes"):
        read_batches(path, record)


def test_links_in_archives_lead_nowhere(tmp_path, made):
    _, _, data, record = made
    path = tmp_path / "a.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        link = tarfile.TarInfo("cifar-10-batches-py/data_batch_1")
        link.type, link.linkname = (
            tarfile.SYMTYPE,
            str(folder_of(tmp_path / "b", data) / "test_batch"),
        )
        archive.addfile(link)
    with pytest.raises(DataError, match=r"must hold data_batch_1. Got no such batch"):
        read_batches(path, record)
