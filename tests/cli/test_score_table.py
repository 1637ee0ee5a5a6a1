"""The table of scores says every number once, rounded as it should be."""

import numpy as np

from striate.cli.score_table import score_lines
from striate.tasks.scores import scores_of


def test_the_lines():
    labels, predicted = np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1])
    p = np.where(np.eye(3)[predicted] == 1, 0.8, 0.1)
    scores = scores_of(p, labels, class_names=["cat", "dog", "owl"], part="test")
    assert score_lines(scores) == [
        "test: 4 pictures",
        "accuracy  0.7500  (95 % interval 0.3006 to 0.9544; "
        "always the most frequent class: 0.7500)",
        "loss      0.7430  (cross-entropy, without label smoothing)",
        "",
        "class  pictures  precision  recall",
        "cat           3      1.000   0.667",
        "dog           1      0.500   1.000",
        "owl           0          -       -",
        "",
        "most confused:",
        "  cat taken for dog: 1",
    ]


def test_without_mistakes_nothing_is_confused_and_many_classes_are_cut():
    labels = np.arange(120)
    names = [f"c{number}" for number in labels]
    lines = score_lines(scores_of(np.eye(120), labels, class_names=names, part="test"))
    assert lines[-1] == "… and 20 more (--json has them all)"
