import numpy as np
from sklearn import datasets as peers

from striate.datasets import digits


def test_values_are_scikit_learns_rounded_to_255():
    bunch = peers.load_digits()
    (x_train, y_train), (x_test, y_test) = digits.load_data()
    assert x_train.dtype == y_train.dtype == x_test.dtype == y_test.dtype == np.uint8
    steps = np.array([0, 16, 32, 48, 64, 80, 96, 112, 128, 143, 159, 175, 191, 207, 223, 239, 255])
    wanted = steps[bunch.images.astype(int)]
    assert sorted(np.unique(np.concatenate([x_train, x_test]))) == sorted(steps)
    both = np.concatenate([x_train, x_test]).reshape(1797, 64)
    order, other = np.lexsort(both.T), np.lexsort(wanted.reshape(1797, 64).T)
    np.testing.assert_array_equal(both[order], wanted.reshape(1797, 64)[other])
    labels = np.concatenate([y_train, y_test])
    np.testing.assert_array_equal(labels[order], bunch.target[other])


def test_split_is_stratified_and_always_the_same():
    (x_train, y_train), (x_test, y_test) = digits.load_data()
    assert x_train.shape == digits.RECORD.shapes["x_train"]
    assert x_test.shape == digits.RECORD.shapes["x_test"]
    total = np.bincount(y_train) + np.bincount(y_test)
    np.testing.assert_array_equal(np.bincount(y_test), total // 5)
    again = digits.load_data()
    np.testing.assert_array_equal(again[1][0], x_test)
