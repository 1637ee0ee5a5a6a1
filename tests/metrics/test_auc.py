"""The area under the curve: corners and error words."""

import pytest
import torch

from striate.errors import ArgumentError, ShapeError
from striate.metrics import AUC


@pytest.mark.parametrize("curve", ["ROC", "PR"])
def test_the_best_and_the_worst(curve):
    best, worst = AUC(curve=curve), AUC(curve=curve)
    best.update([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9])
    worst.update([1, 1, 0, 0], [0.1, 0.2, 0.8, 0.9])
    assert best.result().item() == pytest.approx(1.0)
    assert worst.result().item() < 0.5


@pytest.mark.parametrize("curve", ["ROC", "PR"])
@pytest.mark.parametrize("targets", [[0, 0], [1, 1]])
def test_targets_of_one_kind_are_finite(curve, targets):
    metric = AUC(curve=curve)
    metric.update(targets, [0.3, 0.6])
    assert torch.isfinite(metric.result())


def test_scores_outside_are_taken_to_the_ends():
    outside, inside = AUC(), AUC()
    outside.update([0, 1, 1], [-3.0, 7.0, 0.5])
    inside.update([0, 1, 1], [0.0, 1.0, 0.5])
    assert torch.equal(outside.result(), inside.result())


def test_more_thresholds_come_closer():
    targets, outputs = [0, 1, 0, 1], [0.9001, 0.9002, 0.9003, 0.9004]
    coarse, fine = AUC(), AUC(100_000)
    coarse.update(targets, outputs)
    fine.update(targets, outputs)
    assert coarse.result().item() == pytest.approx(0.5)
    assert fine.result().item() == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: AUC(1), "AUC: `num_thresholds` must be 2 or more. Got num_thresholds=1."),
        (lambda: AUC(curve="roc"), 'AUC: `curve` must be one of "ROC", "PR"'),
        (lambda: AUC(summation_method="x"), "AUC: `summation_method` must be one of"),
        (lambda: AUC(thresholds=[2.0]), "AUC: `thresholds` must be a number from 0 to 1"),
        (lambda: AUC(from_logits=1), "AUC: `from_logits` must be True or False"),
    ],
)
def test_errors(make, words):
    with pytest.raises(ArgumentError) as caught:
        make()
    assert words in str(caught.value)


def test_several_labels_want_two_dimensions():
    with pytest.raises(ShapeError, match=r"AUC: `outputs` must have 2 dimensions \(n, q\) for `mu"):
        AUC(multi_label=True).update([0, 1], [0.2, 0.7])


def test_a_label_with_more_samples_weighs_no_more():
    """Pooled, the scores of one label would be compared with those of another."""
    targets = [[1, 1], [1, 0], [0, 1], [0, 0]]
    outputs = [[0.4, 0.9], [0.3, 0.8], [0.2, 0.9], [0.1, 0.8]]
    pooled, labels = AUC(), AUC(multi_label=True)
    pooled.update(targets, outputs)
    labels.update(targets, outputs)
    assert labels.result().item() == pytest.approx(1.0)
    assert pooled.result().item() < 0.9
