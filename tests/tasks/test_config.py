"""Settings: what the user says stands, what is left out fits the training set, and is said."""

from dataclasses import fields

import numpy as np
import pytest

from striate.data import ArraySource
from striate.errors import ArgumentError
from striate.records import Preprocess
from striate.tasks.config import ClassifyConfig, resolve_config
from striate.tasks.defaults import epochs_for
from striate.tasks.options import TrainOptions
from striate.tasks.pictures.parts import ClassData, Part


def data_of(counts, *, side=96, several=False, validation=True, mirrors=True):
    labels = np.repeat(np.arange(len(counts)), counts)
    if several:
        labels = np.eye(len(counts), dtype=np.uint8)[labels]
    pixels = np.broadcast_to(np.uint8(0), (len(labels), side, side, 3))
    part = Part(ArraySource(pixels), labels, range(len(labels)))
    parts = {"train": part} | ({"validation": part} if validation else {"test": part})
    names = tuple("abcdefghij"[: len(counts)])
    preprocess = Preprocess((side, side), channels=3)
    manifest = {"validation_fraction": 0.2}
    return ClassData("pets", names, preprocess, parts, manifest, (), mirrors=mirrors)


def resolve(data=None, **options):
    data = data or data_of([320, 320])
    return resolve_config(TrainOptions(**options), data, precision="float32")


def test_every_option_is_a_setting_of_the_same_name():
    assert [f.name for f in fields(TrainOptions)] == [f.name for f in fields(ClassifyConfig)]


def test_what_is_left_out_fits_the_training_set():
    (small, said), (large, _) = resolve(), resolve(data_of([30_000, 30_000], side=8))
    assert (small.batch_size, large.batch_size) == (32, 128)
    assert (small.epochs, large.epochs) == (60, 10)
    assert large.learning_rate == pytest.approx(2 * small.learning_rate)
    assert (small.size_px, small.name, small.validation) == (96, "pets", 0.2)
    assert (small.augment, large.augment) == ("standard", "light")
    assert "Augmentation: standard, as 640 pictures are few." in said


def test_what_is_said_stands():
    options = {
        "epochs": 3, "batch_size": 8, "learning_rate": 0.3, "seed": 7, "augment": "none",
        "label_smoothing": 0.0, "weight_decay": 0.0, "dropout": 0.0, "ema": 0.5, "mirror": False,
        "optimizer": "adamw", "schedule": "cosine", "filters": 8, "mixup": 0.2,
        "balance": "sampling", "accumulate": 2, "early_stop": 4, "name": "mine",
    }  # fmt: skip
    config, said = resolve(**options)
    assert {name: getattr(config, name) for name in options} == options
    assert said == ()


def test_small_sets_are_seen_more_often():
    epochs = [epochs_for(count) for count in (100, 5_000, 20_000, 10**6)]
    assert epochs == sorted(epochs, reverse=True)


def test_tiny_pictures_are_changed_little_and_digits_are_not_mirrored():
    config, said = resolve(data_of([50, 50], side=8, mirrors=False))
    assert (config.augment, config.mirror) == ("light", False)
    assert "Pictures are not mirrored, as digits have a side." in said


def test_weights_are_averaged_where_the_run_is_long_enough():
    assert resolve(epochs=2)[0].ema == 0.0
    long = resolve(epochs=50)[0]
    assert long.ema == pytest.approx(1 - 1 / 100)  # 1,000 steps
    assert resolve(epochs=50, ema=False)[0].ema == 0.0
    assert resolve(epochs=1, ema=True)[0].ema == 0.5
    assert resolve(ema=0.9)[0].ema == 0.9


def test_classes_of_different_sizes_are_weighted_and_it_is_said():
    assert resolve(data_of([60, 30]))[0].balance == "none"
    config, said = resolve(data_of([90, 30]))
    assert config.balance == "weights"
    assert any("as a has 3.0 times as many training pictures as b" in each for each in said)
    assert resolve(data_of([90, 30]), balance="none")[0].balance == "none"
    assert resolve(data_of([90, 30], several=True))[0].balance == "none"


def test_several_classes_a_picture_are_not_smoothed():
    assert resolve(data_of([9, 9], several=True))[0].label_smoothing == 0.0


def test_adamw_has_no_momentum():
    assert resolve(optimizer="adamw")[0].momentum is None
    assert resolve()[0].momentum == 0.9


def test_a_searched_rate_and_folds():
    config, _ = resolve(learning_rate="auto", folds=3, fold=2)
    assert (config.learning_rate, config.folds, config.fold) == (None, 3, 2)


@pytest.mark.parametrize(
    ("data", "options", "words"),
    [
        (data_of([9, 9], several=True), {"balance": "sampling"}, "`balance` must be none where"),
        (data_of([9, 9], validation=False), {"early_stop": 3}, "`early_stop` must be 0 where"),
        (None, {"optimizer": "adamw", "momentum": 0.5}, "`momentum` must be left out for adamw"),
    ],
)
def test_errors(data, options, words):
    with pytest.raises(ArgumentError, match=words):
        resolve(data, **options)
