"""Predictions: what is written is what is read, and a damaged file is refused with a reason."""

import numpy as np
import pytest
from safetensors.numpy import save_file

from striate.errors import ArgumentError, DataError
from striate.tasks.scoring.predictions import (
    PREDICTIONS_FILE,
    Predictions,
    read_predictions,
    write_predictions,
)


def made(rng, several=False, hashed=True, **changes):
    facts = {
        "data": "pets ü",
        "part": "test",
        "class_names": ("cat", 'do"g\n'),
        "names": ["a/1.png", "b\udcff.png", "c d\n.png"],
        "truth": np.array([[1, 0], [1, 1], [0, 0]], np.uint8) if several else np.array([0, 1, 1]),
        "probabilities": np.float32([[0.9, 0.1], [0.4, 0.6], [0.7, 0.3]]),
        "hashes": [rng.bytes(32) for _ in range(3)] if hashed else None,
    }
    return Predictions(**{**facts, **changes})


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize("hashed", [False, True])
def test_what_is_written_is_read(tmp_path, rng, several, hashed):
    said = made(rng, several, hashed)
    write_predictions(tmp_path, said)
    found = read_predictions(tmp_path)
    for name in ("data", "part", "class_names", "names", "hashes"):
        assert getattr(found, name) == getattr(said, name), name
    assert np.array_equal(found.truth, said.truth)
    assert np.array_equal(found.probabilities, said.probabilities)
    assert found.scores() == said.scores()


def test_hits_of_one_class_and_of_several(rng):
    assert made(rng).hits.tolist() == [True, True, False]
    several = made(rng, several=True)
    assert several.said.tolist() == [[1, 0], [0, 1], [1, 0]]
    assert several.hits.tolist() == [True, False, False]
    assert (several.several, several.scores().accuracy) == (True, 1 / 3)


def test_parts_that_disagree_are_refused(rng):
    for name, value in (
        ("probabilities", np.ones((3, 3))),
        ("truth", np.ones((3, 3))),
        ("truth", np.ones(2)),
        ("hashes", [b"1" * 32]),
    ):
        words = f"Predictions: `{name}` must have a row for each of the 3 pictures and 2 classes"
        with pytest.raises(ArgumentError, match=words):
            made(rng, **{name: value})


def test_numbers_that_are_no_class_and_no_probability_are_refused(rng):
    with pytest.raises(ArgumentError, match=r"`truth` must be numbers 0..1. Got truth='0..2'"):
        made(rng, truth=np.array([0, 1, 2]))
    with pytest.raises(ArgumentError, match=r"`truth` must be numbers 0..1. Got truth='-1..1'"):
        made(rng, truth=np.array([[1, 0], [1, -1], [0, 0]]))
    for bad in (np.nan, 1.5, -0.5):
        p = np.float32([[0.9, 0.1], [0.4, 0.6], [0.7, bad]])
        words = f"`probabilities` must be numbers from 0 to 1.* Got probabilities={bad}"
        with pytest.raises(ArgumentError, match=words):
            made(rng, probabilities=p)


def test_a_missing_a_cut_and_a_foreign_file_are_refused(tmp_path, rng):
    with pytest.raises(DataError, match=rf"must hold {PREDICTIONS_FILE}\. Got No such file"):
        read_predictions(tmp_path)
    path = write_predictions(tmp_path, made(rng))
    whole = path.read_bytes()
    path.write_bytes(whole[:-7])
    with pytest.raises(DataError, match=f"must hold a whole {PREDICTIONS_FILE}"):
        read_predictions(tmp_path)
    save_file({"x": np.ones(2)}, path)
    with pytest.raises(DataError, match=r"of the format striate\.predictions\.1\. Got None"):
        read_predictions(tmp_path)
    save_file({"x": np.ones(2)}, path, {"format": "striate.predictions.1"})
    with pytest.raises(DataError, match=r"a whole predictions\.safetensors\. Got KeyError: 'data'"):
        read_predictions(tmp_path)


def test_no_mutated_file_ends_otherwise_than_read_or_refused(tmp_path, rng):
    path = write_predictions(tmp_path, made(rng))
    whole = np.frombuffer(path.read_bytes(), np.uint8)
    refused = 0
    for _ in range(400):
        changed = whole.copy()
        changed[rng.integers(0, len(whole), 3)] = rng.integers(0, 256, 3)
        path.write_bytes(changed.tobytes()[: rng.integers(1, len(whole) + 1)])
        try:
            read_predictions(tmp_path)
        except DataError:
            refused += 1
    assert refused > 300
