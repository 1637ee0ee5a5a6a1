"""The answers are the formula's, with a temperature, with views; a folder that cannot give any."""

import json

import numpy as np
import pytest
import torch

import striate
from striate.data.augment import views
from striate.errors import WeightsError
from striate.records import Preprocess
from striate.tasks.classify import open_classifier

LAYERS = striate.layers


@pytest.fixture
def pictures(rng):
    return rng.integers(0, 256, (5, 4, 4, 1), dtype=np.uint8)


@pytest.mark.parametrize("kind", ["softmax", "sigmoid"])
@pytest.mark.parametrize("temperature", [None, 2.5])
def test_probabilities_are_the_formulas(net, pictures, close, kind, temperature):
    made = net(kind, 3, temperature)
    classifier = open_classifier(made.folder)
    assert (classifier.several, classifier.temperature) == (kind == "sigmoid", temperature)
    assert classifier.class_names == made.names
    images = torch.from_numpy(pictures)
    close(classifier.probabilities(images), made.probabilities(pictures).astype("float32"))
    plain = made.probabilities(pictures, scaled=False).astype("float32")
    close(classifier.probabilities(images, scaled=False), plain)


def test_a_temperature_makes_less_sure_and_changes_no_answer(net, pictures):
    images = torch.from_numpy(pictures)
    plain = open_classifier(net().folder).probabilities(images)
    mild = open_classifier(net(temperature=3.0).folder).probabilities(images)
    assert (mild.max(axis=1) < plain.max(axis=1)).all()
    assert (mild.argmax(axis=1) == plain.argmax(axis=1)).all()


def test_views_are_answered_one_by_one_and_averaged(net, pictures, close):
    made = net(temperature=1.7)
    images = torch.from_numpy(pictures)
    seen = views(images)
    assert len(seen) > 1
    wanted = np.mean([made.probabilities(view.numpy()) for view in seen], axis=0)
    found = open_classifier(made.folder).probabilities(images, tta=True)
    close(found, wanted.astype("float32"))
    assert not np.allclose(found, made.probabilities(pictures), atol=1e-4)


def test_extreme_logits_stay_numbers(tmp_path):
    model = striate.Sequential(
        [striate.Input((1, 1, 1)), LAYERS.Flatten(), LAYERS.Dense(2, activation="softmax")]
    )
    model.layers[-1].set_weights([np.array([[3e4, -3e4]], "float32"), np.zeros(2, "float32")])
    preprocess = Preprocess(size=(1, 1), channels=1)
    model.save(tmp_path / "net", labels=["a", "b"], preprocess=preprocess)
    images = torch.full((1, 1, 1, 1), 255, dtype=torch.uint8)
    assert open_classifier(tmp_path / "net").probabilities(images).tolist() == [[1.0, 0.0]]


def test_a_run_folder_is_opened_like_its_model(digits_run):
    run, _ = digits_run
    images = torch.zeros(1, 8, 8, 1, dtype=torch.uint8)
    first, second = (open_classifier(p) for p in (run.folder, run.folder / "model"))
    assert np.array_equal(first.probabilities(images), second.probabilities(images))
    assert first.class_names == run.class_names


def saved(folder, *layers, shape=(4, 4, 1), labels=("a", "b"), **more):
    model = striate.Sequential([striate.Input(shape), *layers])
    more = {"preprocess": Preprocess(size=(4, 4), channels=1)} | more
    model.save(folder, labels=labels, **more)
    return folder


@pytest.mark.parametrize(
    ("layers", "options", "words"),
    [
        (
            [LAYERS.Flatten(), LAYERS.Dense(2)],
            {},
            r"end in one softmax or sigmoid .* Got another last layer\. Add Activation\(\"softmax",
        ),
        ([LAYERS.Activation("softmax")], {}, r"end in one softmax or sigmoid .* Got \(1, 4, 4, 1"),
        (
            [LAYERS.Flatten(), LAYERS.Dense(3, activation="softmax")],
            {},
            r"name each of its 3 outputs in labels\.txt\. Got 2 names",
        ),
        (
            [LAYERS.Flatten(), LAYERS.Dense(2, activation="softmax")],
            {"shape": (5, 5, 1)},
            r"take the pictures \(1, 4, 4, 1\) of its preprocess\.json\. Got",
        ),
        (
            [LAYERS.Flatten(), LAYERS.Dense(2, activation="softmax")],
            {"labels": None, "preprocess": Preprocess()},
            r"hold labels\.txt and preprocess\.json with size and channels\. Got none",
        ),
        (
            [LAYERS.Flatten(), LAYERS.Dense(2, activation="softmax")],
            {"details": {"temperature": 0}},
            r"name a temperature above 0 in details\.json\. Got 0\.",
        ),
        (
            [LAYERS.Flatten(), LAYERS.Dense(2, activation="softmax")],
            {"details": {"temperature": "warm"}},
            r"name a temperature above 0 in details\.json\. Got 'warm'",
        ),
    ],
)
def test_what_gives_no_probabilities_is_refused(tmp_path, layers, options, words):
    folder = saved(tmp_path / "net", *layers, **options)
    with pytest.raises(WeightsError, match=words) as caught:
        open_classifier(folder)
    assert len(str(caught.value).splitlines()) == 1


def test_what_is_no_model_is_refused(tmp_path):
    with pytest.raises(WeightsError, match=r"must be a folder .* Got no such folder"):
        open_classifier(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "labels.json").write_text(json.dumps([]))
    with pytest.raises(WeightsError, match="manifest"):
        open_classifier(tmp_path / "empty")
