"""How good a classifier is that may find several classes on a picture, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from striate import _check
from striate.tasks.scoring.bootstrap import share_interval
from striate.tasks.scoring.calibration import calibration_error, reliability
from striate.tasks.scoring.scores import class_scores

__all__ = ["THRESHOLD", "LabelScore", "LabelScores", "average_precision", "label_scores_of"]

THRESHOLD = 0.5
"""A class is said to be there from this probability on."""

_LEAST_PROBABILITY = 1e-7


@dataclass(frozen=True)
class LabelScore:
    """How one class was found.

    Args:
        name: of the class.
        pictures: that have it.
        precision, recall, f1: at a probability of 0.5, as in `ClassScore`.
        average_precision: area below precision over recall; None where no picture has the class.
    """

    name: str
    pictures: int
    precision: float | None
    recall: float | None
    f1: float | None
    average_precision: float | None


@dataclass(frozen=True)
class LabelScores:
    """How good a classifier of several labels is on some labelled pictures.

    Args:
        part: which pictures: "test", "validation" or the name of other data.
        pictures: how many.
        loss: mean binary cross-entropy of a class of a picture, natural logarithm.
        accuracy: part of the pictures whose classes were all found, and no other: the subset
            accuracy.
        accuracy_interval: where it lies on unlimited such pictures, with 95 % confidence.
        mean_average_precision: of the classes that occur; None where none does.
        macro_f1: mean F1 of the classes that occur.
        micro_f1: F1 of all classes of all pictures together; None where none is or is said.
        calibration_error: by how much probability and share differ, in 15 bins.
        most_frequent: subset accuracy of always answering the most frequent set of classes.
        classes: one by one.
    """

    part: str
    pictures: int
    loss: float
    accuracy: float
    accuracy_interval: tuple[float, float]
    mean_average_precision: float | None
    macro_f1: float | None
    micro_f1: float | None
    calibration_error: float
    most_frequent: float
    classes: tuple[LabelScore, ...]

    def to_json(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)


def label_scores_of(
    probabilities: npt.NDArray[Any],
    targets: npt.NDArray[Any],
    *,
    class_names: Sequence[str],
    part: str,
) -> LabelScores:
    """The scores of predicted probabilities, several classes a picture.

    Args:
        probabilities: (n, q) that each class is there.
        targets: (n, q) 1 where it is, 0 where not.
        class_names: q names.
        part: what the pictures are called.

    Raises:
        ShapeError: the shapes do not fit, or there is no picture.

    Example:
        >>> p = np.array([[0.9, 0.1], [0.6, 0.7], [0.8, 0.2]])
        >>> y = np.array([[1, 0], [1, 1], [0, 0]])
        >>> found = label_scores_of(p, y, class_names=["cat", "dog"], part="test")
        >>> round(found.accuracy, 2), [round(c.average_precision, 2) for c in found.classes]
        (0.67, [0.83, 1.0])
    """
    shapes = {"probabilities": probabilities.shape, "targets": targets.shape}
    whole = probabilities.shape == targets.shape == (len(targets), len(class_names))
    if not whole or len(targets) == 0:
        rule = f"be (n, {len(class_names)}) as the targets, n at least 1"
        _check.shapes_fail("label_scores_of", "probabilities", rule, shapes)
    there = targets.astype(bool)
    said = probabilities >= THRESHOLD
    counts = [x.sum(axis=0) for x in (there, said, there & said)]
    classes = tuple(
        LabelScore(**asdict(each), average_precision=average_precision(p, y))
        for each, p, y in zip(
            class_scores(class_names, *counts), probabilities.T, there.T, strict=True
        )
    )
    right = int((there == said).all(axis=1).sum())
    chance = np.where(there, probabilities, 1.0 - probabilities).astype(np.float64)
    occurring = [each for each in classes if each.pictures]
    either = int(counts[0].sum() + counts[1].sum())
    return LabelScores(
        part=part,
        pictures=len(targets),
        loss=float(-np.log(np.clip(chance, _LEAST_PROBABILITY, None)).mean()),
        accuracy=right / len(targets),
        accuracy_interval=share_interval(right, len(targets)),
        mean_average_precision=_mean([each.average_precision for each in occurring]),
        macro_f1=_mean([each.f1 for each in occurring]),
        micro_f1=float(2 * counts[2].sum() / either) if either else None,
        calibration_error=calibration_error(reliability(probabilities.ravel(), there.ravel())),
        most_frequent=float(np.unique(there, axis=0, return_counts=True)[1].max() / len(targets)),
        classes=classes,
    )


def average_precision(scores: npt.NDArray[Any], there: npt.NDArray[np.bool_]) -> float | None:
    """The area below precision over recall, in steps, without interpolation.

    Pictures of equal score are taken together, so that their order does not matter.

    Args:
        scores: (n,) the higher the surer.
        there: (n,) the truth.

    Returns:
        A number 0..1; None where the class is on no picture.

    Example:
        >>> average_precision(np.array([0.9, 0.8, 0.7]), np.array([True, False, True]))
        0.8333333333333333
    """
    total = int(there.sum())
    if total == 0:
        return None
    order = np.argsort(-scores, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(scores[order])), len(order) - 1)
    found = np.cumsum(there[order])[ends]
    gained = np.diff(found, prepend=0) / total
    return float((gained * found / (ends + 1)).sum())


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None
