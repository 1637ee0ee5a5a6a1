"""Scores against scikit-learn and slow counting."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from striate.errors import ShapeError
from striate.tasks.scoring.scores import Scores, confusion_matrix, scores_of

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
    precision, recall, f1, support = metrics.precision_recall_fscore_support(labels, predicted)
    assert [each.precision for each in scores.classes] == pytest.approx(list(precision))
    assert [each.recall for each in scores.classes] == pytest.approx(list(recall))
    assert [each.f1 for each in scores.classes] == pytest.approx(list(f1))
    assert scores.macro_f1 == pytest.approx(f1.mean())
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
    assert [each.f1 for each in scores.classes] == [2 / 3, 0.0, None]
    assert scores.macro_f1 == pytest.approx(1 / 3)  # of the two classes that occur
    assert np.isfinite(scores.loss)  # a probability of 0 for the truth is not infinitely bad


def test_scores_are_json(drawn):
    assert json.loads(json.dumps(drawn[2].to_json()))["classes"][0]["name"] == "cat"
    assert isinstance(drawn[2], Scores)


def test_among_the_best_five_is_what_scikit_learn_says(rng):
    probabilities, labels = rng.dirichlet(np.ones(9), 300), rng.integers(0, 9, 300)
    names = [str(number) for number in range(9)]
    found = scores_of(probabilities, labels, class_names=names, part="test").top_5
    assert found == pytest.approx(metrics.top_k_accuracy_score(labels, probabilities, k=5))
    five = scores_of(np.eye(5), np.arange(5), class_names=names[:5], part="test")
    assert five.top_5 is None  # every class is among the best five


def test_shapes_that_do_not_fit_are_refused():
    words = r"scores_of: `probabilities` must be \(n, 3\), one row a label, n at least 1"
    with pytest.raises(ShapeError, match=words):
        scores_of(np.ones((4, 2)), np.zeros(4, int), class_names=NAMES, part="test")
    with pytest.raises(ShapeError, match=words):
        scores_of(np.ones((0, 3)), np.zeros(0, int), class_names=NAMES, part="test")
