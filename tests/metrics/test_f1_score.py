"""F1Score counts by hand, and what it takes and refuses."""

import pytest
import torch

from striate.errors import ArgumentError, ShapeError
from striate.metrics import F1Score

TARGETS = [[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 0]]
OUTPUTS = [[0.9, 0.6, 0.1], [0.4, 0.8, 0.2], [0.7, 0.9, 0.0], [0.1, 0.2, 0.3]]


@pytest.mark.parametrize(
    ("average", "expected"),
    [
        (None, [0.5, 0.8, 0.0]),  # TP 1 FP 1 FN 1, TP 2 FP 1 FN 0, none at all
        ("macro", 1.3 / 3),
        ("micro", 2 * 3 / (2 * 3 + 2 + 1)),
        ("weighted", (2 * 0.5 + 2 * 0.8) / 4),
    ],
)
def test_several_labels_by_hand(average, expected, close):
    metric = F1Score(average, 0.5)
    metric.update(TARGETS, OUTPUTS)
    close(metric.result(), torch.tensor(expected, dtype=torch.float64))


def test_weights_count_samples(close):
    weighted, repeated = F1Score(threshold=0.5), F1Score(threshold=0.5)
    weighted.update(TARGETS, OUTPUTS, [1, 2, 0, 3])
    rows = [0, 1, 1, 3, 3, 3]
    repeated.update([TARGETS[i] for i in rows], [OUTPUTS[i] for i in rows])
    close(weighted.result(), repeated.result())


def test_logits_are_cut_at_a_threshold_of_their_own(close):
    metric, plain = F1Score(threshold=0.0), F1Score(threshold=0.5)
    metric.update(TARGETS, torch.logit(torch.tensor(OUTPUTS), eps=1e-6))
    plain.update(TARGETS, OUTPUTS)
    close(metric.result(), plain.result())


def test_one_class_and_targets_without_its_axis(close):
    metric = F1Score(threshold=0.5)
    metric.update([1, 0, 1], [[0.9], [0.8], [0.1]])
    close(metric.result(), torch.tensor([0.5], dtype=torch.float64))


def test_what_is_refused():
    with pytest.raises(ArgumentError, match=r'F1Score: `average` must be one of "micro", "macro"'):
        F1Score("binary")
    with pytest.raises(ArgumentError, match=r"F1Score: `threshold` must be a number"):
        F1Score(threshold="half")
    with pytest.raises(ShapeError, match=r"F1Score: `outputs` must have 2 dimensions \(n, q\)"):
        F1Score().update(torch.zeros(2, 3, 4), torch.zeros(2, 3, 4))
    with pytest.raises(ShapeError, match=r"F1Score: `targets` must have the shape of the outputs"):
        F1Score().update(torch.zeros(2, 3), torch.zeros(2, 4))


def test_the_number_of_classes_stays():
    metric, other = F1Score(threshold=0.5), F1Score(threshold=0.5)
    metric.update(TARGETS, OUTPUTS)
    other.update(torch.zeros(2, 2), torch.zeros(2, 2))
    words = r'F1Score "f1_score": `outputs` must have 3 labels, as in the batches before\. Got outp'
    with pytest.raises(ArgumentError, match=words):
        metric.update(torch.zeros(2, 2), torch.zeros(2, 2))
    with pytest.raises(ArgumentError, match=words):
        metric.merge(other)
    odd = metric.state() | {"true_positives": torch.zeros(4)}
    with pytest.raises(ArgumentError, match=r'F1Score "f1_score": `state` must hold'):
        other.load_state(odd)
    metric.reset()
    metric.update(torch.zeros(2, 2), torch.zeros(2, 2))
