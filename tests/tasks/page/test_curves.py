"""Curves: one chart a measure, a line for training and one for validation, gaps for no number."""

import re

from striate.tasks.page.curves import curves, measures

NAN = float("nan")


def lines(text):
    found = re.findall(r'<polyline points="([^"]*)" class="([^"]*)"', text)
    return [
        ([tuple(map(float, p.split(","))) for p in points.split()], style)
        for points, style in found
    ]


def test_training_and_validation_stand_in_one_chart():
    history = {"loss": [2.0, 1.0, 0.5], "f1": [0.1, 0.2, 0.3], "val_loss": [2.5, 1.5, 1.0]}
    assert measures({**history, "learning_rate": [0.1]}) == ["loss", "f1"]
    text = curves(history)
    assert text.count("<svg") == 2
    (training, style), (validation, other), (f1, _) = lines(text)
    assert (style, other) == ("line first", "line second dashed")
    assert [y for _, y in training] == sorted(y for _, y in training)  # falling goes down
    assert all(a < b for (_, a), (_, b) in zip(validation, training, strict=True))
    assert [y for _, y in f1] == sorted((y for _, y in f1), reverse=True)
    assert "training, last 0.5" in text
    assert "validation, last 1" in text


def test_what_is_no_number_leaves_a_gap():
    ((first, _), (second, _)) = lines(curves({"loss": [1.0, 2.0, NAN, float("inf"), 3.0, 1.0]}))
    assert (len(first), len(second)) == (2, 2)
    assert "no finite numbers" in curves({"loss": [NAN]})
    assert "NaN" not in curves({"loss": [NAN, 1.0]})


def test_one_epoch_is_a_dot_and_a_constant_is_drawn():
    assert curves({"loss": [1.0], "val_loss": [2.0]}).count("<circle") == 2
    ((points, _),) = lines(curves({"loss": [0.5, 0.5]}))
    assert points[0][1] == points[1][1]
