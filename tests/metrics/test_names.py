"""Metrics by name."""

import pytest
import torch

from striate import losses, metrics
from striate.errors import ArgumentError

NAMES = {
    "accuracy": metrics.AccuracyByShape,
    "acc": metrics.AccuracyByShape,
    "binary_accuracy": metrics.BinaryAccuracy,
    "categorical_accuracy": metrics.CategoricalAccuracy,
    "sparse_categorical_accuracy": metrics.SparseCategoricalAccuracy,
    "top_k_categorical_accuracy": metrics.TopKCategoricalAccuracy,
    "sparse_top_k_categorical_accuracy": metrics.SparseTopKCategoricalAccuracy,
    "auc": metrics.AUC,
    "precision": metrics.Precision,
    "recall": metrics.Recall,
    "f1_score": metrics.F1Score,
    "mse": metrics.MeanSquaredError,
    "mean_squared_error": metrics.MeanSquaredError,
    "mae": metrics.MeanAbsoluteError,
    "mean_absolute_error": metrics.MeanAbsoluteError,
    "mean_io_u": metrics.MeanIoU,
}


@pytest.mark.parametrize("name", NAMES)
def test_a_fresh_one_that_bears_the_name(name):
    first = metrics.get(name, output_shape=(None, 4))
    assert type(first) is NAMES[name]
    assert first.name == name
    assert first is not metrics.get(name, output_shape=(None, 4))


@pytest.mark.parametrize("name", ["accuracy", "binary_accuracy", "precision", "recall", "auc"])
def test_logits_are_taken_as_logits(name):
    targets = torch.tensor([1.0, 0.0, 1.0, 0.0])
    logits = torch.tensor([[0.2], [-0.3], [2.0], [0.1]])
    by_logits = metrics.get(name, loss=losses.BinaryCrossentropy(from_logits=True))
    plain = metrics.get(name, loss=losses.BinaryCrossentropy())
    by_logits.update(targets, logits)
    plain.update(targets, logits.sigmoid())
    assert by_logits.result().item() == plain.result().item()


@pytest.mark.parametrize("name", ["accuracy", "sparse_categorical_accuracy", "mean_io_u"])
def test_the_class_that_the_loss_ignores_does_not_count(name):
    loss = losses.SparseCategoricalCrossentropy(ignore_class=1)
    metric = metrics.get(name, output_shape=(None, 3), loss=loss)
    metric.update([0, 1, 2], torch.eye(3)[[0, 0, 2]])
    assert metric.result().item() == 1.0


@pytest.mark.parametrize("from_logits", [False, True])
def test_f1_takes_several_labels_where_the_loss_does(from_logits):
    several = losses.BinaryCrossentropy(from_logits), losses.BinaryFocalCrossentropy()
    scores = torch.tensor([[0.9, 0.8, 0.1], [0.2, 0.7, 0.1]])
    targets = torch.tensor([[1, 1, 0], [0, 1, 0]])
    metric = metrics.get("f1_score", loss=several[0])
    metric.update(targets, torch.logit(scores) if from_logits else scores)
    assert metric.result().item() == pytest.approx(2 / 3)
    assert metrics.get("f1_score", loss=several[1]).get_config()["threshold"] == 0.5
    one = metrics.get("f1_score", loss=losses.SparseCategoricalCrossentropy())
    one.update([0, 1], scores)
    assert one.result().item() == pytest.approx(2 / 3)
    assert one.get_config() == {"average": "macro", "threshold": None, "name": "f1_score"}


def test_objects_are_taken_as_they_are():
    metric = metrics.AUC()
    assert metrics.get(metric) is metric


def test_errors():
    with pytest.raises(ArgumentError) as caught:
        metrics.get("acuracy")
    assert str(caught.value).startswith(
        "compile: `metrics` must name a known metric. Got metrics='acuracy'. Nearest: \"accuracy\""
    )
    for wrong in (3, metrics.AUC, None):
        with pytest.raises(ArgumentError, match="compile: `metrics` must be names of metrics"):
            metrics.get(wrong)
    for shape in (None, (None, 1), (None, None)):
        with pytest.raises(ArgumentError, match=r"Use MeanIoU\(num_classes=\.\.\.\)\."):
            metrics.get("mean_io_u", output_shape=shape)
