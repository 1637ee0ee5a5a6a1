"""Metrics with Keras' names and values, accumulated where the outputs are."""

from __future__ import annotations

from .accumulator import Accumulator
from .accuracy import (
    Accuracy,
    AccuracyByShape,
    BinaryAccuracy,
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
)
from .auc import AUC
from .base import Metric
from .f1_score import F1Score
from .function import FunctionMetric
from .mean import Mean
from .mean_io_u import MeanIoU
from .names import get
from .precision_recall import Precision, Recall
from .regression import MeanAbsoluteError, MeanSquaredError
from .top_k import SparseTopKCategoricalAccuracy, TopKCategoricalAccuracy

__all__ = [
    "AUC",
    "Accumulator",
    "Accuracy",
    "AccuracyByShape",
    "BinaryAccuracy",
    "CategoricalAccuracy",
    "F1Score",
    "FunctionMetric",
    "Mean",
    "MeanAbsoluteError",
    "MeanIoU",
    "MeanSquaredError",
    "Metric",
    "Precision",
    "Recall",
    "SparseCategoricalAccuracy",
    "SparseTopKCategoricalAccuracy",
    "TopKCategoricalAccuracy",
    "get",
]
