"""train_on_batch: one update on one batch."""

import numpy as np
import pytest

import striate
from striate import layers
from striate.errors import ArgumentError, DivergedError
from tests.models.small_net import X, Y, net, ready, same


def test_one_batch_gives_its_loss_before_the_update_and_its_metrics():
    model = ready(net(norm=True), metrics=["accuracy"])
    twin = ready(net(norm=True), metrics=["accuracy"])
    loss, accuracy = model.train_on_batch(X, Y)
    history = twin.fit(X, Y, batch_size=40, shuffle=False, verbose=0).history
    assert (loss, accuracy) == (history["loss"][0], history["accuracy"][0])
    assert same(model, twin)
    assert isinstance(ready().train_on_batch(X, Y), float)


@pytest.mark.parametrize("training", [True, False])
def test_one_batch_leaves_the_mode_as_it_was(training):
    model = ready().train(training)
    model.train_on_batch(X, Y)
    assert {part.training for part in model.layers} == {training}


def test_one_batch_takes_weights_and_checks_labels():
    model = ready()
    model.train_on_batch(X, Y, sample_weight=np.zeros(40))
    with pytest.raises(ArgumentError, match="class numbers from 0 to 2"):
        model.train_on_batch(X, Y + 1)


def test_train_on_batch_refuses_a_loss_that_is_not_finite():
    model = striate.Sequential([layers.Dense(1, input_shape=(2,))])
    model.compile("sgd", "mse")
    before = model.get_weights()
    with pytest.raises(DivergedError, match=r"The update was not made"):
        model.train_on_batch(np.full((4, 2), np.nan, "float32"), np.ones((4, 1)))
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("x", [None, [], 3, [(X, Y)], iter([X])])
def test_train_on_batch_takes_arrays_alone(x):
    y = None if isinstance(x, list) and x else Y
    with pytest.raises(ArgumentError, match=r"train_on_batch: `x` must be arrays\. Got x='"):
        ready().train_on_batch(x, y)


def test_train_on_batch_takes_numbers_in_lists():
    assert ready().train_on_batch(X.tolist(), Y.tolist()) == ready().train_on_batch(X, Y)
