"""Settings: what the user says stands, what is left out fits the training set."""

import pytest

from striate.errors import ArgumentError
from striate.tasks.config import epochs_for, resolve_config


def resolve(**changes):
    given = {
        "pictures": 640,
        "input_shape": (96, 64, 3),
        "epochs": None,
        "batch_size": None,
        "learning_rate": None,
        "precision": "float32",
        "seed": 0,
    }
    return resolve_config("pets/", "pets", **(given | changes))


def test_what_is_left_out_fits_the_training_set():
    small, large = resolve(), resolve(pictures=60_000)
    assert (small.epochs, small.batch_size, small.learning_rate) == (40, 32, 0.05)
    assert (large.epochs, large.batch_size, large.learning_rate) == (10, 128, 0.1)
    assert (small.size_px, small.channels) == ((96, 64), 3)


def test_what_is_said_stands():
    config = resolve(epochs=3, batch_size=8, learning_rate=0.3, seed=7)
    said = (config.epochs, config.batch_size, config.learning_rate, config.seed)
    assert said == (3, 8, 0.3, 7)


def test_small_sets_are_seen_more_often():
    epochs = [epochs_for(count) for count in (100, 5_000, 20_000, 10**6)]
    assert epochs == sorted(epochs, reverse=True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"epochs": 0}, "train: `epochs` must be a whole number of at least 1. Got epochs=0"),
        ({"batch_size": -1}, "train: `batch_size` must be a whole number of at least 1"),
        ({"learning_rate": 0}, "train: `learning_rate` must be a number above 0"),
        ({"seed": -1}, "train: `seed` must be a whole number of at least 0"),
    ],
)
def test_errors(changes, words):
    with pytest.raises(ArgumentError, match=words):
        resolve(**changes)
