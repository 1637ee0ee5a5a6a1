"""Loss, metrics and class weights of a classification."""

import numpy as np
import pytest

from striate.data import ArraySource
from striate.losses import BinaryCrossentropy, CategoricalCrossentropy
from striate.records import Preprocess
from striate.tasks.classify.loss import class_weight, loss_of, metrics_of
from striate.tasks.pictures.parts import ClassData, Part


def data_of(labels):
    part = Part(ArraySource(np.zeros((len(labels), 4, 4, 1), np.uint8)), labels, range(len(labels)))
    parts = {"train": part, "validation": part}
    return ClassData("pets", ("a", "b"), Preprocess((4, 4), channels=1), parts, {}, ())


def test_one_class_a_picture_or_several():
    one, several = data_of(np.array([0, 1])), data_of(np.eye(2, dtype=np.uint8))
    for data, kind, count in ((one, CategoricalCrossentropy, 1), (several, BinaryCrossentropy, 2)):
        loss = loss_of(data, 0.2)
        assert isinstance(loss, kind)
        assert loss.label_smoothing == 0.2
        assert len(metrics_of(data)) == count


def test_class_weights_make_every_class_count_the_same():
    weights = class_weight(data_of(np.repeat([0, 1], [9, 3])))
    assert weights[0] * 9 == pytest.approx(weights[1] * 3)
    assert weights[0] * 9 + weights[1] * 3 == pytest.approx(12)
