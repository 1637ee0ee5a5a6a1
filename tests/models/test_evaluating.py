"""evaluate: the loss and the metrics, whatever the batches."""

import numpy as np
import pytest
import torch

import striate
from striate import layers, metrics
from striate.data import Loader
from striate.data.source import ArraySource
from striate.errors import ArgumentError
from striate.models.evaluating import batch_size_for

RNG = np.random.default_rng(0)
X = RNG.random((50, 6)).astype("float32")
Y = RNG.integers(0, 3, 50)


@pytest.fixture
def model():
    net = striate.Sequential(
        [
            striate.Input((6,)),
            layers.Dense(5, kernel_regularizer="l2"),
            layers.BatchNormalization(),
            layers.Dropout(0.5),
            layers.Dense(3, "softmax"),
        ]
    )
    net.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return net


def by_hand(model, weights=1.0):
    p = model(torch.tensor(X)).detach().numpy().astype("float64")
    values = -np.log(p[np.arange(50), Y]) * weights
    penalty = 0.01 * (model.get_weights()[0].astype("float64") ** 2).sum()
    return [values.mean() + penalty, (p.argmax(1) == Y).mean()]


def test_the_values_are_those_by_hand(model):
    assert model.evaluate(X, Y, verbose=0) == pytest.approx(by_hand(model), rel=1e-5)
    weights = np.linspace(0, 2, 50)
    weighed = model.evaluate(X, Y, sample_weight=weights, verbose=0)
    assert weighed == pytest.approx(by_hand(model, weights), rel=1e-5)


@pytest.mark.parametrize("size", [1, 7, 49, 50, 64])
def test_the_batch_size_changes_nothing(model, size):
    assert model.evaluate(X, Y, batch_size=size, verbose=0) == pytest.approx(
        by_hand(model), rel=1e-5
    )


def test_other_feeds(model):
    batches = [(X[i : i + 20], Y[i : i + 20]) for i in range(0, 50, 20)]
    for feed in (batches, Loader(ArraySource(X, Y), 20, shuffle=True)):
        assert model.evaluate(feed, verbose=0) == pytest.approx(by_hand(model), rel=1e-5)
    part = model.evaluate(batches, steps=1, verbose=0)
    assert part == pytest.approx(model.evaluate(X[:20], Y[:20], verbose=0), rel=1e-5)


def test_a_number_a_list_or_a_dict(model):
    assert isinstance(model.evaluate(X, Y, verbose=0), list)
    named = model.evaluate(X, Y, verbose=0, return_dict=True)
    assert list(named) == ["loss", "accuracy"]
    model.compile("sgd", "sparse_categorical_crossentropy")
    assert model.evaluate(X, Y, verbose=0) == pytest.approx(by_hand(model)[0], rel=1e-5)


def test_nothing_changes(model):
    before = model.get_weights()
    model.train()
    model.evaluate(X, Y, verbose=0)
    assert model.training
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))


def test_the_names_are_those_of_the_numbers(model):
    with pytest.raises(ArgumentError, match=r"`metrics_names` must be asked after fit or evaluate"):
        _ = model.metrics_names
    values = model.evaluate(X, Y, return_dict=True, verbose=0)
    assert model.metrics_names == list(values) == ["loss", "accuracy"]
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=[metrics.F1Score()])
    with pytest.raises(ArgumentError, match=r"`metrics_names` must be asked"):
        _ = model.metrics_names
    model.fit(X, Y, verbose=0)
    assert model.metrics_names == ["loss", "f1_score"]
    model.evaluate(X, Y, verbose=0)
    assert model.metrics_names == ["loss", *(f"f1_score_{place}" for place in range(3))]


def test_the_names_of_several_outputs():
    x = inputs = striate.Input((4,))
    outputs = [layers.Dense(1, name=name)(x) for name in "abc"]
    model = striate.Model(inputs, outputs)
    model.compile("sgd", {"a": "mse", "c": "mae"}, metrics={"b": ["mae"]})
    ones = np.ones((3, 4), "float32")
    history = model.fit(ones, [ones[:, :1]] * 3, verbose=0).history
    assert model.metrics_names == list(history) == ["loss", "a_loss", "c_loss", "b_mae"]
    assert len(model.evaluate(ones, [ones[:, :1]] * 3, verbose=0)) == 4


def test_it_says_one_line(model, capsys):
    model.evaluate(X, Y)
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert out.startswith("loss ")
    assert "accuracy" in out
    model.evaluate(X, Y, verbose=0)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"y": None}, r"evaluate: `y` must hold the targets"),
        ({"y": Y + 1}, r"class numbers from 0 to 2"),
        ({"steps": 2}, r"evaluate: `steps` must be left out where x is arrays"),
        ({"verbose": 9}, r"`verbose` must be one of"),
        ({"precision": "half"}, r"evaluate: `precision` must be one of"),
    ],
)
def test_what_is_refused(model, words, message):
    with pytest.raises(ArgumentError, match=message):
        model.evaluate(**{"x": X, "y": Y, **words})


def test_a_model_that_is_not_compiled():
    net = striate.Sequential([layers.Dense(2, input_shape=(6,))])
    with pytest.raises(ArgumentError, match=r"evaluate: `model` must be compiled"):
        net.evaluate(X, Y)


@pytest.mark.parametrize(
    ("shape", "size"), [((9,), 32), ((9, 8), 1024), ((9, 28, 28, 1), 1024), ((9, 999, 999, 3), 32)]
)
def test_batches_hold_about_a_million_numbers(shape, size):
    assert batch_size_for(np.broadcast_to(0.0, shape), place="predict") == size


@pytest.mark.parametrize(
    ("words", "given"),
    [
        (r"evaluate: `batch_size` must be a whole number of at least 1\.", {"batch_size": 0}),
        (r"evaluate: `batch_size` must be a whole number of at least 1\.", {"batch_size": 2.5}),
        (r"evaluate: `steps` must be a whole number of at least 1\.", {"steps": 0}),
        (r"evaluate: `steps` must be a whole number of at least 1\.", {"steps": -1}),
        (r"evaluate: `steps` must be at most 1, the number of batches", {"steps": 2}),
    ],
)
def test_sizes_and_steps_that_cannot_be(model, words, given):
    with pytest.raises(ArgumentError, match=words):
        model.evaluate([(X, Y)], verbose=0, **given)
