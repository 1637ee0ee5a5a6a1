"""Digits: 1,797 handwritten digits, 8 × 8 grey, that come with scikit-learn: no download."""

from __future__ import annotations

import numpy as np
from sklearn import datasets

from striate.datasets.record import Record, Split

__all__ = ["CLASS_NAMES", "RECORD", "load_data"]

CLASS_NAMES = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")

RECORD = Record(
    name="digits",
    title="Optical recognition of handwritten digits (test part)",
    shapes={
        "x_train": (1_442, 8, 8),
        "y_train": (1_442,),
        "x_test": (355, 8, 8),
        "y_test": (355,),
    },
    class_names=CLASS_NAMES,
    files=(),
    licence="CC BY 4.0",
    reference="Alpaydin, Kaynak, Optical Recognition of Handwritten Digits, UCI, 1998",
)


def load_data() -> Split:
    """((x_train, y_train), (x_test, y_test)) as uint8 arrays, about four fifths and one fifth.

    The grey values 0..16 become round(v * 255 / 16). Of each class every fifth picture, in
    scikit-learn's order, is for testing: the split is always the same and needs no draw.

    Shape:
        output ((1442, 8, 8), (1442,)), ((355, 8, 8), (355,))

    Example:
        >>> (x_train, y_train), (x_test, y_test) = load_data()
        >>> x_train.shape, x_test.shape, int(x_train.max())
        ((1442, 8, 8), (355, 8, 8), 255)

    Reference:
        Alpaydin, Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning
        Repository, 1998.
    """
    bunch = datasets.load_digits()
    images = np.rint(bunch.images * 255.0 / 16.0).astype(np.uint8)
    labels = bunch.target.astype(np.uint8)
    test = np.zeros(len(labels), dtype=bool)
    for label in range(len(CLASS_NAMES)):
        test[np.flatnonzero(labels == label)[4::5]] = True
    return (images[~test], labels[~test]), (images[test], labels[test])
