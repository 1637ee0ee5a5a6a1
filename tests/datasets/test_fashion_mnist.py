from pathlib import Path

import numpy as np
import pytest

from striate.datasets import fashion_mnist


def test_facts():
    record = fashion_mnist.RECORD
    assert sum(file.size_bytes for file in record.files) == 30_878_645
    assert len(record.class_names) == 10
    assert record.class_names[9] == "Ankle boot"


def test_the_real_one(monkeypatch):
    if not Path(fashion_mnist.RECORD.folders[0]).is_dir():
        pytest.skip("Debian's package dataset-fashion-mnist is not installed")
    monkeypatch.delenv("STRIATE_DATA", raising=False)
    monkeypatch.setenv("STRIATE_OFFLINE", "1")
    (x_train, y_train), (x_test, y_test) = fashion_mnist.load_data()
    assert (x_train.shape, y_train.shape) == ((60_000, 28, 28), (60_000,))
    assert (x_test.shape, y_test.shape) == ((10_000, 28, 28), (10_000,))
    assert np.bincount(y_train).tolist() == [6000] * 10
    assert np.bincount(y_test).tolist() == [1000] * 10
    assert fashion_mnist.CLASS_NAMES[y_train[0]] == "Ankle boot"
    assert round(float(x_train.mean()) / 255, 3) == 0.286
