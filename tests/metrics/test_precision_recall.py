"""Precision and recall: corners and error words."""

import numpy as np
import pytest

from striate.errors import ArgumentError, ShapeError
from striate.metrics import Precision, Recall


def test_several_thresholds_give_several_values_in_their_order():
    targets, outputs = [0, 1, 1], [0.6, 0.4, 0.9]
    several = Precision([0.8, 0.3, 0.5])
    several.update(targets, outputs)
    assert several.result().tolist() == pytest.approx([1.0, 2 / 3, 0.5])
    one = Recall([0.8])
    one.update(targets, outputs)
    assert one.result().shape == ()
    assert one.result().item() == 0.5


def test_without_positives_they_are_0():
    for metric in (Precision(), Recall()):
        metric.update([0, 0], [0.1, 0.2])
        assert metric.result().item() == 0.0


def test_the_threshold_itself_is_negative():
    metric = Recall(0.3)
    metric.update([1], np.array([0.3], dtype="float32"))
    assert metric.result().item() == 0.0


def test_top_k_beyond_the_classes_takes_all():
    metric = Recall(top_k=9)
    metric.update(np.eye(3), np.zeros((3, 3)))
    assert metric.result().item() == 1.0


@pytest.mark.parametrize("kind", [Precision, Recall])
def test_errors(kind):
    name = kind.__name__
    for make, words in (
        (lambda: kind(1.5), f"{name}: `thresholds` must be a number from 0 to 1"),
        (lambda: kind([]), f"{name}: `thresholds` must hold at least one number"),
        (lambda: kind(top_k=0), f"{name}: `top_k` must be a whole number of at least 1"),
        (lambda: kind(class_id=-1), f"{name}: `class_id` must be a class number of at least 0"),
    ):
        with pytest.raises(ArgumentError, match=words):
            make()
    with pytest.raises(ShapeError, match="must have more than 3 classes on the last axis"):
        kind(class_id=3).update(np.eye(3), np.eye(3))
    with pytest.raises(ShapeError, match="`targets` must be one-hot for `class_id`"):
        kind(class_id=1).update([0, 1, 2], np.eye(3))
    with pytest.raises(ShapeError, match="`targets` must have the shape of the outputs"):
        kind().update([0, 1, 2], np.eye(3))
