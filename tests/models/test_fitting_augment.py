"""fit(augment=): the pictures of the training change, and nothing else does."""

import numpy as np
import pytest

import striate
from striate.data import augment
from striate.errors import ArgumentError, ShapeError
from tests.models.small_net import ready, same


def pictures():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, 30)
    x = rng.integers(0, 60, (30, 6, 6, 1)) + 80 * y[:, None, None, None]
    return x.astype("uint8"), y


def test_augmentation_changes_training_and_nothing_else():
    x, y = pictures()

    def run(policy, epochs=3):
        model = ready()
        history = model.fit(
            x, y, validation_data=(x, y), epochs=epochs, seed=1, verbose=0, augment=policy
        )
        return model, history.history

    model, history = run(augment.policy("standard"))
    again, same_history = run(augment.policy("standard"))
    plain, plain_history = run(None)
    assert same(model, again)
    assert history == same_history
    assert not same(model, plain)
    none, none_history = run(augment.policy("none"))
    assert same(none, plain)
    assert none_history == plain_history
    score = model.evaluate(x, y, verbose=0)
    assert score == pytest.approx(history["val_loss"][-1], rel=1e-5)


def test_a_run_in_two_halves_sees_the_pictures_of_one():
    x, y = pictures()
    policy = augment.policy("standard")
    whole = ready()
    whole.fit(x, y, epochs=4, seed=1, verbose=0, augment=policy)
    halves = ready()
    for first, last in ((0, 1), (1, 4)):
        halves.fit(x, y, initial_epoch=first, epochs=last, seed=1, verbose=0, augment=policy)
    assert same(whole, halves)


def test_mixed_pictures_are_learned_with_soft_targets():
    x, y = pictures()
    policy = augment.Policy((augment.MixUp(0.4, p=0.5), augment.CutMix(p=0.5)))
    model = ready(loss="categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(
        x, striate.utils.to_categorical(y), epochs=20, seed=1, verbose=0, augment=policy
    )
    assert np.isfinite(history.history["loss"]).all()
    assert history.history["loss"][-1] < history.history["loss"][0]


def test_error_words_of_augmentation():
    x, y = pictures()
    with pytest.raises(
        ArgumentError, match=r"fit: `augment` must be a policy. Got augment=.light."
    ):
        ready().fit(x, y, verbose=0, augment="light")
    with pytest.raises(ArgumentError, match=r"augment: `images` must be uint8. Got .*Rescaling"):
        ready().fit(x / 255.0, y, verbose=0, augment=augment.policy("light"))
    mixing = augment.Policy((augment.MixUp(classes=3),))
    with pytest.raises(ShapeError, match="must hold one class number per output"):
        ready().fit(x, y, verbose=0, augment=mixing)
