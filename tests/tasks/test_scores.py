"""Scores against scikit-learn and slow counting."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from striate.errors import ShapeError
from striate.tasks.scores import Scores, confusion_matrix, scores_of, wilson_interval

NAMES = ("cat", "dog", "owl")


@pytest.fixture
def drawn(rng):
    probabilities = rng.dirichlet([1, 1, 1], 200)
    labels = rng.integers(0, 3, 200)
    return probabilities, labels, scores_of(probabilities, labels, class_names=NAMES, part="test")


def test_all_numbers_are_those_of_scikit_learn(drawn):
    probabilities, labels, scores = drawn
    predicted = probabilities.argmax(axis=1)
    assert scores.accuracy == pytest.approx(metrics.accuracy_score(labels, predicted))
    assert scores.loss == pytest.approx(metrics.log_loss(labels, probabilities))
    assert np.array_equal(scores.confusion, metrics.confusion_matrix(labels, predicted))
    precision, recall, _, support = metrics.precision_recall_fscore_support(labels, predicted)
    assert [each.precision for each in scores.classes] == pytest.approx(list(precision))
    assert [each.recall for each in scores.classes] == pytest.approx(list(recall))
    assert [each.pictures for each in scores.classes] == list(support)
    assert scores.most_frequent == max(support) / 200


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40))
def test_the_confusion_matrix_counts_pairs(pairs):
    labels, predicted = np.array(pairs).T
    matrix = confusion_matrix(labels, predicted, 4)
    for true in range(4):
        for guess in range(4):
            assert matrix[true, guess] == pairs.count((true, guess))


def test_the_most_confused_pairs_come_first_and_hits_never():
    labels = np.array([0, 0, 0, 1, 1, 2])
    predicted = np.array([1, 1, 0, 2, 1, 2])
    scores = scores_of(np.eye(3)[predicted], labels, class_names=NAMES, part="test")
    assert scores.most_confused() == [("cat", "dog", 2), ("dog", "owl", 1)]
    assert scores.most_confused(1) == [("cat", "dog", 2)]


def test_a_class_that_never_occurs_has_no_recall_and_one_never_called_no_precision():
    labels, predicted = np.array([0, 1]), np.array([0, 0])
    scores = scores_of(np.eye(3)[predicted], labels, class_names=NAMES, part="test")
    assert [each.precision for each in scores.classes] == [0.5, None, None]
    assert [each.recall for each in scores.classes] == [1.0, 0.0, None]
    assert np.isfinite(scores.loss)  # a probability of 0 for the truth is not infinitely bad


def test_scores_are_json(drawn):
    assert json.loads(json.dumps(drawn[2].to_json()))["classes"][0]["name"] == "cat"
    assert isinstance(drawn[2], Scores)


def test_the_interval_holds_the_truth_95_times_of_100(rng):
    for truth in (0.5, 0.9, 0.99):
        ends = [wilson_interval(int(n), 100) for n in rng.binomial(100, truth, 4000)]
        held = np.mean([low <= truth <= high for low, high in ends])
        assert 0.91 < held <= 0.99
    assert wilson_interval(0, 5)[0] == 0.0
    assert wilson_interval(5, 5)[1] == pytest.approx(1.0)


def test_shapes_that_do_not_fit_are_refused():
    words = r"scores_of: `probabilities` must be \(n, 3\), one row a label, n at least 1"
    with pytest.raises(ShapeError, match=words):
        scores_of(np.ones((4, 2)), np.zeros(4, int), class_names=NAMES, part="test")
    with pytest.raises(ShapeError, match=words):
        scores_of(np.ones((0, 3)), np.zeros(0, int), class_names=NAMES, part="test")
