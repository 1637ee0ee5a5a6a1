"""Whether probabilities can be believed: expected calibration error, and a temperature.

Of the pictures that a calibrated net is 80 % sure of, 80 % are right. The error is measured in 15
bins of equal width. Dividing the logits by one number, the temperature, mends most of it and
changes no answer; a temperature above 1 makes the net less sure.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from striate import _check

__all__ = ["BINS", "Bin", "Calibration", "calibrate", "calibration_error", "reliability", "scaled"]

BINS = 15
_FOLDS, _SEED = 5, 0
_FEWEST, _FEWEST_MISTAKES = 50, 10
_LEAST_PROBABILITY = 1e-7
_COLDEST, _HOTTEST = 0.05, 20.0
_NEWTON_STEPS, _CLOSE = 100, 1e-8
_FIT_ROWS, _FIT_NUMBERS = 10_000, 5_000_000

Floats = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Bin:
    """Answers of about the same confidence.

    Args:
        low, high: the confidences from and up to which; the last bin includes its upper end.
        count: how many answers.
        confidence: their mean; None where there is none.
        share: how many of them are right, 0..1; None where there is none.
    """

    low: float
    high: float
    count: int
    confidence: float | None
    share: float | None


@dataclass(frozen=True)
class Calibration:
    """How far the probabilities can be believed, before and after one temperature.

    Args:
        part: the pictures it is measured on.
        fitted_on: "validation", other pictures than those; "cross-fitted", five folds of those,
            each scaled with the temperature of the other four; "nothing", where there are too few.
        temperature: the number that logits are to be divided by; None where nothing was fitted.
        error, scaled_error: expected calibration error before and after, 0..1.
        loss, scaled_loss: mean cross-entropy of an answer before and after.
        bins, scaled_bins: the reliability diagram before and after.
    """

    part: str
    fitted_on: str
    temperature: float | None
    error: float
    scaled_error: float | None
    loss: float
    scaled_loss: float | None
    bins: tuple[Bin, ...]
    scaled_bins: tuple[Bin, ...]

    def to_json(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)


def calibrate(
    probabilities: Floats,
    truth: npt.NDArray[Any],
    *,
    part: str,
    fit: tuple[Floats, npt.NDArray[Any]] | None = None,
) -> Calibration:
    """Measures the calibration, fits a temperature, and measures again.

    The temperature is fitted on other pictures where there are some. Else it is cross-fitted, so
    that "after" is never measured on the pictures that a temperature was fitted on. Of fewer than
    50 pictures, or fewer than 10 mistakes, none is fitted: without mistakes the best temperature
    is near 0, and the net never unsure.

    Several labels a picture: each class of each picture is an answer, and its confidence is the
    probability that the class is there.

    Args:
        probabilities: (n, q) of the classes.
        truth: (n,) class numbers, or (n, q) 0 and 1.
        part: what the pictures are called.
        fit: probabilities and truth of other pictures; None to cross-fit.

    Raises:
        ShapeError: the shapes do not fit, or there is no picture.

    Example:
        >>> sure = np.repeat([[0.99, 0.01]], 100, axis=0)
        >>> truth = (np.arange(100) % 10 >= 7).astype(int)
        >>> found = calibrate(sure, truth, part="test")
        >>> round(found.error, 2), round(found.temperature, 1), round(found.scaled_error, 2)
        (0.29, 5.4, 0.0)
    """
    logits, labels, groups = _as_choice(probabilities, truth)
    several = truth.ndim == 2
    folds = None
    other = None if fit is None else _as_choice(*fit)
    if other is not None and _suffices(*other):
        how, temperature = "validation", _temperature(*other[:2])
    elif _suffices(logits, labels, groups):
        how, temperature = "cross-fitted", _temperature(logits, labels)
        folds = np.random.default_rng(_SEED).permutation(len(probabilities))[groups] % _FOLDS
    else:
        how, temperature = "nothing", None
    before = _softmax(logits)
    error, bins = _measure(before, labels, several)
    after, scaled_error = None, None
    scaled_bins: tuple[Bin, ...] = ()
    if temperature is not None:
        divisors = np.full(len(logits), temperature)
        for fold in range(_FOLDS) if folds is not None else ():
            chosen = folds == fold
            divisors[chosen] = _temperature(logits[~chosen], labels[~chosen], start=temperature)
        after = _softmax(logits / divisors[:, None])
        scaled_error, scaled_bins = _measure(after, labels, several)
    return Calibration(
        part=part,
        fitted_on=how,
        temperature=temperature,
        error=error,
        scaled_error=scaled_error,
        loss=_loss(before, labels),
        scaled_loss=None if after is None else _loss(after, labels),
        bins=bins,
        scaled_bins=scaled_bins,
    )


def scaled(probabilities: Floats, temperature: float) -> Floats:
    """Probabilities (n, q), one class a picture, as the temperature makes them.

    Raises:
        ArgumentError: a temperature that is not above 0.

    Example:
        >>> scaled(np.array([[0.9, 0.1]]), 2.0).round(2).tolist()
        [[0.75, 0.25]]
    """
    _check.positive("scaled", "temperature", temperature)
    return _softmax(_log(probabilities) / temperature)


def reliability(confidences: Floats, right: npt.NDArray[Any]) -> tuple[Bin, ...]:
    """The 15 bins of the reliability diagram.

    Args:
        confidences: (n,) 0..1.
        right: (n,) whether each answer is right.

    Example:
        >>> bins = reliability(np.array([0.95, 0.99, 0.5]), np.array([True, False, True]))
        >>> bins[-1].count, bins[-1].share
        (2, 0.5)
    """
    numbers = np.minimum((np.asarray(confidences, np.float64) * BINS).astype(np.int64), BINS - 1)
    counts = np.bincount(numbers, minlength=BINS)
    sums = np.bincount(numbers, weights=confidences, minlength=BINS)
    hits = np.bincount(numbers, weights=right.astype(np.float64), minlength=BINS)
    return tuple(
        Bin(
            low=number / BINS,
            high=(number + 1) / BINS,
            count=int(count),
            confidence=float(sums[number] / count) if count else None,
            share=float(hits[number] / count) if count else None,
        )
        for number, count in enumerate(counts)
    )


def calibration_error(bins: tuple[Bin, ...]) -> float:
    """The expected calibration error: by how much confidence and share differ, in the mean.

    Reference:
        Guo et al., "On calibration of modern neural networks", ICML 2017, arXiv 1706.04599, eq. 3.
    """
    total = sum(each.count for each in bins)
    gaps = [
        each.count * abs(each.confidence - each.share)
        for each in bins
        if each.confidence is not None and each.share is not None
    ]
    return sum(gaps) / total


def _as_choice(
    probabilities: Floats, truth: npt.NDArray[Any]
) -> tuple[Floats, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Logits (m, k), the right column of each row (m,), and the picture of each row (m,)."""
    count = len(probabilities)
    fitting = probabilities.ndim == 2 and truth.shape in ((count,), probabilities.shape)
    if not fitting or count == 0:
        rule = "have a row of probabilities (n, q) for each of the truth (n,) or (n, q)"
        shapes = {"probabilities": probabilities.shape, "truth": truth.shape}
        _check.shapes_fail("calibrate", "probabilities", rule, shapes)
    if truth.ndim == 1:
        return _log(probabilities), truth.astype(np.int64), np.arange(count)
    there = probabilities.reshape(-1)
    logits = _log(np.stack([1.0 - there, there], axis=1))
    return logits, truth.reshape(-1).astype(np.int64), np.repeat(np.arange(count), truth.shape[1])


