"""One row per public metric, and more where it has cases that differ."""

import torch

from striate import metrics
from tests.catalog.score_row import (
    CLASSES,
    ScoreRow,
    class_maps,
    class_numbers,
    labels,
    logits,
    one_hot,
    same_numbers,
    values,
)

METRICS = [
    ScoreRow("AUC", metrics.AUC, labels),
    ScoreRow("AUC", lambda: metrics.AUC(50, "PR", from_logits=True), logits, "PR logits"),
    ScoreRow("AUC", lambda: metrics.AUC(multi_label=True), labels, "by label"),
    ScoreRow("Accuracy", metrics.Accuracy, same_numbers),
    ScoreRow("AccuracyByShape", metrics.AccuracyByShape, class_numbers),
    ScoreRow("BinaryAccuracy", metrics.BinaryAccuracy, labels),
    ScoreRow("CategoricalAccuracy", metrics.CategoricalAccuracy, one_hot),
    ScoreRow("F1Score", metrics.F1Score, one_hot),
    ScoreRow("F1Score", lambda: metrics.F1Score("weighted", 0.4), labels, "several labels"),
    ScoreRow("F1Score", lambda: metrics.F1Score("macro"), class_numbers, "class numbers"),
    ScoreRow("FunctionMetric", lambda: metrics.FunctionMetric(torch.dist), labels),
    ScoreRow("Mean", metrics.Mean, values),
    ScoreRow("MeanAbsoluteError", metrics.MeanAbsoluteError, labels),
    ScoreRow("MeanIoU", lambda: metrics.MeanIoU(CLASSES), same_numbers),
    ScoreRow("MeanSquaredError", metrics.MeanSquaredError, labels),
    ScoreRow("Precision", metrics.Precision, labels),
    ScoreRow("Precision", lambda: metrics.Precision([0.7, 0.3]), labels, "two thresholds"),
    ScoreRow("Recall", metrics.Recall, labels),
    ScoreRow(
        "SparseCategoricalAccuracy",
        lambda: metrics.SparseCategoricalAccuracy(ignore_class=0),
        class_maps,
    ),
    ScoreRow(
        "SparseTopKCategoricalAccuracy",
        lambda: metrics.SparseTopKCategoricalAccuracy(2),
        class_numbers,
    ),
    ScoreRow("TopKCategoricalAccuracy", lambda: metrics.TopKCategoricalAccuracy(2), one_hot),
]
