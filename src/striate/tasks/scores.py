"""How good a classifier is: counts of what was true and what was predicted, and what follows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from striate import _check

__all__ = ["ClassScore", "Scores", "confusion_matrix", "scores_of", "wilson_interval"]

_LEAST_PROBABILITY = 1e-7


@dataclass(frozen=True)
class ClassScore:
    """How one class was recognised.

    Args:
        name: of the class.
        pictures: of this class.
        precision: part of the pictures called so that are so; None where none was called so.
        recall: part of its pictures that were called so; None where there is none.
    """

    name: str
    pictures: int
    precision: float | None
    recall: float | None


@dataclass(frozen=True)
class Scores:
    """How good a classifier is on some labelled pictures.

    Args:
        part: which pictures: "test", "validation" or the name of other data.
        pictures: how many.
        loss: mean of -log(probability of the true class), natural logarithm.
        accuracy: part that was recognised.
        accuracy_interval: where the accuracy on unlimited such pictures lies, with 95 % confidence.
        most_frequent: accuracy of always answering the most frequent class.
        classes: one by one.
        confusion: [true][predicted] counts.
    """

    part: str
    pictures: int
    loss: float
    accuracy: float
    accuracy_interval: tuple[float, float]
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
    matrix = confusion_matrix(labels, probabilities.argmax(axis=1), len(class_names))
    true, called, right = matrix.sum(axis=1), matrix.sum(axis=0), matrix.diagonal()
    chosen = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    count = len(labels)
    return Scores(
        part=part,
        pictures=count,
        loss=float(-np.log(np.clip(chosen, _LEAST_PROBABILITY, None)).mean()),
        accuracy=float(right.sum() / count),
        accuracy_interval=wilson_interval(int(right.sum()), count),
        most_frequent=float(true.max() / count),
        classes=tuple(
            ClassScore(
                name,
                int(true[number]),
                float(right[number] / called[number]) if called[number] else None,
                float(right[number] / true[number]) if true[number] else None,
            )
            for number, name in enumerate(class_names)
        ),
        confusion=tuple(tuple(map(int, row)) for row in matrix),
    )


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


def wilson_interval(right: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share: where it lies on unlimited data, `right` of `count` seen.

    Example:
        >>> [round(end, 3) for end in wilson_interval(90, 100)]
        [0.826, 0.945]

    Reference:
        Wilson, "Probable inference, the law of succession, and statistical inference", Journal of
        the American Statistical Association 22, 1927.
    """
    z = 1.959963984540054
    share = right / count
    centre = share + z * z / (2 * count)
    spread = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)
