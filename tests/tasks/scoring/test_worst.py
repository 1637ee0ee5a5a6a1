"""The worst answers come first, with what they are and what they were taken for."""

import numpy as np
import pytest

from striate.tasks.scoring.predictions import Predictions
from striate.tasks.scoring.worst import best_number, worst_cases

P = np.array([[0.9, 0.1], [0.2, 0.8], [0.55, 0.45], [0.97, 0.03]])
NAMES = ["a", "b", "c", "d"]


def said(truth, p=P):
    names = [str(number) for number in range(len(p))]
    return Predictions("pets", "test", tuple("xyz"[: p.shape[1]]), names, np.array(truth), p)


def test_the_least_probability_of_the_truth_comes_first():
    cases = worst_cases(said([0, 0, 1, 1]), 9)
    assert [case.number for case in cases] == [3, 1, 2, 0]
    assert [case.right for case in cases] == [False, False, False, True]
    assert (cases[0].name, cases[0].truth, cases[0].said) == ("3", ("y",), (("x", 0.97),))
    assert [case.chance for case in cases] == pytest.approx([0.03, 0.2, 0.45, 0.9])
    assert [case.number for case in worst_cases(said([0, 0, 1, 1]), 2)] == [3, 1]
    assert best_number(said([0, 0, 1, 1])) == 0


def test_an_uncertain_hit_stands_behind_every_mistake():
    p = np.array([[0.34, 0.33, 0.33], [0.48, 0.52, 0.0]])
    assert [case.number for case in worst_cases(said([0, 0], p), 2)] == [1, 0]


def test_of_several_classes_the_whole_set_counts():
    p = np.array([[0.9, 0.6], [0.2, 0.1], [0.5, 0.99]])
    cases = worst_cases(said([[1, 0], [0, 0], [0, 0]], p), 3)
    assert [case.number for case in cases] == [2, 0, 1]
    assert [case.chance for case in cases] == pytest.approx([0.5 * 0.01, 0.9 * 0.4, 0.8 * 0.9])
    assert cases[0].truth == ()
    assert cases[0].said == (("y", 0.99), ("x", 0.5))
    assert (cases[2].said, cases[2].right) == ((), True)
