"""Every metric gives Keras' result, batch after batch, with and without weights."""

import keras
import numpy as np
import pytest
import sklearn.metrics
import torch

from striate import metrics

pytestmark = pytest.mark.peers

Q = 7


def one_hot(rng, n):
    return np.eye(Q, dtype="float32")[rng.integers(0, Q, n)], rng.random((n, Q), dtype="float32")


def one_hot_map(rng, n):
    targets = np.eye(Q, dtype="float32")[rng.integers(0, Q, (n, 3, 4))]
    return targets, rng.random((n, 3, 4, Q), dtype="float32")


def ties(rng, n):
    return np.eye(Q, dtype="float32")[rng.integers(0, Q, n)], rng.integers(0, 3, (n, Q)) / 2.0


def classes(rng, n):
    return rng.integers(0, Q, n), rng.random((n, Q), dtype="float32")


def classes_column(rng, n):
    return rng.integers(0, Q, (n, 1)), rng.random((n, Q), dtype="float32")


def classes_map(rng, n):
    return rng.integers(0, Q, (n, 3, 4)), rng.random((n, 3, 4, Q), dtype="float32")


def class_ties(rng, n):
    return rng.integers(0, Q, n), rng.integers(0, 3, (n, Q)).astype("float32") / 2.0


def binary(rng, n):
    return rng.integers(0, 2, (n, 1)), rng.random((n, 1), dtype="float32")


def binary_flat(rng, n):
    return rng.integers(0, 2, n).astype("float32"), rng.random(n, dtype="float32")


def multi_label(rng, n):
    return rng.integers(0, 2, (n, Q)).astype("float32"), rng.random((n, Q), dtype="float32")


def logits(rng, n):
    return rng.integers(0, 2, (n, 1)), rng.standard_normal((n, 1)).astype("float32") * 3


def coarse(rng, n):
    return rng.integers(0, 2, n), (rng.integers(0, 11, n) / 10).astype("float32")


def class_numbers(rng, n):
    return rng.integers(0, Q, (n, 3, 4)), rng.integers(0, Q, (n, 3, 4))


def void_map(rng, n):
    targets, outputs = classes_map(rng, n)
    targets[rng.random(targets.shape) < 0.3] = 255
    return targets, outputs


def numbers(rng, n):
    return rng.standard_normal((n, 3)).astype("float32"), rng.standard_normal((n, 3))


CASES = [
    ("Accuracy", {}, class_numbers),
    ("BinaryAccuracy", {}, binary),
    ("BinaryAccuracy", {"threshold": 0.3}, multi_label),
    ("CategoricalAccuracy", {}, one_hot),
    ("CategoricalAccuracy", {}, one_hot_map),
    ("SparseCategoricalAccuracy", {}, classes),
    ("SparseCategoricalAccuracy", {}, classes_column),
    ("SparseCategoricalAccuracy", {}, classes_map),
    ("TopKCategoricalAccuracy", {}, one_hot),
    ("TopKCategoricalAccuracy", {"k": 2}, ties),
    ("TopKCategoricalAccuracy", {"k": 3}, one_hot_map),
    ("SparseTopKCategoricalAccuracy", {"k": 2}, classes),
    ("SparseTopKCategoricalAccuracy", {"k": 2}, class_ties),
    ("SparseTopKCategoricalAccuracy", {"k": 7}, classes_map),
    ("Precision", {}, multi_label),
    ("Precision", {"thresholds": [0.7, 0.2, 0.5, 0.2]}, binary),
    ("Precision", {"top_k": 2}, multi_label),
    ("Precision", {"top_k": 3, "thresholds": 0.5}, multi_label),
    ("Precision", {"class_id": 3}, multi_label),
    ("Precision", {"class_id": 3, "top_k": 2}, multi_label),
    ("Precision", {"thresholds": 0.3}, coarse),
    ("Recall", {}, binary_flat),
    ("Recall", {"thresholds": [0.7, 0.2]}, multi_label),
    ("Recall", {"top_k": 2}, multi_label),
    ("Recall", {"class_id": 1, "top_k": 3}, multi_label),
    ("AUC", {}, binary_flat),
    ("AUC", {}, multi_label),
    ("AUC", {"from_logits": True}, logits),
    ("AUC", {"num_thresholds": 11}, binary),
    ("AUC", {"thresholds": [0.7, 0.1, 0.4]}, binary),
    ("AUC", {"summation_method": "minoring"}, binary),
    ("AUC", {"summation_method": "majoring"}, binary),
    ("AUC", {"curve": "PR"}, binary),
    ("AUC", {"curve": "PR", "num_thresholds": 5}, multi_label),
    ("AUC", {"curve": "PR", "summation_method": "minoring"}, binary),
    ("AUC", {"curve": "PR", "summation_method": "majoring"}, binary),
    ("AUC", {"multi_label": True}, multi_label),
    ("AUC", {"multi_label": True, "curve": "PR"}, multi_label),
    ("AUC", {"multi_label": True, "curve": "PR", "summation_method": "minoring"}, multi_label),
    ("AUC", {"multi_label": True, "from_logits": True, "num_thresholds": 9}, logits),
    ("F1Score", {}, one_hot),
    ("F1Score", {}, ties),
    ("F1Score", {"average": "macro"}, one_hot),
    ("F1Score", {"average": "micro"}, one_hot),
    ("F1Score", {"average": "weighted"}, one_hot),
    ("F1Score", {"threshold": 0.5}, multi_label),
    ("F1Score", {"threshold": 0.3, "average": "macro"}, multi_label),
    ("F1Score", {"threshold": 0.7, "average": "micro"}, multi_label),
    ("F1Score", {"threshold": 0.7, "average": "weighted"}, multi_label),
    ("MeanIoU", {"num_classes": Q}, class_numbers),
    ("MeanIoU", {"num_classes": Q + 2}, class_numbers),
    ("MeanIoU", {"num_classes": Q, "sparse_y_pred": False, "ignore_class": 255}, void_map),
    ("MeanIoU", {"num_classes": Q, "sparse_y_pred": False, "sparse_y_true": False}, one_hot_map),
    ("MeanSquaredError", {}, numbers),
    ("MeanAbsoluteError", {}, numbers),
]
IDS = [f"{name}-{make.__name__}-{index}" for index, (name, _, make) in enumerate(CASES)]


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("name", "arguments", "make"), CASES, ids=IDS)
def test_results_are_keras(name, arguments, make, weighted, rng, close):
    ours = getattr(metrics, name)(**arguments)
    kind = {"dtype": "float32"} if name == "MeanIoU" else {}
    theirs = getattr(keras.metrics, name)(**arguments, **kind)
    for n in (1, 8, 23):
        targets, outputs = make(rng, n)
        weights = rng.random(n, dtype="float32") if weighted else None
        spread = weights
        if weighted and name == "MeanIoU":  # Keras wants one for each pixel.
            spread = np.broadcast_to(weights[:, None, None], (n, 3, 4)).copy()
        ours.update(targets, torch.tensor(outputs), weights)
        theirs.update_state(targets, outputs, spread)
        # Keras' epsilons: 1e-7 beside each union, 1e-7 beside the number of classes.
        close(ours.result().float(), theirs.result(), 1e-5)


