"""Scores of several labels a picture, against scikit-learn."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from striate.errors import ShapeError
from striate.tasks.scoring.label_scores import average_precision, label_scores_of

NAMES = ("cat", "dog", "owl")


@pytest.fixture
def drawn(rng):
    targets = (rng.random((200, 3)) < [0.5, 0.2, 0.05]).astype(np.uint8)
    probabilities = np.clip(0.4 * targets + 0.6 * rng.random((200, 3)), 0, 1)
    return probabilities, targets


def test_all_numbers_are_those_of_scikit_learn(drawn):
    p, y = drawn
    found = label_scores_of(p, y, class_names=NAMES, part="test")
    said = p >= 0.5
    each = found.classes
    precision, recall, f1, support = metrics.precision_recall_fscore_support(y, said)
    assert [c.precision for c in each] == pytest.approx(list(precision))
    assert [c.recall for c in each] == pytest.approx(list(recall))
    assert [c.f1 for c in each] == pytest.approx(list(f1))
    assert [c.pictures for c in each] == list(support)
    expected = metrics.average_precision_score(y, p, average=None)
    assert [c.average_precision for c in each] == pytest.approx(list(expected))
    assert found.mean_average_precision == pytest.approx(expected.mean())
    assert found.macro_f1 == pytest.approx(f1.mean())
    assert found.micro_f1 == pytest.approx(metrics.f1_score(y, said, average="micro"))
    assert found.accuracy == pytest.approx(metrics.accuracy_score(y, said))
    assert found.loss == pytest.approx(metrics.log_loss(y.ravel(), p.ravel()))
    assert json.loads(json.dumps(found.to_json()))["classes"][2]["name"] == "owl"


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=1, max_size=30))
def test_average_precision_with_ties_is_that_of_scikit_learn_in_any_order(rows):
    scores, there = np.array([row[0] for row in rows]) / 4, np.array([row[1] for row in rows])
    found = average_precision(scores, there)
    if not there.any():
        assert found is None
        return
    assert found == pytest.approx(metrics.average_precision_score(there, scores))
    assert average_precision(scores[::-1], there[::-1]) == pytest.approx(found)


def test_the_most_frequent_set_of_classes_is_the_answer_to_beat():
    y = np.array([[1, 0], [1, 0], [1, 1], [0, 1]])
    found = label_scores_of(np.ones((4, 2)), y, class_names=("a", "b"), part="test")
    assert (found.most_frequent, found.accuracy) == (0.5, 0.25)


def test_classes_that_never_occur_do_not_count():
    y = np.array([[1, 0], [0, 0]])
    found = label_scores_of(y * 0.9, y, class_names=("a", "b"), part="test")
    assert found.classes[1].average_precision is None
    assert (found.mean_average_precision, found.macro_f1) == (1.0, 1.0)
    none = label_scores_of(0.0 * y, 0 * y, class_names=("a", "b"), part="test")
    assert (none.mean_average_precision, none.macro_f1, none.micro_f1) == (None, None, None)
    assert none.accuracy == 1.0


def test_shapes_that_do_not_fit_are_refused():
    words = r"label_scores_of: `probabilities` must be \(n, 3\) as the targets, n at least 1"
    for p, y in (((4, 3), (4, 2)), ((4, 2), (4, 2)), ((0, 3), (0, 3))):
        with pytest.raises(ShapeError, match=words):
            label_scores_of(np.ones(p), np.ones(y), class_names=NAMES, part="test")
