"""A run whose numbers are not finite ends, and says where."""

import re

import numpy as np
import pytest
import torch

import striate
from striate import layers, optimizers
from striate.errors import DivergedError
from tests.models.small_net import X, Y, ready


def poisoned():
    x = X.copy()
    x[17, 2, 3] = np.nan
    return x


def with_bad_weight():
    model = ready()
    with torch.no_grad():
        model.get_layer("stem").weight[0, 0, 0, 0] = float("inf")
    return model


class Spoils(layers.Layer):
    """Gives what is not finite once its input has grown."""

    def call(self, x):
        return x * torch.where(x.detach().abs().amax() > 100, float("inf"), 1.0)


def exploding():
    parts = [layers.Flatten(input_shape=(6, 6, 1)), layers.Dense(4, name="grows")]
    model = striate.Sequential([*parts, Spoils(name="spoils"), layers.Dense(3, name="logits")])
    return ready(model, optimizers.SGD(1e4), loss="mse")


@pytest.mark.parametrize(
    ("model", "fit", "where"),
    [
        (ready, {"x": poisoned()}, "the images of the batch, in sample 17"),
        (with_bad_weight, {}, 'the weight of layer "stem"'),
        (exploding, {"y": np.ones((40, 3))}, 'the output of layer "spoils"'),
    ],
)
def test_divergence_names_the_first_bad_layer_and_is_not_applied(model, fit, where):
    model = model()
    words = {"x": X, "y": Y, "batch_size": 8, "shuffle": False, "verbose": 0, **fit}
    with pytest.raises(DivergedError) as caught:
        model.fit(**words)
    text = str(caught.value)
    place = r"in epoch 1, step \d+, with the samples \d+, .* and 3 more;"
    assert re.match(rf"fit: `loss` must be finite\. Got loss=(nan|inf) {place}", text)
    assert f"the first value that is not finite is {where}. The update was not made." in text
    assert "Lower the learning rate, clip gradients (clipnorm=1.0), or mend the data." in text
    if "infinite" not in where and "weight" not in where:
        assert all(np.isfinite(w).all() for w in model.get_weights())


def test_the_step_of_the_nan_is_named():
    with pytest.raises(DivergedError, match=r"in epoch 1, step 3, with the samples 16, "):
        ready().fit(poisoned(), Y, batch_size=8, shuffle=False, verbose=0)


def test_weights_spoilt_by_the_last_update_end_the_run():
    model = striate.Sequential([layers.Dense(1, input_shape=(2,))])
    model.compile(striate.optimizers.SGD(1e38), "mse")
    x = np.ones((4, 2), "float32")
    with pytest.raises(DivergedError, match=r"fit: `weights` must be finite\. Got the weight of"):
        model.fit(x * 1e10, np.ones((4, 1)), batch_size=4, verbose=0)


class Steep(layers.Layer):
    """The square root: at 0 it is finite, and its slope is not."""

    def call(self, x):
        return x.clamp_min(0.0).sqrt()


def steep():
    """A net of three layers whose loss is finite and whose gradients are not, below "middle"."""
    torch.manual_seed(0)
    parts = [layers.Flatten(input_shape=(6, 6, 1)), layers.Dense(4, name="low")]
    parts += [layers.Dense(4, kernel_initializer="zeros", name="middle"), Steep(name="steep")]
    model = striate.Sequential([*parts, layers.Dense(3, name="high")])
    return ready(model, optimizers.SGD(0.1, 0.9), loss="mse")


@pytest.mark.parametrize("accumulate", [1, 3])
def test_gradients_that_are_not_finite_end_the_run_before_the_update(accumulate):
    model = steep()
    before = model.get_weights()
    words = {"batch_size": 8, "shuffle": False, "accumulate": accumulate, "verbose": 0}
    with pytest.raises(DivergedError) as caught:
        model.fit(X, np.ones((40, 3)), **words)
    text = str(caught.value)
    assert re.match(
        r"fit: `gradients` must be finite\. Got loss=1 in epoch 1, step 1, with the samples 0, 1, "
        r"2, 3, 4 and 3 more; on the way back the first that is not finite is the gradient of the "
        r'(weight|bias) of layer "middle"\. The update was not made\. Lower the learning rate',
        text,
    )
    assert all(np.array_equal(u, v) for u, v in zip(model.get_weights(), before, strict=True))
    assert not model.optimizer.state
    assert all(parameter.grad is None for parameter in model.parameters())


def test_train_on_batch_too():
    with pytest.raises(DivergedError, match=r"`gradients` must be .* step 1; on the way back the"):
        steep().train_on_batch(X[:1], np.ones((1, 3)))
