"""Mean intersection over union: corners and error words."""

import numpy as np
import pytest

from striate.errors import ArgumentError, ShapeError
from striate.metrics import MeanIoU


def test_absent_classes_are_left_out():
    metric = MeanIoU(5)
    metric.update([0, 0, 1, 1], [0, 1, 1, 1])
    assert metric.result().item() == pytest.approx((1 / 2 + 2 / 3) / 2)


def test_weights_and_masks():
    metric = MeanIoU(2, ignore_class=255)
    metric.update(
        np.array([[0, 255], [1, 0]], dtype="uint8"), [[0, 1], [1, 1]], [[1.0, 9.0], [2.0, 0.5]]
    )
    assert metric.confusion().tolist() == [[1.0, 0.5], [0.0, 2.0]]
    assert metric.result().item() == pytest.approx((1 / 1.5 + 2 / 2.5) / 2)


def test_class_numbers_outside_do_not_count():
    metric = MeanIoU(2)
    metric.update([0, 1, 7, -1, 0], [0, 1, 0, 0, 9])
    assert metric.confusion().tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_a_channel_of_one_is_a_map():
    metric = MeanIoU(2)
    metric.update(np.ones((1, 2, 2)), np.ones((1, 2, 2, 1)))
    assert metric.result().item() == 1.0


def test_scores_must_be_named_as_such():
    with pytest.raises(ShapeError) as caught:
        MeanIoU(3).update(np.zeros((1, 2, 2)), np.zeros((1, 2, 2, 3)))
    assert str(caught.value) == (
        "MeanIoU: `outputs` must be class numbers. Got targets (1, 2, 2), outputs (1, 2, 2, 3). "
        "Use sparse_y_pred=False for one score per class."
    )
    with pytest.raises(ArgumentError, match="MeanIoU: `num_classes` must be a whole number"):
        MeanIoU(0)
    with pytest.raises(ArgumentError, match="MeanIoU: `ignore_class` must be a whole number"):
        MeanIoU(2, ignore_class="void")
