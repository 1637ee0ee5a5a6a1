"""By what a classification is judged while it learns: the loss, its weights, the metrics."""

from __future__ import annotations

from typing import Any

from striate.losses import BinaryCrossentropy, CategoricalCrossentropy, Loss
from striate.metrics import BinaryAccuracy
from striate.tasks.pictures.parts import ClassData

__all__ = ["class_weight", "loss_of", "metrics_of"]


def loss_of(data: ClassData, label_smoothing: float) -> Loss:
    """Cross-entropy: of one class a picture, or of a yes or no for each class.

    Args:
        data: that is trained on.
        label_smoothing: part of the truth that is shared out.
    """
    kind = BinaryCrossentropy if data.several else CategoricalCrossentropy
    return kind(label_smoothing=label_smoothing)


def metrics_of(data: ClassData) -> list[Any]:
    """What is shown of each epoch beside the loss.

    Args:
        data: that is trained on.
    """
    return [BinaryAccuracy(name="accuracy"), "f1_score"] if data.several else ["accuracy"]


def class_weight(data: ClassData) -> dict[int, float]:
    """Factors by which every class counts the same in the loss, 1 in the mean over pictures.

    Args:
        data: that is trained on.
    """
    counts = data.counts
    there = int((counts > 0).sum())
    total = counts.sum()
    return {c: float(total / (there * n)) for c, n in enumerate(counts) if n}
