"""What fit refuses, in words, before anything is lost."""

import numpy as np
import pytest

import striate
from striate import layers, optimizers
from striate.data import Loader
from striate.data.source import ArraySource
from striate.errors import ArgumentError, ShapeError
from tests.models.small_net import PARTS, X, Y, net, ready


def refused(words, model=None, error=ArgumentError, **fit):
    model = model or ready()
    before = model.get_weights() if model.built else None
    with pytest.raises(error, match=words):
        model.fit(**{"x": X, "y": Y, "verbose": 0, **fit})
    if before is not None:
        assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))


@pytest.mark.parametrize(
    ("fit", "words"),
    [
        ({"x": (b for b in PARTS), "y": None}, r"`x` must be readable once an epoch; an iterator"),
        ({"x": iter(PARTS), "y": None}, r"is used up after one.*Give a list, a DataLoader"),
        ({"x": 3, "y": None}, r"`x` must be arrays, or an iterable of \(images, targets\) batches"),
        ({"x": PARTS}, r"`y` must be left out where x is an iterable"),
        ({"x": PARTS, "y": None, "sample_weight": Y}, r"`sample_weight` must be left out"),
        ({"x": Loader(ArraySource(X, Y), 8)}, r"`y` must be left out where x is a loader"),
        ({"steps_per_epoch": 2}, r"`steps_per_epoch` must be left out where x is arrays"),
        ({"x": [(X, Y.tolist())], "y": None}, r"`x` must hold tensors or arrays in its batches"),
        ({"x": [], "y": None}, r"`x` must hold at least one batch"),
        ({"y": None}, r"`y` must hold the targets"),
        ({"y": Y + 1}, r"`targets` must be class numbers from 0 to 2\. Got targets=3.*Subtract 1"),
        ({"y": Y - 1}, r"`targets` must be class numbers from 0 to 2\. Got targets=-1"),
        ({"validation_data": (X, Y + 5)}, r"`targets` must be class numbers from 0 to 2"),
        ({"batch_size": 0}, r"`batch_size` must be a whole number of at least 1"),
        ({"jit": "yes"}, r"`jit` must be True or False"),
        ({"validation_split": None}, r"`validation_split` must be a fraction"),
        (
            {"validation_split": 0.2, "validation_data": (X, Y)},
            r"`validation_data` must be left out where validation_split is given",
        ),
        ({"x": PARTS, "y": None, "batch_size": 0}, r"fit: `batch_size` must be a whole number of"),
        ({"x": None}, r"`x` must be arrays, or an iterable of \(images, targets\) batches"),
        ({"x": {}}, r"Batch: `images` must hold tensors. Got images='dict'"),
        ({"x": [(None, Y)], "y": None}, r"Batch: `images` must hold tensors. Got images='NoneTy"),
        ({"x": [(X.astype(object), Y)], "y": None}, r"`x` must hold tensors or arrays in its"),
        ({"x": [(X.astype(str), Y)], "y": None}, r"`x` must hold tensors or arrays in its batches"),
        ({"class_weight": {0: np.ones(2)}}, r"`class_weight\[0\]` must be a number of at least 0"),
        ({"seed": "7"}, r"fit: `seed` must be a whole number\. Got seed='7'"),
        ({"seed": 2.5}, r"fit: `seed` must be a whole number"),
        ({"initial_epoch": None}, r"`initial_epoch` must be a whole number of at least 0"),
        ({"initial_epoch": 2.0}, r"`initial_epoch` must be a whole number of at least 0"),
        (
            {"initial_epoch": 10, "epochs": 5},
            r"`initial_epoch` must be below epochs, here 5.*Got initial_epoch=10",
        ),
        ({"x": PARTS, "y": None, "steps_per_epoch": 0}, r"`steps_per_epoch` must be a whole numb"),
        ({"x": PARTS, "y": None, "steps_per_epoch": "2"}, r"`steps_per_epoch` must be a whole nu"),
        ({"x": PARTS, "y": None, "steps_per_epoch": 6}, r"must be at most 5, the number of batche"),
        ({"sample_weight": Y - 1.0}, r"`weights` must be finite and not below 0. Got weights=-1"),
        ({"class_weight": [1.0]}, r"`class_weight` must map class numbers"),
        ({"epochs": 0}, r"`epochs` must be a whole number of at least 1"),
        ({"shuffle": "batch"}, r"`shuffle` must be True or False"),
        ({"verbose": 3}, r'`verbose` must be one of "auto", "0", "1", "2"'),
        ({"precision": "float16"}, r'`precision` must be one of "float32", "bfloat16", "auto"'),
        ({"validation_split": 1.0}, r"`validation_split` must be a fraction"),
        ({"validation_split": 0.999}, r"`validation_split` must leave samples for both parts"),
        (
            {"x": PARTS, "y": None, "validation_split": 0.5},
            r"`validation_split` must be used with a",
        ),
        ({"class_weight": {"a": 1.0}}, r"`class_weight` must map class numbers"),
        ({"class_weight": {0: -1.0}}, r"`class_weight\[0\]` must be a number of at least 0"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_refused(fit, words):
    refused(words, **fit)


@pytest.mark.parametrize(
    ("fit", "words"),
    [
        (
            {"x": X[..., 0]},
            r"must have 4 dimensions \(n, 6, 6, 1\).*images\[\.\.\., None\] for grey",
        ),
        ({"x": X[:, :5]}, r"must have shape \(n, 6, 6, 1\)\. Got input \(\d+, 5, 6, 1\)"),
        ({"validation_data": (X[:, :5], Y)}, r"must have shape \(n, 6, 6, 1\)"),
        ({"validation_data": [(X[:, :5], Y)]}, r"must have shape \(n, 6, 6, 1\)"),
        ({"y": Y[:5]}, r"must hold as many samples as every other part"),
        ({"y": np.eye(3)[Y]}, r"targets"),
        ({"sample_weight": np.ones(3)}, r"must hold as many samples"),
    ],
)
def test_shapes_that_do_not_fit(fit, words):
    refused(words, error=ShapeError, **fit)


def test_labels_of_an_iterable_are_checked_before_their_step():
    model = ready()
    kept = []

    class Noting(striate.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            kept.append(batch)

    with pytest.raises(ArgumentError, match="class numbers from 0 to 2"):
        model.fit([*PARTS, (X, Y + 1)], callbacks=[Noting()], verbose=0)
    assert kept == [0, 1, 2, 3, 4]


def test_an_iterable_that_runs_dry_is_refused():
    class Once:
        def __init__(self):
            self.left = [PARTS, PARTS]  # one is read by the look ahead

        def __iter__(self):
            return iter(self.left.pop() if self.left else [])

    with pytest.raises(ArgumentError, match=r"`x` must hold a batch in epoch 2 too.*begin anew"):
        ready().fit(Once(), epochs=2, verbose=0)


def test_a_model_that_is_not_compiled():
    with pytest.raises(ArgumentError, match=r'`model` must be compiled.*Call model\.compile\("rms'):
        net().fit(X, Y)
    with pytest.raises(ArgumentError, match=r"train_on_batch: `model` must be compiled"):
        net().train_on_batch(X, Y)


def test_one_optimizer_trains_one_model():
    shared = optimizers.Adam()
    ready(optimizer=shared).fit(X, Y, verbose=0)
    with pytest.raises(ArgumentError, match=r"one optimizer trains one model"):
        ready(optimizer=shared).fit(X, Y, verbose=0)


def test_a_model_with_nothing_to_train():
    model = ready()
    model.trainable = False
    refused(r"`model` must have a weight that is trainable.*Set trainable = True", model)
    flat = ready(striate.Sequential([layers.Flatten(input_shape=(6, 6, 1)), layers.Softmax()]))
    refused(r"`model` must have a weight that is trainable", flat)
