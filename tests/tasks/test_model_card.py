"""The model card: front matter that is YAML, numbers that were measured, names that are plain."""

import numpy as np
import pytest
import yaml

from striate.records import Preprocess
from striate.tasks.model_card import model_card
from striate.tasks.run.facts import RunFacts
from striate.tasks.scoring.label_scores import label_scores_of
from striate.tasks.scoring.scores import scores_of

NAMES = ("cat", "do_g", "owl\n# ---")


def facts(**changes):
    return RunFacts("my: pets", NAMES, Preprocess(size=(48, 64), channels=3), **changes)


@pytest.fixture
def scores(rng):
    labels = rng.integers(0, 3, 90)
    p = 0.6 * np.eye(3)[np.where(rng.random(90) < 0.7, labels, 0)] + 0.4 / 3
    return scores_of(p, labels, class_names=NAMES, part="test")


def parts(card):
    head, front, body = card.split("---\n", 2)
    assert head == ""
    return yaml.safe_load(front), body


def test_the_front_matter_is_yaml_with_the_measured_numbers(scores):
    front, _ = parts(model_card("convnet", facts(), scores=scores))
    assert front["library_name"] == "striate"
    assert front["pipeline_tag"] == "image-classification"
    assert front["tags"] == ["convnet"]
    assert front["metrics"] == ["accuracy", "f1"]
    (result,) = front["model-index"][0]["results"]
    assert result["dataset"] == {"name": "my: pets", "type": "my: pets", "split": "test"}
    assert {each["type"]: each["value"] for each in result["metrics"]} == {
        "accuracy": pytest.approx(scores.accuracy, abs=5e-5),
        "f1": pytest.approx(scores.macro_f1, abs=5e-5),
    }


def test_the_body_says_how_good_on_what_and_where_it_fails(scores):
    counts = {"train": [30, 20, 10], "test": [1, 2, 3]}
    made = facts(config="epochs = 1\n", counts=counts, seconds=75, data_hash="ab" * 32)
    _, body = parts(model_card("convnet", made, scores=scores, temperature=1.5))
    assert "```toml\nepochs = 1\n```" in body
    assert "It takes pictures of 48 × 64 pixels" in body
    assert f"It recognised {scores.accuracy:.1%}" in body
    weakest = min(scores.classes, key=lambda each: each.recall)
    assert f"It finds these classes least: {weakest.name.split()[0]}".replace("_", r"\_") in body
    assert "It most often takes" in body
    assert f"error is {scores.calibration_error:.3f}; a temperature of 1.500" in body
    assert r"- train: 60 (cat 30, do\_g 20, owl \# --- 10)" in body
    assert f"- SHA-256 of the data: {'ab' * 32}" in body
    assert "training took 1 min 15 s on cpu; energy: not measured" in body


def test_names_cannot_break_the_card(scores):
    _, body = parts(model_card("convnet", facts(), scores=scores))
    assert not [line for line in body.splitlines() if line.startswith(("# ---", "---"))]
    assert body.splitlines()[1] == "# convnet for my: pets"


def test_several_labels_and_a_training_that_was_broken_off(rng):
    y = rng.integers(0, 2, (60, 3))
    several = label_scores_of(rng.random((60, 3)), y, class_names=NAMES, part="validation")
    front, body = parts(model_card("convnet", facts(), scores=several))
    assert front["metrics"] == ["accuracy", "f1", "mean_average_precision"]
    assert "Says which of 3 classes are on a picture; several may be, or none" in body
    front, body = parts(model_card("convnet", facts()))
    assert "metrics" not in front
    assert "The training was broken off; it was not scored." in body
    assert "Not recorded." in body


def test_the_weights_with_which_it_began():
    base = {"weights": "imagenet", "source": "x.org", "sha256": "ab12", "licence": "Apache-2.0"}
    _, body = parts(model_card("resnet50", facts(base=base)))
    assert "It began with the weights imagenet: x.org, SHA-256 ab12, licence Apache-2.0." in body
    _, body = parts(model_card("convnet", facts()))
    assert "It began" not in body
