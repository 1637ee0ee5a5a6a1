"""Files for Keras: what stands in them, that they come back, and what is refused."""

import re

import h5py
import numpy as np
import pytest
import torch

import striate
from striate import layers
from striate.architectures import densenet121
from striate.errors import ArgumentError, WeightsError


def small():
    inner = striate.Sequential([layers.Dense(4, name="in"), layers.Dense(2)], name="head")
    inner.build((None, 3))
    x = inputs = striate.Input((8, 8, 3))
    x = layers.SeparableConv2D(3, 3, name="mixed")(x)
    x = layers.BatchNormalization(center=False)(layers.Dropout(0.5)(x))
    return striate.Model(inputs, inner(layers.GlobalAveragePooling2D()(x)), name="net")


def test_where_keras_looks_for_the_arrays(tmp_path):
    model = small()
    path = model.export_weights(tmp_path / "new" / "net.weights.h5", to="keras")
    arrays = {}
    with h5py.File(path) as file:
        names = {}
        file.visititems(
            lambda at, node: names.update({at: node.attrs["name"]} if "name" in node.attrs else {})
        )
        file.visititems(
            lambda at, node: arrays.update({at: node[()]}) if hasattr(node, "shape") else None
        )
    assert names == {
        "vars": "net",
        "layers/separable_conv2d/vars": "mixed",
        "layers/batch_normalization/vars": "batch_normalization",
        "layers/sequential/vars": "head",
        "layers/sequential/layers/dense/vars": "in",
        "layers/sequential/layers/dense_1/vars": "dense",
    }
    given = {
        "layers/separable_conv2d": model.get_layer("mixed").get_weights(),
        "layers/batch_normalization": model.get_layer("batch_normalization").get_weights(),
        "layers/sequential/layers/dense": model.get_layer("head").layers[0].get_weights(),
        "layers/sequential/layers/dense_1": model.get_layer("head").layers[1].get_weights(),
    }
    assert len(arrays) == sum(map(len, given.values())) == 10
    for folder, row in given.items():
        for number, array in enumerate(row):
            assert np.array_equal(arrays[f"{folder}/vars/{number}"], array)


def test_it_comes_back_and_is_replaced_only_where_that_is_said(tmp_path):
    model, other = small(), small()
    path = model.export_weights(str(tmp_path / "net.weights.h5"), to="keras")
    assert other.load_weights(path).fits
    assert all(a.equal(b) for a, b in zip(model.weights, other.weights, strict=True))
    before = path.read_bytes()
    with pytest.raises(WeightsError, match=r"must not stand yet\. Got a file or folder"):
        small().export_weights(path, to="keras")
    assert path.read_bytes() == before
    small().export_weights(path, to="keras", overwrite=True)
    assert path.read_bytes() != before
    assert [each.name for each in tmp_path.iterdir()] == ["net.weights.h5"]


class Called(striate.Model):
    def __init__(self):
        super().__init__(name="called")
        self.inside = layers.Dense(2)

    def call(self, x):
        return self.inside(x)


class Block(layers.Layer):
    def __init__(self, **base):
        super().__init__(**base)
        self.inside = layers.Dense(2)

    def call(self, x):
        return self.inside(x)


class Dense(Block):
    """Of another make than Keras' layer of this name."""


class Scaled(striate.Sequential):
    def __init__(self, *parts):
        super().__init__(parts, name="scaled")
        self.factor = torch.nn.Parameter(torch.ones(1))


def called():
    model = Called()
    model.build((None, 3))
    return model


def sequential(layer):
    return striate.Sequential([striate.Input((3,)), layer], name="s")


def paper():
    with torch.device("meta"):
        return densenet121((32, 32, 3), 2)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (
            called,
            'Called "called": `to` must be a library that finds the layers of the model, and not '
            "joined by `call`. Got to='keras'. Join the layers as a Sequential or by Model(",
        ),
        (
            lambda: sequential(Block(name="b")),
            '`to` must be a library that has each layer with weights, also Block "b". Got',
        ),
        (
            lambda: sequential(Dense(name="d")),
            '`to` must be a library that has each layer with weights, also Dense "d". Got',
        ),
        (
            lambda: sequential(layers.RadialBasis([[1.0, 0.0, 2.0]], name="r")),
            "that has each layer with weights, also RadialBasis \"r\". Got to='keras'. Any net is",
        ),
        (
            lambda: Scaled(striate.Input((3,)), layers.Dense(2)),
            "`to` must be a library that has a place for all weights, also factor. Got to='keras'",
        ),
        (
            paper,
            "must be a library that computes as densenet121 in dialect \"paper\". Got to='keras'. "
            'Its net is densenet121(dialect="keras").',
        ),
    ],
)
def test_what_keras_lacks_is_refused(make, words, tmp_path):
    with pytest.raises(ArgumentError, match=re.escape(words)):
        make().export_weights(tmp_path / "net.weights.h5", to="keras")
    assert not list(tmp_path.iterdir())


def test_the_ending_is_keras(tmp_path):
    words = r'`filepath` must end with \.weights\.h5\. .* For example "net\.weights\.h5"\.'
    with pytest.raises(ArgumentError, match=words):
        small().export_weights(tmp_path / "net.h5", to="keras")
