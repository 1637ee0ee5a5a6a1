"""predict: the outputs of a direct call, as arrays, whatever the batches."""

import numpy as np
import pytest
import torch

import striate
from striate import layers
from striate.data import Loader
from striate.data.source import ArraySource
from striate.errors import ArgumentError
from striate.records import Preprocess

X = np.random.default_rng(0).random((23, 8, 8, 3)).astype("float32")


def convnet(**first):
    torch.manual_seed(0)
    return striate.Sequential(
        [
            layers.Conv2D(4, 3, **first),
            layers.BatchNormalization(),
            layers.Dropout(0.5),
            layers.GlobalAveragePooling2D(),
            layers.Dense(2, "softmax"),
        ]
    )


@pytest.fixture
def model():
    return convnet(input_shape=(8, 8, 3))


@pytest.mark.parametrize("size", [1, 5, 23, 100, None])
def test_it_is_a_direct_call(model, size, close):
    got = model.predict(X, batch_size=size)
    assert type(got) is np.ndarray
    assert got.dtype == np.float32
    close(got, model(X, training=False).detach(), 1e-6)


def test_other_feeds(model, close):
    wanted = model(X).detach()
    batches = [X[i : i + 10] for i in range(0, 23, 10)]
    close(model.predict([(x,) for x in batches]), wanted)
    close(model.predict([(x, np.zeros(len(x))) for x in batches]), wanted)
    close(model.predict(Loader(ArraySource(X), 10)), wanted)
    close(model.predict([(x,) for x in batches], steps=2), wanted[:20])
    close(model.predict(torch.tensor(X)), wanted)
    close(model.predict((X * 255).astype("uint8")), model((X * 255).astype("uint8")).detach())


def test_a_loader_that_drops_its_last_batch_gives_no_more_than_it_read(model, close):
    got = model.predict(Loader(ArraySource(X), 10, drop_last=True))
    close(got, model(X[:20]).detach())


def test_a_loaders_preprocessing_is_applied(model, close):
    raw = (X * 255).astype("uint8")
    loader = Loader(ArraySource(raw), 10, preprocess=Preprocess(scale=1 / 255))
    close(model.predict(loader), model(raw.astype("float32") / 255).detach())


def test_structures(close):
    x = striate.Input((8, 8, 3), name="x")
    z = striate.Input((2,), name="z")
    flat = layers.GlobalAveragePooling2D()(x)
    model = striate.Model({"x": x, "z": z}, {"a": flat, "b": [layers.Add()([z, z])]})
    got = model.predict({"x": X, "z": X[:, 0, 0, :2]}, batch_size=4)
    assert set(got) == {"a", "b"}
    close(got["a"], X.mean(axis=(1, 2)))
    close(got["b"][0], 2 * X[:, 0, 0, :2])


def test_it_builds_a_model_and_keeps_its_mode():
    model = convnet()
    assert model.predict(X[:2]).shape == (2, 2)
    assert model.built
    model.train()
    statistics = model.layers[1].get_weights()
    model.predict(X)
    assert model.training
    after = model.layers[1].get_weights()
    assert all(np.array_equal(a, b) for a, b in zip(statistics, after, strict=True))


def test_bfloat16_comes_back_as_float32(model, close):
    got = model.predict(X, precision="bfloat16")
    assert got.dtype == np.float32
    close(got, model.predict(X), 3e-2)
    assert not np.array_equal(got, model.predict(X))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"x": iter([X])}, r"`x` must be readable once an epoch"),
        ({"x": 3}, r"`x` must be arrays, or an iterable"),
        ({"steps": 2}, r"predict: `steps` must be left out where x is arrays"),
        ({"precision": "int8"}, r"predict: `precision` must be one of"),
    ],
)
def test_what_is_refused(model, words, message):
    with pytest.raises(ArgumentError, match=message):
        model.predict(**{"x": X, **words})


@pytest.mark.parametrize(
    ("words", "x", "given"),
    [
        (r"predict: `batch_size` must be a whole number of at least 1\.", X, {"batch_size": 0}),
        (r"predict: `steps` must be a whole number of at least 1\.", [(X,)], {"steps": 0}),
        (r"predict: `steps` must be at most 1, the number of batches", [(X,)], {"steps": 5}),
        (r"predict: `x` must hold at least one batch", [], {}),
        (r"predict: `x` must be readable once an epoch", iter([(X,)]), {}),
        (r"predict: `x` must hold tensors or arrays in its batches", [("a",)], {}),
    ],
)
def test_what_is_refused_names_predict(model, words, x, given):
    for each in (model, convnet()):
        with pytest.raises(ArgumentError, match=words):
            each.predict(x, **given)


def test_an_iterable_that_holds_nothing_is_refused(model):
    class Nothing:
        def __iter__(self):
            return iter(())

    for each in (model, convnet()):
        with pytest.raises(ArgumentError, match=r"predict: `x` must hold at least one batch"):
            each.predict(Nothing())
