"""Model.lr_find takes what fit takes, and leaves the model as it was."""

import numpy as np
import pytest
import torch

import striate
from striate import layers, optimizers
from striate.data import Loader
from striate.data.source import ArraySource
from striate.errors import ArgumentError
from striate.records import Batch
from striate.train import norms_and_biases


def data(n=60):
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, n)
    return (rng.random((n, 6, 6, 1)) + y[:, None, None, None]).astype("float32"), y


X, Y = data()


def net(declared=True, optimizer="sgd"):
    torch.manual_seed(0)
    parts = [layers.Conv2D(4, 3, activation="relu"), layers.BatchNormalization()]
    parts += [layers.GlobalAveragePooling2D(), layers.Dropout(0.2), layers.Dense(3, "softmax")]
    model = striate.Sequential([striate.Input((6, 6, 1)), *parts] if declared else parts)
    model.compile(optimizer, loss="sparse_categorical_crossentropy")
    return model


WORDS = {"steps": 40, "seed": 1, "high": 100.0}


@pytest.mark.parametrize("declared", [True, False])
def test_a_suggestion_that_trains_and_a_model_that_does_not_know_of_it(declared):
    model = net(declared)
    before = model.get_weights() if declared else None
    found = model.lr_find(X, Y, batch_size=20, **WORDS)
    assert not model.optimizer.bound
    if declared:
        after = model.get_weights()
        assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))
    model.optimizer.learning_rate = found.suggestion
    losses = model.fit(X, Y, batch_size=20, epochs=20, seed=0, verbose=0).history["loss"]
    assert losses[-1] < losses[0] / 2


def test_between_two_fits_it_changes_nothing():
    plain, looked = net(optimizer="adam"), net(optimizer="adam")
    for model in (plain, looked):
        model.fit(X, Y, seed=0, verbose=0)
        if model is looked:
            model.lr_find(X, Y, **WORDS)
        model.fit(X, Y, seed=1, verbose=0)
    for a, b in zip(plain.get_weights(), looked.get_weights(), strict=True):
        assert np.array_equal(a, b)


def test_loaders_and_iterables_find_what_arrays_find():
    words = {"steps": 10, "seed": 4}
    wanted = net().lr_find(X, Y, batch_size=20, **words)
    loader = Loader(ArraySource(X, Y), 20, shuffle=True, seed=4)
    assert net().lr_find(loader, **words) == wanted
    parts = [(batch.images, batch.targets) for batch in loader.epoch(0)]
    assert net().lr_find(parts, **words).losses[0] == pytest.approx(wanted.losses[0], rel=0.5)


def test_the_batches_are_changed_as_in_fit():
    seen = []

    def twice(batch, *, seed, epoch, step):
        seen.append((seed, epoch, step))
        return Batch(2 * batch.images, batch.targets, batch.weights, batch.sample_ids)

    found = net().lr_find(X, Y, steps=10, seed=4, augment=twice)
    assert found == net().lr_find(2 * X, Y, steps=10, seed=4)
    assert seen == [(4, 0, step) for step in range(10)]


def test_what_does_not_decay_may_still_be_said_afterwards():
    model = net(optimizer=optimizers.AdamW())
    model.optimizer.exclude_from_weight_decay(norms_and_biases(model))
    model.lr_find(X, Y, steps=10)
    model.optimizer.exclude_from_weight_decay(norms_and_biases(model))
    model.fit(X, Y, verbose=0)
    assert len(model.optimizer.param_groups) == 2


def test_it_refuses_what_fit_refuses():
    with pytest.raises(ArgumentError, match="class numbers from 0 to 2"):
        net().lr_find(X, Y + 1)
    with pytest.raises(ArgumentError, match="class numbers from 0 to 2"):
        net().lr_find([(X, Y + 1)])
    with pytest.raises(ArgumentError, match=r"lr_find: `steps` must be 10 or more"):
        net().lr_find(X, Y, steps=1)
    with pytest.raises(ArgumentError, match=r"lr_find: `seed` must be a whole number"):
        net().lr_find(X, Y, seed="a")
    with pytest.raises(ArgumentError, match=r"`class_weight` must name classes that the model has"):
        net().lr_find(X, Y, class_weight={99: 2.0})
    model = net()
    model.trainable = False
    with pytest.raises(ArgumentError, match=r"must have a weight that is trainable"):
        model.lr_find(X, Y)
