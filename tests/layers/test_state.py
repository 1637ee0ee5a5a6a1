import numpy as np
import pytest
import torch

from striate.errors import ArgumentError, NotBuiltError, WeightsError
from striate.layers import (
    BatchNormalization,
    Conv2D,
    Dense,
    GlobalAveragePooling2D,
    Layer,
    MaxPooling2D,
)
from striate.layers.regularizers import L2
from striate.layers.state import own_arguments


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (MaxPooling2D, "max_pooling2d"),
        (GlobalAveragePooling2D, "global_average_pooling2d"),
        (BatchNormalization, "batch_normalization"),
    ],
)
def test_the_default_name_is_keras(kind, name):
    assert kind().name == name
    assert kind(name="pool").name == "pool"
    assert kind(name="pool").place == f'{kind.__name__} "pool"'


@pytest.mark.parametrize("name", ["", "a.b", 3])
def test_a_name_is_a_word_without_a_dot(name):
    with pytest.raises(ArgumentError, match=r"MaxPooling2D: `name` must be a word without"):
        MaxPooling2D(name=name)


def test_trainable_reaches_every_layer_inside_at_once():
    class Block(Layer):
        def __init__(self, **base):
            super().__init__(**base)
            self.parts = [Dense(3), Dense(2)]

        def call(self, x):
            return self.parts[1](self.parts[0](x))

    block = Block()
    block(torch.zeros(1, 4))
    block.trainable = False
    assert not any(p.requires_grad for p in block.parameters())
    assert not block.parts[0].trainable
    block.parts[1].trainable = True
    assert [p.requires_grad for p in block.parameters()] == [False, False, True, True]
    with pytest.raises(ArgumentError, match="`trainable` must be True or False"):
        block.trainable = 1


def test_a_frozen_layer_is_built_frozen():
    layer = Dense(3, trainable=False)
    layer(torch.zeros(1, 4))
    assert not layer.weight.requires_grad


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda layer: list(layer.parameters()), "`parameters` must wait"),
        (lambda layer: layer.state_dict(), "`state_dict` must wait"),
        (lambda layer: layer.count_params(), "`count_params` must wait"),
        (lambda layer: layer.get_weights(), "`get_weights` must wait"),
        (lambda layer: layer.set_weights([]), "`set_weights` must wait"),
    ],
)
def test_an_unbuilt_layer_says_so(ask, words):
    with pytest.raises(NotBuiltError, match=f'Dense "d": {words} until the input shape is known'):
        ask(Dense(3, name="d"))


def test_an_unbuilt_layer_inside_is_named():
    class Block(Layer):
        def __init__(self, **base):
            super().__init__(**base)
            self.inner = Dense(3, name="inner")
            self.built = True

    with pytest.raises(NotBuiltError, match='Dense "inner": `parameters` must wait'):
        list(Block().parameters())


def test_config_holds_the_arguments_as_the_layer_does():
    layer = Conv2D(8, 3, activation="relu", kernel_regularizer=L2(0.5), name="stem")
    config = layer.get_config()
    assert config["filters"] == 8
    assert config["kernel_size"] == (3, 3)
    assert config["kernel_regularizer"] == L2(0.5)
    assert (config["name"], config["trainable"]) == ("stem", True)
    assert "input_shape" not in config
    assert set(config) == {*own_arguments(Conv2D), "name", "trainable"}
    assert Conv2D(8, 3, input_shape=(28, 28, 1)).get_config()["input_shape"] == (28, 28, 1)


def test_config_needs_the_arguments_as_attributes():
    class Forgets(Layer):
        def __init__(self, rate, **base):
            super().__init__(**base)

    words = r"Forgets .*keep its argument `rate` as an attribute.*Write self\.rate = rate"
    with pytest.raises(WeightsError, match=words):
        Forgets(0.5).get_config()


@pytest.mark.parametrize("shape", [(3, 3, 4, 1), (3, 3, 1, 4), (1, 1, 1, 1), (1, 1, 2, 1)])
def test_a_kernel_says_its_layout_where_a_size_is_1(shape):
    class Kernel(Layer):
        keras_weights = {"weight": (2, 3, 1, 0)}  # noqa: RUF012

        def build(self, input_shape):
            self.add_weight("weight", shape, initializer=torch.ones)

    layer = Kernel()
    layer.build((None, 1, 1, 4))
    h, w, c, _ = shape
    assert layer.weight.stride() == (h * w * c, 1, w * c, c)


def test_add_weight_keeps_keras_shape_and_torchs_layout():
    class Kernel(Layer):
        keras_weights = {"weight": (2, 3, 1, 0)}  # noqa: RUF012

        def build(self, input_shape):
            numbers = torch.arange(3 * 2 * 4 * 5.0)
            self.add_weight("weight", (3, 2, 4, 5), initializer=numbers.reshape)

    layer = Kernel()
    layer.build((None, 1, 1, 4))
    assert layer.weight.shape == (5, 4, 3, 2)
    assert layer.weight.is_contiguous(memory_format=torch.channels_last)
    assert np.array_equal(layer.get_weights()[0], np.arange(120.0).reshape(3, 2, 4, 5))
