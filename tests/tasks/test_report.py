"""The report of a run: what is written is what was measured, for one class and for several."""

import json

import numpy as np
import pytest

import striate
from striate.data import ArraySource
from striate.errors import DataError
from striate.records import Preprocess
from striate.tasks.convnet import convnet
from striate.tasks.report import predict_source, write_report
from striate.tasks.run.facts import RunFacts
from striate.tasks.scoring.predictions import read_predictions

ONE = ["confusion.png", "features.png", "mistakes.png"]
ALWAYS = [
    "calibration.json",
    "curves.png",
    "predictions.safetensors",
    "report.html",
    "scores.json",
]


@pytest.fixture(params=[False, True], ids=["one class", "several"])
def answered(request, rng):
    several = request.param
    images = rng.integers(0, 256, (60, 12, 10, 3), dtype=np.uint8)
    truth = rng.integers(0, 2, (60, 3)) if several else rng.integers(0, 3, 60)
    facts = RunFacts(
        "pets",
        ("cat", "dog", "owl"),
        Preprocess(size=(12, 10), channels=3, scale=1 / 255),
        history={"loss": [1.0, 0.5], "val_loss": [1.1, 0.9]},
        config="epochs = 2\n",
        counts={"train": [3, 4, 5], "test": [20, 20, 20]},
    )
    model = convnet((12, 10, 3), 3)
    source = ArraySource(images)
    names = [f"{number}.png" for number in range(60)]
    held_out = predict_source(model, source, truth, facts=facts, part="test", names=names)
    return model, facts, held_out, source, several


def test_the_answers_are_the_models_in_their_order(answered):
    model, facts, held_out, source, _ = answered
    x = facts.preprocess.apply(source.images).numpy()
    assert np.allclose(held_out.probabilities, model.predict(x), atol=1e-5)


def test_every_file_is_written_and_says_the_same(answered, tmp_path):
    model, facts, held_out, source, several = answered
    report = write_report(tmp_path, model, facts, held_out=held_out, source=source)
    assert report.scores == held_out.scores()
    written = sorted(path.name for path in tmp_path.iterdir())
    assert written == sorted(ALWAYS + ([] if several else ONE))
    assert json.loads((tmp_path / "scores.json").read_text()) == json.loads(
        json.dumps(report.scores.to_json())
    )
    calibration = json.loads((tmp_path / "calibration.json").read_text())
    assert calibration["temperature"] == report.calibration.temperature
    assert calibration["fitted_on"] == "cross-fitted"
    assert read_predictions(tmp_path).scores() == report.scores
    text = (tmp_path / "report.html").read_text()
    assert f"{report.scores.accuracy:.1%}" in text
    assert ("subset accuracy" in text) == several
    with pytest.raises(DataError, match=r"must take the file scores\.json\. Got File exists"):
        write_report(tmp_path, model, facts, held_out=held_out, source=source)


def test_the_temperature_is_fitted_on_other_pictures_where_there_are_some(answered, tmp_path):
    model, facts, held_out, source, _ = answered
    report = write_report(
        tmp_path, model, facts, held_out=held_out, source=source, validation=held_out
    )
    assert report.calibration.fitted_on == "validation"
    assert "fitted on the validation pictures" in (tmp_path / "report.html").read_text()


def test_a_net_without_maps_has_no_picture_of_them(tmp_path, rng):
    model = striate.Sequential(
        [striate.Input((4, 4, 1)), striate.layers.Flatten(), striate.layers.Dense(2, "softmax")]
    )
    source = ArraySource(rng.integers(0, 256, (9, 4, 4, 1), dtype=np.uint8))
    facts = RunFacts("dots", ("a", "b"), Preprocess(size=(4, 4), channels=1))
    names = list("abcdefghi")
    truth = np.arange(9) % 2
    held_out = predict_source(model, source, truth, facts=facts, part="test", names=names)
    report = write_report(tmp_path, model, facts, held_out=held_out, source=source)
    assert not (tmp_path / "features.png").exists()
    assert report.calibration.fitted_on == "nothing"
    assert "that takes 50 pictures with 10 mistakes" in (tmp_path / "report.html").read_text()
