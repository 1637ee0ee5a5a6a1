"""Same start, same batches: the losses of 20 steps are Keras', for every optimizer."""

import keras
import numpy as np
import pytest
import torch
import torch.nn.functional as F

from striate import optimizers
from striate.optimizers import schedules

pytestmark = pytest.mark.peers

CASES = {
    "sgd": ("SGD", {"learning_rate": 0.05}),
    "sgd_momentum": ("SGD", {"learning_rate": 0.05, "momentum": 0.9}),
    "sgd_nesterov": ("SGD", {"learning_rate": 0.05, "momentum": 0.9, "nesterov": True}),
    "sgd_decay": ("SGD", {"learning_rate": 0.05, "momentum": 0.9, "weight_decay": 0.1}),
    "sgd_clipnorm": ("SGD", {"learning_rate": 0.05, "clipnorm": 0.3}),
    "sgd_clipvalue": ("SGD", {"learning_rate": 0.05, "clipvalue": 0.05}),
    "sgd_global_clipnorm": ("SGD", {"learning_rate": 0.05, "global_clipnorm": 0.3}),
    "rmsprop": ("RMSprop", {}),
    "rmsprop_momentum": ("RMSprop", {"rho": 0.8, "momentum": 0.5}),
    "rmsprop_centered": ("RMSprop", {"centered": True, "momentum": 0.9}),
    "adam": ("Adam", {"learning_rate": 0.01}),
    "adam_amsgrad": ("Adam", {"learning_rate": 0.01, "amsgrad": True, "beta_2": 0.9}),
    "adam_decay": ("Adam", {"learning_rate": 0.01, "weight_decay": 0.05}),
    "adamw": ("AdamW", {"learning_rate": 0.01}),
    "nadam": ("Nadam", {"learning_rate": 0.01}),
    "nadam_betas": ("Nadam", {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.9}),
    "adagrad": ("Adagrad", {"learning_rate": 0.05}),
}


@pytest.fixture(params=["float64", "float32"])
def dtype(request):
    before = keras.config.floatx()
    keras.config.set_floatx(request.param)
    yield request.param
    keras.config.set_floatx(before)


def problem(dtype):
    """Weights of a convolution and a dense layer, and 20 batches for them."""
    rng = np.random.default_rng(1)
    shapes = [(6, 2, 3, 3), (6,), (4, 6 * 16), (4,)]
    weights = [(rng.standard_normal(s) * 0.3).astype(dtype) for s in shapes]
    images = rng.standard_normal((20, 16, 2, 6, 6)).astype(dtype)
    labels = rng.integers(0, 4, (20, 16))
    return weights, torch.tensor(images), torch.tensor(labels)


def loss_of(weights, images, labels):
    kernel, bias, dense, offset = weights
    maps = F.conv2d(images, kernel, bias).relu().flatten(1)
    return F.cross_entropy(maps @ dense.T + offset, labels)


