"""The table of scores says every number once, rounded as it should be."""

import numpy as np

from striate.cli.score_table import score_lines
from striate.tasks.scoring.label_scores import label_scores_of
from striate.tasks.scoring.scores import scores_of


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
        "class  pictures  precision  recall     F1",
        "cat           3      1.000   0.667  0.800",
        "dog           1      0.500   1.000  0.667",
        "owl           0          -       -      -",
        "",
        "most confused:",
        "  cat taken for dog: 1",
    ]


def test_without_mistakes_nothing_is_confused_and_many_classes_are_cut():
    labels = np.arange(120)
    names = [f"c{number}" for number in labels]
    lines = score_lines(scores_of(np.eye(120), labels, class_names=names, part="test"))
    assert lines[-1] == "… and 20 more (--json has them all)"


def test_the_lines_of_several_labels():
    p = np.array([[0.9, 0.1], [0.6, 0.7], [0.8, 0.2], [0.1, 0.9]])
    truth = np.array([[1, 0], [1, 1], [0, 0], [0, 0]])
    scores = label_scores_of(p, truth, class_names=["cat", "dog"], part="test")
    low, high = scores.accuracy_interval
    assert score_lines(scores) == [
        "test: 4 pictures",
        "mAP       0.6667  (average precision, mean of the classes)",
        "F1        0.7500  (of all classes together; mean of the classes: 0.7333)",
        f"all right 0.5000  (no class too many or missing; 95 % interval {low:.4f} to {high:.4f}; "
        "always the most frequent set: 0.5000)",
        f"loss      {scores.loss:.4f}  (binary cross-entropy)",
        "",
        "class  pictures  precision  recall     AP",
        "cat           2      0.667   1.000  0.833",
        "dog           1      0.500   1.000  0.500",
    ]
