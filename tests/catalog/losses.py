"""One row per public loss, and more where it has cases that differ."""

from striate import losses
from tests.catalog.score_row import ScoreRow, class_maps, class_numbers, labels, logits, one_hot


def squared(y_true, y_pred):
    return (y_true - y_pred).square().mean(dim=-1)


LOSSES = [
    ScoreRow("BinaryCrossentropy", losses.BinaryCrossentropy, labels),
    ScoreRow(
        "BinaryCrossentropy",
        lambda: losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.1),
        logits,
        "logits",
    ),
    ScoreRow("BinaryFocalCrossentropy", losses.BinaryFocalCrossentropy, labels),
    ScoreRow(
        "BinaryFocalCrossentropy",
        lambda: losses.BinaryFocalCrossentropy(apply_class_balancing=True, gamma=1.5),
        labels,
        "balanced",
    ),
    ScoreRow("CategoricalCrossentropy", losses.CategoricalCrossentropy, one_hot),
    ScoreRow(
        "CategoricalCrossentropy",
        lambda: losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1),
        one_hot,
        "logits",
    ),
    ScoreRow("CategoricalFocalCrossentropy", losses.CategoricalFocalCrossentropy, one_hot),
    ScoreRow("Dice", lambda: losses.Dice(axis=1), labels),
    ScoreRow("FunctionLoss", lambda: losses.FunctionLoss(squared), labels),
    ScoreRow("Huber", lambda: losses.Huber(0.3), labels),
    ScoreRow("MeanAbsoluteError", losses.MeanAbsoluteError, labels),
    ScoreRow("MeanSquaredError", losses.MeanSquaredError, labels),
    ScoreRow("NearestCentre", losses.NearestCentre, class_numbers),
    ScoreRow("NearestCentre", lambda: losses.NearestCentre(None), class_maps, "no rubbish"),
    ScoreRow("SparseCategoricalCrossentropy", losses.SparseCategoricalCrossentropy, class_numbers),
    ScoreRow(
        "SparseCategoricalCrossentropy",
        lambda: losses.SparseCategoricalCrossentropy(ignore_class=0, label_smoothing=0.1),
        class_maps,
        "maps",
    ),
]
