import numpy as np
import pytest

from striate.datasets import fashion_mnist, mnist
from striate.errors import DataError


def test_facts():
    record = mnist.RECORD
    assert [file.name for file in record.files] == [f.name for f in fashion_mnist.RECORD.files]
    assert sum(file.size_bytes for file in record.files) == 11_594_722
    assert all(len(file.sha256) == 64 and len(file.urls) == 2 for file in record.files)
    assert record.class_names == mnist.CLASS_NAMES == tuple("0123456789")


def test_the_real_one(monkeypatch):
    monkeypatch.setenv("STRIATE_OFFLINE", "1")
    try:
        (x_train, y_train), (x_test, y_test) = mnist.load_data()
    except DataError as error:
        pytest.skip(f"MNIST is not at hand: {error}")
    assert (x_train.shape, y_train.shape) == ((60_000, 28, 28), (60_000,))
    assert (x_test.shape, y_test.shape) == ((10_000, 28, 28), (10_000,))
    assert np.bincount(y_test).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert round(float(x_train.mean()) / 255, 4) == 0.1307
    assert round(float(x_train.std()) / 255, 4) == 0.3081
