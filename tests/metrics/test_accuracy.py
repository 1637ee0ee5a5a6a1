"""Accuracies: ignored classes, logits, error words."""

import numpy as np
import pytest
import torch

from striate.errors import ArgumentError, ShapeError
from striate.metrics import (
    Accuracy,
    AccuracyByShape,
    BinaryAccuracy,
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
)


@pytest.mark.parametrize("weighted", [False, True])
def test_ignored_classes_do_not_count(weighted, rng):
    targets, outputs = rng.integers(0, 3, (4, 5)), rng.random((4, 5, 3))
    targets[:, 3:] = 255
    weights = rng.random(4) if weighted else np.ones(4)
    metric = SparseCategoricalAccuracy(ignore_class=255)
    metric.update(targets, outputs, weights if weighted else None)
    right = (outputs[:, :3].argmax(-1) == targets[:, :3]) * weights[:, None]
    assert metric.result().item() == pytest.approx(right.sum() / (3 * weights.sum()))
    by_shape = AccuracyByShape(ignore_class=255)
    by_shape.update(targets[..., None], outputs, weights if weighted else None)
    assert by_shape.result().item() == pytest.approx(metric.result().item())


def test_the_first_of_equal_outputs_is_the_largest():
    metric = SparseCategoricalAccuracy()
    metric.update([0, 1], [[0.5, 0.5], [0.5, 0.5]])
    assert metric.result().item() == 0.5


def test_logits_are_cut_at_the_threshold():
    metric = BinaryAccuracy(0.0)
    metric.update([1, 0, 1], torch.tensor([[0.2], [-0.2], [3.0]]))
    assert metric.result().item() == 1.0


@pytest.mark.parametrize("kind", [bool, np.uint8, np.int64, np.float32])
def test_targets_of_any_type(kind):
    metric = BinaryAccuracy()
    metric.update(np.array([1, 0, 1]).astype(kind), [[0.9], [0.9], [0.9]])
    assert metric.result().item() == pytest.approx(2 / 3)


def test_errors():
    with pytest.raises(ShapeError, match="Accuracy: `targets` must have the shape of the outputs"):
        Accuracy().update([1, 2], [1, 2, 3])
    with pytest.raises(ShapeError, match="CategoricalAccuracy: `targets` must have the shape"):
        CategoricalAccuracy().update([1, 2], [[0.1, 0.9], [0.2, 0.8]])
    words = r"hold one class number per output.*Use CategoricalAccuracy, or targets\.argmax\(-1\)"
    with pytest.raises(ShapeError, match=words):
        SparseCategoricalAccuracy().update(np.eye(2), np.eye(2))
    with pytest.raises(ArgumentError, match="`ignore_class` must be a whole number or None"):
        SparseCategoricalAccuracy(ignore_class=0.5)
    with pytest.raises(ArgumentError, match="BinaryAccuracy: `threshold` must be a number"):
        BinaryAccuracy("half")