def our_losses(optimizer, dtype, *, undecayed=()):
    start, images, labels = problem(dtype)
    weights = [torch.tensor(w, requires_grad=True) for w in start]
    if undecayed:
        optimizer.exclude_from_weight_decay([weights[place] for place in undecayed])
    optimizer.bind(weights)
    losses = []
    for x, y in zip(images, labels, strict=True):
        optimizer.zero_grad()
        loss = loss_of(weights, x, y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return np.array(losses)


def keras_losses(optimizer, dtype, *, undecayed=()):
    start, images, labels = problem(dtype)
    variables = [keras.Variable(w, dtype=dtype) for w in start]
    if undecayed:
        optimizer.exclude_from_weight_decay(var_list=[variables[place] for place in undecayed])
    optimizer.build(variables)
    losses = []
    for x, y in zip(images, labels, strict=True):
        weights = [v.value.detach().clone().requires_grad_() for v in variables]
        loss = loss_of(weights, x, y)
        optimizer.apply(torch.autograd.grad(loss, weights), variables)
        losses.append(loss.item())
    return np.array(losses)


@pytest.mark.parametrize("case", CASES)
def test_twenty_steps_are_keras(case, dtype):
    name, arguments = CASES[case]
    ours = our_losses(getattr(optimizers, name)(**arguments), dtype)
    theirs = keras_losses(getattr(keras.optimizers, name)(**arguments), dtype)
    difference = float(np.abs(ours - theirs).max())
    assert len(set(ours)) == 20
    assert difference < (1e-6 if dtype == "float64" else 2e-4)


@pytest.mark.parametrize("name", ["SGD", "AdamW", "RMSprop"])
def test_what_is_left_out_of_the_decay_is_as_in_keras(name, dtype):
    words = {"learning_rate": 0.01, "weight_decay": 5.0}
    ours, theirs = getattr(optimizers, name), getattr(keras.optimizers, name)
    biases = our_losses(ours(**words), dtype, undecayed=(1, 3))
    expected = keras_losses(theirs(**words), dtype, undecayed=(1, 3))
    assert np.abs(biases - expected).max() < (1e-6 if dtype == "float64" else 2e-4)
    assert np.abs(biases - our_losses(ours(**words), dtype)).max() > 1e-3


def test_a_schedule_moves_the_rate_as_in_keras(dtype):
    ours = our_losses(
        optimizers.SGD(schedules.ExponentialDecay(0.1, 3, decay_rate=0.5), 0.9), dtype
    )
    rate = keras.optimizers.schedules.ExponentialDecay(0.1, 3, 0.5)
    theirs = keras_losses(keras.optimizers.SGD(rate, momentum=0.9), dtype)
    assert np.abs(ours - theirs).max() < (1e-6 if dtype == "float64" else 1e-5)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (optimizers.SGD, keras.optimizers.SGD),
        (optimizers.RMSprop, keras.optimizers.RMSprop),
        (optimizers.Adam, keras.optimizers.Adam),
        (optimizers.AdamW, keras.optimizers.AdamW),
        (optimizers.Nadam, keras.optimizers.Nadam),
        (optimizers.Adagrad, keras.optimizers.Adagrad),
    ],
)
def test_arguments_and_defaults_are_keras(ours, theirs):
    expected = theirs().get_config()
    for name, value in ours().get_config().items():
        if name == "learning_rate":  # Keras keeps it in float32.
            assert value == pytest.approx(expected[name], rel=1e-6)
        else:
            assert value == expected[name], name


SCHEDULES = {
    "exponential": ("ExponentialDecay", (0.1, 7), {"decay_rate": 0.5}),
    "exponential_stairs": ("ExponentialDecay", (0.1, 7), {"decay_rate": 0.5, "staircase": True}),
    "inverse": ("InverseTimeDecay", (0.1, 7), {"decay_rate": 0.5}),
    "inverse_stairs": ("InverseTimeDecay", (0.1, 7), {"decay_rate": 0.5, "staircase": True}),
    "piecewise": ("PiecewiseConstantDecay", ([5, 11, 30], [0.1, 0.03, 0.01, 0.003]), {}),
    "cosine": ("CosineDecay", (0.1, 25), {"alpha": 0.1}),
    "cosine_warm": ("CosineDecay", (0.01, 25), {"warmup_target": 0.2, "warmup_steps": 8}),
}


@pytest.mark.parametrize("case", SCHEDULES)
def test_schedules_are_keras(case):
    name, positional, keywords = SCHEDULES[case]
    before = keras.config.floatx()
    keras.config.set_floatx("float64")
    try:
        rate = getattr(keras.optimizers.schedules, name)(*positional, **keywords)
        steps = range(40)
        expected = [float(rate(np.int64(step))) for step in steps]
    finally:
        keras.config.set_floatx(before)
    ours = getattr(schedules, name)(*positional, **keywords)
    assert [ours(step) for step in steps] == pytest.approx(expected, rel=1e-7, abs=1e-12)
