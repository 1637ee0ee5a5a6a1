"""How good a classifier is, one class a picture: counts of true and predicted, and what follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from striate import _check
from striate.tasks.scoring.bootstrap import share_interval
from striate.tasks.scoring.calibration import calibration_error, reliability

__all__ = ["ClassScore", "Scores", "class_scores", "confusion_matrix", "scores_of"]

_LEAST_PROBABILITY = 1e-7
_TOP = 5


@dataclass(frozen=True)
class ClassScore:
    """How one class was recognised.

    Args:
        name: of the class.
        pictures: of this class.
        precision: part of the pictures called so that are so; None where none was called so.
        recall: part of its pictures that were called so; None where there is none.
        f1: harmonic mean of both; None where the class neither occurs nor was called.
    """

    name: str
    pictures: int
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True)
class Scores:
    """How good a classifier is on some labelled pictures.

    Args:
        part: which pictures: "test", "validation" or the name of other data.
        pictures: how many.
        loss: mean of -log(probability of the true class), natural logarithm.
        accuracy: part that was recognised.
        accuracy_interval: where the accuracy on unlimited such pictures lies, with 95 % confidence.
        top_5: part whose true class is among the five most probable; None below 6 classes.
        macro_f1: mean F1 of the classes that occur, each counting the same.
        calibration_error: by how much confidence and accuracy differ, in 15 bins.
        most_frequent: accuracy of always answering the most frequent class.
        classes: one by one.
        confusion: [true][predicted] counts.
    """

    part: str
    pictures: int
    loss: float
    accuracy: float
    accuracy_interval: tuple[float, float]
    top_5: float | None
    macro_f1: float
    calibration_error: float
    most_frequent: float
    classes: tuple[ClassScore, ...]
    confusion: tuple[tuple[int, ...], ...]

    def most_confused(self, count: int = 5) -> list[tuple[str, str, int]]:
        """(true class, predicted class, how often) of the most frequent mistakes."""
        names = [each.name for each in self.classes]
        pairs = [
            (-times, true, predicted)
            for true, row in enumerate(self.confusion)
            for predicted, times in enumerate(row)
            if times and true != predicted
        ]
        return [(names[true], names[guess], -times) for times, true, guess in sorted(pairs)[:count]]

    def to_json(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)


def scores_of(
    probabilities: npt.NDArray[Any],
    labels: npt.NDArray[np.int64],
    *,
    class_names: Sequence[str],
    part: str,
) -> Scores:
    """The scores of predicted probabilities.

    Args:
        probabilities: (n, q) of each class.
        labels: (n,) true class numbers.
        class_names: q names.
        part: what the pictures are called.

    Raises:
        ShapeError: the shapes do not fit, or there is no picture.

    Example:
        >>> p = np.array([[0.9, 0.1], [0.4, 0.6], [0.8, 0.2]])
        >>> scores_of(p, np.array([0, 1, 1]), class_names=["cat", "dog"], part="test").confusion
        ((1, 0), (1, 1))
    """
    shapes = {"probabilities": probabilities.shape, "labels": labels.shape}
    if probabilities.shape != (len(labels), len(class_names)) or len(labels) == 0:
        rule = f"be (n, {len(class_names)}), one row a label, n at least 1"
        _check.shapes_fail("scores_of", "probabilities", rule, shapes)
    predicted = probabilities.argmax(axis=1)
    matrix = confusion_matrix(labels, predicted, len(class_names))
    true, right, hits = matrix.sum(axis=1), matrix.diagonal(), predicted == labels
    classes = class_scores(class_names, true, matrix.sum(axis=0), right)
    chosen = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    count = len(labels)
    return Scores(
        part=part,
        pictures=count,
        loss=float(-np.log(np.clip(chosen, _LEAST_PROBABILITY, None)).mean()),
        accuracy=float(right.sum() / count),
        accuracy_interval=share_interval(int(right.sum()), count),
        top_5=_top_5(probabilities, labels),
        macro_f1=float(np.mean([each.f1 for each in classes if each.pictures])),
        calibration_error=calibration_error(reliability(probabilities.max(axis=1), hits)),
        most_frequent=float(true.max() / count),
        classes=classes,
        confusion=tuple(tuple(map(int, row)) for row in matrix),
    )


def class_scores(
    names: Sequence[str],
    true: npt.NDArray[np.int64],
    called: npt.NDArray[np.int64],
    right: npt.NDArray[np.int64],
) -> tuple[ClassScore, ...]:
    """The scores of each class from three counts: pictures, called so, and both.

    Example:
        >>> class_scores(["cat"], np.array([4]), np.array([2]), np.array([1]))[0].f1
        0.3333333333333333
    """

    def share(part: np.int64 | int, whole: np.int64 | int) -> float | None:
        return float(part / whole) if whole else None

    rows = zip(names, true, called, right, strict=True)
    return tuple(
        ClassScore(name, int(n), share(hits, said), share(hits, n), share(2 * hits, n + said))
        for name, n, said, hits in rows
    )


def _top_5(probabilities: npt.NDArray[Any], labels: npt.NDArray[np.int64]) -> float | None:
    """The part whose true class is among the best five; of equal ones, those that come first."""
    if probabilities.shape[1] <= _TOP:
        return None
    chosen = probabilities[np.arange(len(labels)), labels][:, None]
    earlier = np.arange(probabilities.shape[1]) < labels[:, None]
    better = (probabilities > chosen) | ((probabilities == chosen) & earlier)
    return float((better.sum(axis=1) < _TOP).mean())


def confusion_matrix(
    labels: npt.NDArray[np.int64], predicted: npt.NDArray[np.int64], classes: int
) -> npt.NDArray[np.int64]:
    """(classes, classes) counts: row the true class, column the predicted one.

    Example:
        >>> confusion_matrix(np.array([0, 1, 1]), np.array([0, 0, 1]), 2).tolist()
        [[1, 0], [1, 1]]
    """
    flat = np.bincount(labels * classes + predicted, minlength=classes * classes)
    return flat.reshape(classes, classes)
