"""fit(checkpoint=, resume=): a run of a model goes on, and no other run is taken for it."""

import logging

import numpy as np
import pytest
import torch

import striate
from striate import layers
from striate.errors import ArgumentError, WeightsError
from striate.train import Checkpoint
from striate.train.callbacks import Callback, CSVLogger, ModelCheckpoint, ReduceLROnPlateau

DRAWN = np.random.default_rng(0)
X = DRAWN.random((40, 6, 6, 1), "float32")
Y = DRAWN.integers(0, 3, 40)


class Stop(Exception):
    """The end of a life."""


class Stopper(Callback):
    def __init__(self, step):
        self.left = step

    def settings(self):
        return None

    def on_train_batch_begin(self, batch, logs=None):
        self.left -= 1
        if self.left < 0:
            raise Stop


def net(filters=4, rate=0.01):
    torch.manual_seed(5)
    model = striate.Sequential(
        [
            layers.Conv2D(filters, 3, activation="relu", input_shape=(6, 6, 1)),
            layers.BatchNormalization(),
            layers.Dropout(0.3),
            layers.Flatten(),
            layers.Dense(3, "softmax"),
        ]
    )
    model.compile(
        striate.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model


def fit(folder, *, model=None, stop=None, callbacks=(), x=X, y=Y, **options):
    model = model or net()
    told = [*callbacks, *([Stopper(stop)] if stop is not None else [])]
    given = {"batch_size": 8, "epochs": 4, "seed": 2, "validation_split": 0.2, **options}
    checkpoint = folder and Checkpoint(folder, 3, say=lambda sentence: None)
    resume = given.pop("resume", "auto" if folder else None)
    model.fit(x, y, verbose=0, callbacks=told, checkpoint=checkpoint, resume=resume, **given)
    return model


def same(model, other):
    pairs = zip(model.state_dict().items(), other.state_dict().values(), strict=True)
    return all(torch.equal(a, b) for (_, a), b in pairs) and (
        model.history.history == other.history.history
    )


@pytest.mark.parametrize(
    "options",
    [{}, {"ema": 0.8}, {"accumulate": 3}, {"class_weight": {0: 2.0}}, {"precision": "bfloat16"}],
    ids=str,
)
def test_a_killed_fit_ends_as_one_that_was_not(tmp_path, options):
    whole = fit(None, **options)
    for stop in (7, 2):
        with pytest.raises(Stop):
            fit(tmp_path, stop=stop, **options)
    assert same(fit(tmp_path, **options), whole)


def test_the_same_model_goes_on_in_the_same_process(tmp_path):
    whole, model = fit(None, ema=0.8), net()
    for stop in (6, 5):
        with pytest.raises(Stop):
            fit(tmp_path, model=model, stop=stop, ema=0.8)
    assert same(fit(tmp_path, model=model, ema=0.8), whole)


def test_a_seed_that_was_not_given_is_that_of_the_run(tmp_path):
    with pytest.raises(Stop):
        fit(tmp_path, stop=9, seed=None)
    first = fit(tmp_path, seed=None)
    assert same(first, fit(None, seed=first.history.params["seed"]))


def test_callbacks_go_on_with_their_files_and_numbers(tmp_path):
    def told(folder):
        return [
            CSVLogger(folder / "log.csv"),
            ReduceLROnPlateau("loss", 0.5, patience=1, min_delta=9.0),
            ModelCheckpoint(folder / "best", save_best_only=True),
        ]

    (tmp_path / "whole").mkdir()
    whole = fit(None, callbacks=told(tmp_path / "whole"))
    run = tmp_path / "run"
    for stop in (6, 5):
        with pytest.raises(Stop):
            fit(run / "checkpoints", stop=stop, callbacks=told(run))
    again = fit(run / "checkpoints", callbacks=told(run))
    assert same(again, whole)
    assert again.optimizer.learning_rate == whole.optimizer.learning_rate < 0.01
    assert (run / "log.csv").read_bytes() == (tmp_path / "whole" / "log.csv").read_bytes()
    best = [striate.load_model(place / "best") for place in (run, tmp_path / "whole")]
    assert all(np.array_equal(a, b) for a, b in zip(*(m.get_weights() for m in best), strict=True))


def test_a_user_s_iterable_is_read_again_and_said(tmp_path, caplog):
    class Batches:
        def __iter__(self):
            return iter([(X[i : i + 8], Y[i : i + 8]) for i in range(0, 40, 8)])

    def run(stop=None, folder=tmp_path):
        model = net()
        checkpoint = Checkpoint(folder, 3)
        told = [Stopper(stop)] if stop else []
        model.fit(
            Batches(),
            epochs=3,
            seed=2,
            verbose=0,
            callbacks=told,
            checkpoint=checkpoint,
            resume="auto",
        )
        return model

    whole = run(folder=tmp_path / "whole")
    with pytest.raises(Stop):
        run(9, tmp_path / "run")
    with caplog.at_level(logging.WARNING, "striate"):
        assert same(run(folder=tmp_path / "run"), whole)
    assert "The iterable has no place to go on from: 4 batches are read and skipped." in caplog.text


def test_a_generator_is_refused(tmp_path):
    batches = ((X[:8], Y[:8]) for _ in range(3))
    with pytest.raises(ArgumentError, match="generator is used up after one"):
        net().fit(batches, verbose=0, checkpoint=Checkpoint(tmp_path), resume="auto")


@pytest.mark.parametrize(
    ("options", "row"),
    [
        ({"model": lambda: net(5)}, "model.parameters: "),
        ({"model": lambda: net(rate=0.02)}, "optimizer.learning_rate: 0.01 → 0.02"),
        ({"batch_size": 16}, "data.batch_size: 8 → 16"),
        ({"seed": 3}, "seed: 2 → 3"),
        ({"x": X[:39], "y": Y[:39]}, "data.samples: 32 → 31"),
        ({"x": X[::-1]}, "data.first_batch: "),
        ({"y": (Y + 1) % 3}, "data.first_batch: "),
        ({"ema": 0.5}, "ema: none → 0.5"),
        ({"accumulate": 2}, "accumulate: 1 → 2"),
        ({"precision": "bfloat16"}, 'precision: "float32" → "bfloat16"'),
        ({"class_weight": {1: 3.0}}, "class_weight.1: none → 3.0"),
        ({"validation_freq": 2}, "validation_freq: 1 → 2"),
        ({"validation_split": 0.25}, "validation.samples: 8 → 10"),
        ({"shuffle": False}, "data.shuffle: true → false"),
        ({"augment": lambda: Plain()}, 'augment.class_name: none → "Plain"'),
        ({"callbacks": [ReduceLROnPlateau()]}, "callbacks.0"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_another_run_is_refused_with_what_differs(tmp_path, options, row):
    with pytest.raises(Stop):
        fit(tmp_path, stop=5)
    before = sorted(tmp_path.rglob("*"))
    given = {k: v() if k in ("model", "augment") else v for k, v in options.items()}
    with pytest.raises(ArgumentError, match="fit: `resume` must go on with the settings") as found:
        fit(tmp_path, **given)
    assert row in str(found.value)
    assert sorted(tmp_path.rglob("*")) == before


class Plain:
    def __call__(self, batch, *, seed, epoch, step):
        return batch


def test_layers_joined_otherwise_are_another_model(tmp_path):
    def branched(turned):
        torch.manual_seed(0)
        x = striate.Input((4,))
        a, b = layers.Dense(4, name="a"), layers.Dense(4, name="b")
        y = b(a(x)) if not turned else a(b(x))
        model = striate.Model(x, layers.Dense(1, name="end")(y))
        model.compile("sgd", "mse")
        return model

    x, y = X[:, 0, :4, 0], Y.astype("float32")
    fit(tmp_path, model=branched(False), x=x, y=y)
    with pytest.raises(ArgumentError, match="graph: "):
        fit(tmp_path, model=branched(True), x=x, y=y, epochs=5)


def test_a_folder_that_holds_no_run_is_refused(tmp_path):
    with pytest.raises(WeightsError, match=r"must hold checkpoints of a run\. Got none"):
        fit(None, resume=tmp_path)


def test_a_model_that_cannot_be_written_as_data_is_saved_all_the_same(tmp_path):
    class Own(striate.Model):
        def __init__(self, function):
            super().__init__()
            self.function, self.dense = function, layers.Dense(3, "softmax")

        def call(self, x):
            return self.dense(self.function(x))

    def made():
        torch.manual_seed(0)
        model = Own(lambda x: x.flatten(1))
        model.compile("adam", "sparse_categorical_crossentropy")
        return model

    whole = fit(None, model=made())
    with pytest.raises(Stop):
        fit(tmp_path, model=made(), stop=8)
    assert same(fit(tmp_path, model=made()), whole)