def _suffices(logits: Floats, labels: npt.NDArray[np.int64], groups: npt.NDArray[np.int64]) -> bool:
    """Whether a temperature can be fitted: so many pictures, and so many mistakes."""
    mistakes = int((logits.argmax(axis=1) != labels).sum())
    return int(groups[-1]) + 1 >= _FEWEST and mistakes >= _FEWEST_MISTAKES


def _log(probabilities: Floats) -> Floats:
    return np.log(np.clip(probabilities.astype(np.float64), _LEAST_PROBABILITY, None))


def _softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _loss(probabilities: Floats, labels: npt.NDArray[np.int64]) -> float:
    return float(-_log(probabilities[np.arange(len(labels)), labels]).mean())


def _measure(
    probabilities: Floats, labels: npt.NDArray[np.int64], several: bool
) -> tuple[float, tuple[Bin, ...]]:
    if several:
        bins = reliability(probabilities[:, 1], labels == 1)
    else:
        bins = reliability(probabilities.max(axis=1), probabilities.argmax(axis=1) == labels)
    return calibration_error(bins), bins


def _temperature(logits: Floats, labels: npt.NDArray[np.int64], *, start: float = 1.0) -> float:
    """The temperature of the least cross-entropy, from 0.05 to 20.

    The loss is convex in 1 / temperature: Newton's steps on its slope, kept within what the
    slope's signs have shown. One number needs no more than 10,000 rows, or so many that they hold
    5 million logits: of more, so many are drawn.
    """
    most = max(_FIT_ROWS, _FIT_NUMBERS // logits.shape[1])
    if len(logits) > most:
        drawn = np.random.default_rng(_SEED).choice(len(logits), most, replace=False)
        logits, labels = logits[drawn], labels[drawn]
    true = float(logits[np.arange(len(labels)), labels].mean())
    low, high = 1 / _HOTTEST, 1 / _COLDEST
    inverse = 1 / start
    for _ in range(_NEWTON_STEPS):
        shares = _softmax(logits * inverse)
        mean = np.einsum("nq,nq->n", shares, logits)
        slope = float(mean.mean()) - true
        squares = np.einsum("nq,nq,nq->n", shares, logits, logits)
        bend = float((squares - mean**2).mean())
        low, high = (low, inverse) if slope > 0 else (inverse, high)
        step = inverse - slope / bend if bend > 0 else low
        new = step if low < step < high else (low * high) ** 0.5
        if abs(new - inverse) <= _CLOSE * inverse:
            break
        inverse = new
    return 1 / inverse
