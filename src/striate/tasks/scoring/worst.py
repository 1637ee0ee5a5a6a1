"""The worst answers: those that gave the truth the least probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from striate.tasks.scoring.label_scores import THRESHOLD
from striate.tasks.scoring.predictions import Predictions

__all__ = ["Case", "best_number", "worst_cases"]

_LEAST_PROBABILITY = 1e-7
_MOST_SAID = 4


@dataclass(frozen=True)
class Case:
    """One picture and what was said about it.

    Args:
        number: of the picture among the predictions.
        name: of the picture.
        truth: its classes: one, or several, or none.
        said: the classes it was taken for, each with its probability.
        chance: probability that was given to the truth: of its class, or of all of its classes
            being there and no other.
        right: whether it was recognised.
    """

    number: int
    name: str
    truth: tuple[str, ...]
    said: tuple[tuple[str, float], ...]
    chance: float
    right: bool


def worst_cases(predictions: Predictions, count: int) -> list[Case]:
    """The worst answers: mistakes first, then by the probability that was given to the truth.

    Args:
        predictions: of labelled pictures.
        count: how many answers are given at most.

    Example:
        >>> p = np.array([[0.9, 0.1], [0.2, 0.8]])
        >>> said = Predictions("pets", "test", ("cat", "dog"), ["1.png", "2.png"], [1, 1], p)
        >>> worst_cases(said, 1)[0].said
        (('cat', 0.9),)
    """
    logs, hits = _log_chances(predictions), predictions.hits
    return [
        Case(
            number=int(number),
            name=predictions.names[number],
            truth=_names(predictions, predictions.truth[number]),
            said=_said(predictions, number),
            chance=float(np.exp(logs[number])),
            right=bool(hits[number]),
        )
        for number in np.lexsort((logs, hits))[:count]
    ]


def best_number(predictions: Predictions) -> int:
    """The number of the picture whose truth was given the highest probability.

    Example:
        >>> p = np.array([[0.9, 0.1], [0.2, 0.8]])
        >>> best_number(Predictions("x", "test", ("a", "b"), ["1", "2"], [1, 1], p))
        1
    """
    return int(_log_chances(predictions).argmax())


def _log_chances(predictions: Predictions) -> npt.NDArray[np.float64]:
    """(n,) logarithm of the probability that was given to the truth."""
    given = predictions.probabilities.astype(np.float64)
    if predictions.several:
        given = np.where(predictions.truth.astype(bool), given, 1.0 - given)
        return np.asarray(np.log(np.clip(given, _LEAST_PROBABILITY, None)).sum(axis=1))
    chosen = given[np.arange(len(predictions)), predictions.truth]
    return np.asarray(np.log(np.clip(chosen, _LEAST_PROBABILITY, None)))


def _names(predictions: Predictions, truth: npt.NDArray[np.int64]) -> tuple[str, ...]:
    numbers = np.flatnonzero(truth) if predictions.several else [truth]
    return tuple(predictions.class_names[int(number)] for number in numbers)


def _said(predictions: Predictions, number: int) -> tuple[tuple[str, float], ...]:
    """The most probable class; or the classes that were said to be there, the surest first."""
    row = predictions.probabilities[number]
    order = np.argsort(-row, kind="stable")
    if predictions.several:
        chosen = [index for index in order if row[index] >= THRESHOLD][:_MOST_SAID]
    else:
        chosen = list(order[:1])
    return tuple((predictions.class_names[index], float(row[index])) for index in chosen)
