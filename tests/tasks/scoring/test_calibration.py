"""Calibration: the error is the definition's, the temperature the one that was planted."""

import json

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from striate.errors import ArgumentError, ShapeError
from striate.tasks.scoring import calibration
from striate.tasks.scoring.calibration import (
    BINS,
    calibrate,
    calibration_error,
    reliability,
    scaled,
)


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def planted(rng, count, temperature, classes=4):
    """Probabilities that are too sure by a known factor, and labels drawn from the true ones."""
    logits = 2 * rng.standard_normal((count, classes))
    true = softmax(logits)
    labels = (true.cumsum(axis=1) > rng.random((count, 1))).argmax(axis=1)
    return softmax(logits * temperature), labels


def slow_error(confidences, right):
    total = 0.0
    for number in range(BINS):
        last = number == BINS - 1
        inside = [
            (c, r)
            for c, r in zip(confidences, right, strict=True)
            if number / BINS <= c and (c < (number + 1) / BINS or last)
        ]
        if inside:
            gap = abs(np.mean([c for c, _ in inside]) - np.mean([r for _, r in inside]))
            total += len(inside) / len(confidences) * gap
    return total


def test_the_error_is_the_definitions(rng):
    p, labels = planted(rng, 500, 1.7)
    confidences, right = p.max(axis=1), p.argmax(axis=1) == labels
    bins = reliability(confidences, right)
    assert calibration_error(bins) == pytest.approx(slow_error(confidences, right))
    assert sum(each.count for each in bins) == 500
    found = calibrate(p, labels, part="test")
    assert found.error == pytest.approx(slow_error(confidences, right), rel=1e-6)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_the_planted_temperature_is_found_on_other_pictures(rng, temperature):
    fit = planted(rng, 20_000, temperature)
    p, labels = planted(rng, 5_000, temperature)
    found = calibrate(p, labels, part="test", fit=fit)
    assert found.fitted_on == "validation"
    assert found.temperature == pytest.approx(temperature, rel=0.03)
    assert found.scaled_error < 0.02
    assert found.scaled_loss <= found.loss + 1e-3
    if temperature == 3.0:
        assert found.error > 0.1


def test_the_temperature_is_scipys(rng):
    p, labels = planted(rng, 300, 2.0)
    log = np.log(p)

    def loss(t):
        return -np.log(softmax(log / t)[np.arange(300), labels]).mean()

    expected = minimize_scalar(loss, bounds=(0.05, 20), method="bounded", options={"xatol": 1e-9})
    found = calibrate(p, labels, part="test").temperature
    assert found == pytest.approx(expected.x, rel=1e-4)


def test_of_very_many_pictures_so_many_are_drawn_as_it_takes(rng, monkeypatch):
    p, labels = planted(rng, 30_000, 2.0)
    whole = calibrate(p, labels, part="test").temperature
    monkeypatch.setattr(calibration, "_FIT_NUMBERS", 40_000)
    drawn = calibrate(p, labels, part="test").temperature
    assert drawn != whole
    assert drawn == pytest.approx(whole, rel=0.05)


def test_without_other_pictures_it_is_cross_fitted(rng):
    p, labels = planted(rng, 1_000, 2.0)
    found = calibrate(p, labels, part="validation")
    assert found.fitted_on == "cross-fitted"
    own = calibrate(p, labels, part="validation", fit=(p, labels))  # fitted on what it is judged by
    assert found.temperature == own.temperature
    assert found.scaled_loss > own.scaled_loss  # the honest number is the worse one
    again = calibrate(p, labels, part="validation")
    assert again == found


def test_pure_noise_gains_nothing_where_it_is_cross_fitted(rng):
    p, labels = planted(rng, 60, 1.0)
    found = calibrate(p, labels, part="test")
    assert found.scaled_loss > calibrate(p, labels, part="test", fit=(p, labels)).scaled_loss


def test_of_few_pictures_no_temperature_is_fitted(rng):
    found = calibrate(*planted(rng, 49, 2.0), part="test")
    assert (found.fitted_on, found.temperature, found.scaled_bins) == ("nothing", None, ())
    other = planted(rng, 49, 2.0)
    assert calibrate(*planted(rng, 80, 2.0), part="test", fit=other).fitted_on == "cross-fitted"


def test_a_net_without_mistakes_gets_no_temperature_and_one_that_is_always_wrong_the_hottest():
    sides = np.arange(60) % 2
    found = calibrate(np.repeat([[0.6, 0.4]], 60, axis=0), np.zeros(60, int), part="test")
    assert (found.fitted_on, found.temperature) == ("nothing", None)
    few = calibrate(np.eye(2)[sides], np.where(np.arange(60) < 9, 1 - sides, sides), part="test")
    assert few.temperature is None
    hard = calibrate(np.eye(2)[sides], np.where(np.arange(60) < 10, 1 - sides, sides), part="test")
    assert np.isfinite([hard.temperature, hard.scaled_error, hard.scaled_loss]).all()
    wrong = calibrate(np.eye(2)[sides], 1 - sides, part="test")
    assert wrong.temperature == pytest.approx(20.0, rel=0.01)


def test_several_labels_a_picture_are_answers_of_their_own(rng):
    logits = 2 * rng.standard_normal((4_000, 3))
    truth = (rng.random((4_000, 3)) < 1 / (1 + np.exp(-logits))).astype(np.uint8)
    p = 1 / (1 + np.exp(-logits * 2.5))
    found = calibrate(p[:2000], truth[:2000], part="test", fit=(p[2000:], truth[2000:]))
    assert found.temperature == pytest.approx(2.5, rel=0.06)
    assert found.error == pytest.approx(slow_error(p[:2000].ravel(), truth[:2000].ravel()))
    assert found.scaled_error < found.error / 3
    assert calibrate(p, truth, part="test").fitted_on == "cross-fitted"


def test_scaling_changes_no_answer(rng):
    p, _ = planted(rng, 100, 1.0)
    cooler = scaled(p, 2.0)
    assert np.allclose(cooler.sum(axis=1), 1)
    assert (cooler.argmax(axis=1) == p.argmax(axis=1)).all()
    assert (cooler.max(axis=1) < p.max(axis=1)).all()
    assert np.allclose(scaled(p, 1.0), p)
    with pytest.raises(ArgumentError, match="scaled: `temperature` must be a number above 0"):
        scaled(p, 0.0)


def test_it_is_json_and_wrong_shapes_are_refused(rng):
    found = calibrate(*planted(rng, 60, 2.0), part="test")
    assert len(json.loads(json.dumps(found.to_json()))["scaled_bins"]) == BINS
    words = r"calibrate: `probabilities` must have a row of probabilities \(n, q\)"
    for p, truth in (((4, 2), (3,)), ((4, 2), (4, 3)), ((0, 2), (0,)), ((4,), (4,))):
        with pytest.raises(ShapeError, match=words):
            calibrate(np.ones(p), np.zeros(truth, int), part="test")
