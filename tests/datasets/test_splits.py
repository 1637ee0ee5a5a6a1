import gzip
import hashlib
import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from striate.datasets import mnist
from striate.datasets.splits import read_splits
from striate.errors import DataError

SHAPES = {"x_train": (6, 2, 2), "y_train": (6,), "x_test": (3, 2, 2), "y_test": (3,)}


def write(path, value):
    path.write_bytes(gzip.compress(pickle.dumps(value, 2)))
    return path


def thirds(rng, convert):
    x, y = rng.integers(0, 256, (9, 4), dtype=np.uint8), rng.integers(0, 10, 9)
    return x, y, tuple((convert(x[s]), y[s]) for s in (np.s_[:4], np.s_[4:6], np.s_[6:]))


@pytest.mark.parametrize(
    "convert",
    [
        lambda x: (x / 256).astype(np.float32),
        lambda x: (x / 255).astype(np.float32),
        lambda x: x / 255,
        lambda x: x.astype(np.int64),
        lambda x: x,
    ],
)
def test_pixels_become_what_they_were(tmp_path, rng, convert):
    x, y, value = thirds(rng, convert)
    (x_train, y_train), (x_test, y_test) = read_splits(write(tmp_path / "a", value), SHAPES)
    assert x_train.dtype == y_train.dtype == np.uint8
    np.testing.assert_array_equal(np.concatenate([x_train, x_test]).reshape(9, 4), x)
    np.testing.assert_array_equal(np.concatenate([y_train, y_test]), y)


def test_arrays_stored_by_columns_come_by_rows(tmp_path, rng):
    x, _, value = thirds(rng, lambda x: np.asfortranarray(x.reshape(-1, *SHAPES["x_test"][1:])))
    (x_train, _), (x_test, _) = read_splits(write(tmp_path / "a", value), SHAPES)
    assert x_train.flags.c_contiguous
    assert x_test.flags.c_contiguous
    np.testing.assert_array_equal(np.concatenate([x_train, x_test]).reshape(9, 4), x)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda v: v[:2], "cannot reshape"),
        (lambda v: (), "not enough values"),
        (lambda v: 3, "not iterable"),
        (lambda v: [(1, 2)] * 3, "no attribute"),
        (lambda v: ((v[0][0] * 0.7, v[0][1]), *v[1:]), "no fractions of 256 or 255"),
        (lambda v: ((v[0][0] * np.nan, v[0][1]), *v[1:]), "no fractions of 256 or 255"),
        (lambda v: ((v[0][0], v[0][1] - 300), *v[1:]), "values from -"),
        (lambda v: (*v, "x" * 100_000), r"more than [\d,]+ bytes"),
    ],
)
def test_other_contents_are_refused(tmp_path, rng, change, words):
    value = thirds(rng, lambda x: x / 256)[2]
    with pytest.raises(DataError, match=rf"must be a gzipped pickle of three .* Got .*{words}"):
        read_splits(write(tmp_path / "a", change(value)), SHAPES)


def test_damage_is_one_sentence(tmp_path, rng):
    path = write(tmp_path / "a", thirds(rng, lambda x: x)[2])
    for bad in (path.read_bytes()[:-20], b"text"):
        path.write_bytes(bad)
        with pytest.raises(DataError, match=r'^File ".*": must be a gzipped pickle of three pairs'):
            read_splits(path, SHAPES)


def test_real_mnist():
    path = Path(os.environ.get("STRIATE_DATA", "")) / "mnist.pkl.gz"
    if not path.is_file():
        pytest.skip("no mnist.pkl.gz in STRIATE_DATA")
    (x_train, y_train), (x_test, _) = read_splits(path, mnist.RECORD.shapes)
    assert hashlib.sha256(x_train).hexdigest() == mnist.RECORD.sha256["x_train"]
    assert y_train[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert x_test.shape == (10_000, 28, 28)
