"""Options: rules, words, and the same names as the Python function's."""

import inspect

import pytest

from striate.data import FORMATS
from striate.data.augment import POLICIES
from striate.errors import ArgumentError
from striate.tasks import options
from striate.tasks.classify import train
from striate.tasks.options import TrainOptions


def test_the_function_takes_every_option_with_the_same_default():
    own = inspect.signature(train).parameters
    record = inspect.signature(TrainOptions).parameters
    assert set(own) - set(record) == {"callbacks", "resume", "say"}
    assert set(record) - set(own) == {"task"}
    for name in set(own) & set(record) - {"data"}:
        assert own[name].default == record[name].default, name


def test_the_closed_lists_are_those_of_the_rooms_that_know():
    assert set(options.AUGMENTATIONS) == set(POLICIES)
    assert options.FORMATS == ("auto", *FORMATS)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"epochs": 0}, "train: `epochs` must be a whole number of at least 1. Got epochs=0"),
        ({"batch_size": -1}, "train: `batch_size` must be a whole number of at least 1"),
        (
            {"batch_size": "big"},
            "train: `batch_size` must be a whole number of at least 1, or auto",
        ),
        ({"learning_rate": 0}, "train: `learning_rate` must be a number above 0"),
        ({"learning_rate": "fast"}, "train: `learning_rate` must be a number above 0"),
        ({"seed": -1}, "train: `seed` must be a whole number from 0"),
        ({"seed": 2**63}, "train: `seed` must be a whole number from 0"),
        ({"size_px": 4}, "train: `size_px` must be a whole number of at least 8"),
        ({"validation": 1.0}, "train: `validation` must be a fraction"),
        ({"folds": 1}, "train: `folds` must be 2 to 20, or 0 for one split"),
        ({"folds": 3, "fold": 4}, "train: `fold` must be at most `folds`, here 3"),
        ({"channels": 2}, r"train: `channels` must be 1 \(grey\) or 3 \(colour\)"),
        ({"augment": "wild"}, "train: `augment` must be one of"),
        ({"mirror": 1}, "train: `mirror` must be True or False"),
        ({"name": 3}, "train: `name` must be text"),
        ({"data": "caf\udce9/"}, r"train: `data` must be text in UTF-8\. .* Rename the file or"),
        ({"ema": 1.5}, "train: `ema` must be a fraction"),
        ({"weight_decay": -0.1}, "train: `weight_decay` must be a number of at least 0"),
        ({"task": "detect"}, "train: `task` must be one of"),
    ],
)
def test_errors(wrong, words):
    with pytest.raises(ArgumentError, match=words):
        TrainOptions(**wrong)