@pytest.mark.parametrize(
    ("targets", "outputs", "expected"),
    [
        ((8, 1), (8, 1), "BinaryAccuracy"),
        ((8,), (8, 1), "BinaryAccuracy"),
        ((8,), (8, 4), "SparseCategoricalAccuracy"),
        ((8, 1), (8, 4), "SparseCategoricalAccuracy"),
        ((8, 4), (8, 4), "CategoricalAccuracy"),
        ((8, 5, 5), (8, 5, 5, 4), "SparseCategoricalAccuracy"),
        ((8, 5, 5, 1), (8, 5, 5, 4), "SparseCategoricalAccuracy"),
        ((8, 5, 5, 4), (8, 5, 5, 4), "CategoricalAccuracy"),
        ((8, 5, 5, 1), (8, 5, 5, 1), "BinaryAccuracy"),
    ],
)
def test_accuracy_by_name_is_the_one_that_keras_takes(targets, outputs, expected, rng, close):
    goals, given = rng.integers(0, 2, targets), rng.random(outputs)
    by_name, theirs = metrics.get("accuracy"), getattr(keras.metrics, expected)()
    by_name.update(goals, given)
    theirs.update_state(goals, given)
    close(by_name.result().float(), theirs.result())


def test_many_thresholds_come_to_scikit_learns_areas(rng):
    targets = rng.integers(0, 2, 500)
    outputs = np.clip(rng.normal(0.4 + 0.2 * targets, 0.2), 0, 1)
    weights = rng.random(500)
    roc, recall = metrics.AUC(20_000), metrics.AUC(20_000, "PR", summation_method="majoring")
    roc.update(targets, outputs, weights)
    recall.update(targets, outputs, weights)
    exact = sklearn.metrics.roc_auc_score(targets, outputs, sample_weight=weights)
    assert roc.result().item() == pytest.approx(exact, abs=1e-4)
    exact = sklearn.metrics.average_precision_score(targets, outputs, sample_weight=weights)
    assert recall.result().item() == pytest.approx(exact, abs=5e-3)


def test_precision_recall_and_iou_are_scikit_learns(rng):
    targets, outputs = rng.integers(0, 2, 200), rng.random(200)
    precision, recall = metrics.Precision(), metrics.Recall()
    precision.update(targets, outputs)
    recall.update(targets, outputs)
    answers = outputs > 0.5
    expected = sklearn.metrics.precision_score(targets, answers)
    assert precision.result().item() == pytest.approx(expected)
    assert recall.result().item() == pytest.approx(sklearn.metrics.recall_score(targets, answers))

    a, b = rng.integers(0, 5, (2, 300))
    iou = metrics.MeanIoU(5)
    iou.update(a, b)
    expected = sklearn.metrics.jaccard_score(a, b, average="macro")
    assert iou.result().item() == pytest.approx(expected)
    np.testing.assert_array_equal(iou.confusion(), sklearn.metrics.confusion_matrix(a, b))


@pytest.mark.parametrize("average", [None, "micro", "macro", "weighted"])
def test_f1_is_scikit_learns(average, rng):
    words = {"average": average, "zero_division": 0}
    several = rng.integers(0, 2, (200, Q)), rng.random((200, Q))
    metric = metrics.F1Score(average, 0.5)
    metric.update(*several, weights := rng.random(200))
    wanted = sklearn.metrics.f1_score(several[0], several[1] > 0.5, sample_weight=weights, **words)
    np.testing.assert_allclose(metric.result(), wanted, rtol=1e-12)

    goals, given = rng.integers(0, Q, 200), rng.random((200, Q))
    for targets in (goals, goals[:, None], np.eye(Q)[goals]):
        metric = metrics.F1Score(average)
        metric.update(targets[:90], given[:90])
        metric.update(targets[90:], given[90:])
        wanted = sklearn.metrics.f1_score(goals, given.argmax(-1), **words)
        np.testing.assert_allclose(metric.result(), wanted, rtol=1e-12)
