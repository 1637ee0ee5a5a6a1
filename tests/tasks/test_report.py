"""The model card and the report of a run: what is written is what was measured."""

import json

import numpy as np
import pytest

import striate
from striate.tasks.class_data import open_class_data
from striate.tasks.report import model_card, score_part, write_report


@pytest.fixture
def measured():
    data = open_class_data("digits")
    model = striate.tasks.convnet(data.input_shape, 10)
    return model, data, score_part(model, data.parts["test"], data=data, name="test")


def test_scores_and_probabilities_are_of_the_same_pictures(measured):
    _, data, (scores, probabilities) = measured
    assert probabilities.shape == (355, 10)
    hits = probabilities.argmax(axis=1) == data.parts["test"].labels
    assert scores.accuracy == pytest.approx(hits.mean())


def test_the_card_of_a_run_and_of_one_that_was_broken_off(measured):
    model, data, (scores, _) = measured
    card = model_card(model, data, scores=scores, config="epochs = 1\n")
    head, front, body = card.split("---\n", 2)
    assert head == ""
    assert f"metrics: [{{type: accuracy, value: {scores.accuracy:.4f}}}]" in front
    assert "```toml\nepochs = 1\n```" in body
    assert "Says which of 10 classes is on a picture: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9." in body
    assert "It takes pictures of 8 × 8 pixels" in body
    broken_off = model_card(model, data, scores=None, config="")
    assert "metrics" not in broken_off
    assert "The training was broken off; it was not scored." in broken_off


def test_the_report_is_written_whole(measured, tmp_path):
    model, data, (expected, _) = measured
    scores = write_report(tmp_path, model, data, history={"loss": [1.0], "accuracy": [0.5]})
    assert scores == expected
    written = json.loads((tmp_path / "scores.json").read_text())
    assert np.array_equal(written["confusion"], scores.confusion)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "confusion.png",
        "curves.png",
        "features.png",
        "mistakes.png",
        "scores.json",
    ]
