import json
from dataclasses import dataclass

import pytest
import torch

from striate.errors import WeightsError
from striate.layers import (
    Activation,
    Conv2D,
    Dense,
    Lambda,
    Layer,
    register_function,
    register_layer,
)
from striate.layers.config import from_json, to_json
from striate.layers.initializers import Constant, Initializer
from striate.layers.regularizers import L1L2


@register_layer("TestConfigUser")
class User(Layer):
    """A layer as someone else writes it: no **base, plain and nested arguments."""

    def __init__(self, sizes, options=None, scale=1.0):
        super().__init__()
        self.sizes = tuple(sizes)
        self.options = options
        self.scale = scale

    def call(self, x):
        return x * self.scale


@register_layer("TestConfigBase")
class Based(Layer):
    def __init__(self, activation, *, factor=2, **base):
        super().__init__(**base)
        self.activation = activation
        self.factor = factor

    def call(self, x):
        return self.activation(x) * self.factor


@register_function("test_config_square")
def square(x):
    return x * x


class Stranger(Layer):
    def call(self, x):
        return x


def there_and_back(layer):
    return from_json(json.loads(json.dumps(to_json(layer), allow_nan=False)))


def test_the_form_in_json():
    layer = Conv2D(
        8,
        3,
        padding=((0, 1), (2, 3)),
        activation="relu",
        kernel_initializer=Constant(0.5),
        bias_regularizer=L1L2(0.1, 0.2),
        name="stem",
        input_shape=(28, 28, 1),
    )
    entry = to_json(layer)
    assert entry["type"] == "Conv2D"
    config = entry["config"]
    assert config["kernel_size"] == [3, 3]
    assert config["padding"] == [[0, 1], [2, 3]]
    assert config["activation"] == "relu"
    assert config["kernel_initializer"] == {"initializer": "constant", "value": 0.5}
    assert config["bias_regularizer"] == {"regularizer": "l1_l2", "l1": 0.1, "l2": 0.2}
    assert config["input_shape"] == [28, 28, 1]
    again = there_and_back(layer)
    assert again.get_config() == {**layer.get_config(), "padding": ((0, 1), (2, 3))}
    assert again.output_shape((None, 9, 9, 1)) == layer.output_shape((None, 9, 9, 1))


def test_a_registered_function_in_any_place():
    for layer in (Lambda(square), Activation(square), Dense(3, square), Based(square)):
        again = there_and_back(layer)
        assert getattr(again, "function", None) is square or again.activation is square
    assert to_json(Lambda(square))["config"]["function"] == {"function": "test_config_square"}


def test_an_activation_under_another_name():
    layer = Lambda(Activation("relu").activation)
    assert to_json(layer)["config"]["function"] == {"activation": "relu"}
    again = there_and_back(layer)
    assert again.function(torch.tensor(-1.0)) == 0


def test_a_users_layer(close):
    layer = User([1, 2], {"deep": [1, {"er": None}]}, scale=0.5)
    again = there_and_back(layer)
    assert (again.sizes, again.options, again.scale) == ((1, 2), {"deep": [1, {"er": None}]}, 0.5)


def test_a_users_layer_keeps_name_and_training():
    layer = User([1])
    layer._name, layer.trainable = "mine", False
    again = there_and_back(layer)
    assert (again.name, again.trainable) == ("mine", False)


@dataclass(frozen=True)
class Strange(Initializer):
    pass


NESTED = []
for _ in range(50):
    NESTED = [NESTED]


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (
            Stranger(name="s"),
            r'Stranger "s": must be of a registered class.*@striate\.layers\.register_layer\("Str',
        ),
        (
            Lambda(lambda x: x, name="f"),
            r'Lambda "f": must have a registered function as `function`.*<lambda>.*register_func',
        ),
        (Dense(3, torch.sin), "must have a registered function as `activation`"),
        (
            Dense(3, kernel_initializer=Strange()),
            r"must have a registered initializer as `kernel_i",
        ),
        (User([float("nan")]), "must hold numbers, words, lists and registered objects only in"),
        (User([1], options={1: 2}), "only in `options` to be saved. Got dict"),
        (User([1], options={"function": "x"}), "only in `options`"),
        (User([1], options=torch.ones(1)), "only in `options` to be saved. Got Tensor"),
        (User([1], options=NESTED), "only in `options` to be saved. Got list"),
    ],
)
def test_what_cannot_be_saved_says_why(layer, words):
    with pytest.raises(WeightsError, match=words):
        to_json(layer)


def dense(**config):
    return {"type": "Dense", "config": {"units": 3, **config}}


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (None, 'layer entry: must be an object with "type" and "config". Got None'),
        ({"type": "Dense"}, 'must be an object with "type" and "config"'),
        ({**dense(), "module": "os"}, 'must be an object with "type" and "config"'),
        ({"type": "Dens", "config": {}}, r"must have the type of a registered.*Nearest: \"Dense\""),
        ({"type": ["Dense"], "config": {}}, "must have the type of a registered layer"),
        ({"type": "os.system", "config": {}}, "must have the type of a registered layer"),
        ({"type": "Dense", "config": []}, 'layer entry "Dense": must hold an object as "config"'),
        (dense(unit=3), "must hold only arguments of Dense, such as units"),
        (dense(training=True), "must hold only arguments of Dense"),
        (dense(units="3"), "must hold values that its constructor takes.*`units` must be a whole"),
        (dense(units=-1), "`units` must be a whole number"),
        (dense(units=None), "`units` must be"),
        (dense(name=3), "`name` must be a word"),
        (dense(trainable="yes"), "`trainable` must be True or False"),
        (dense(input_shape=7), "`input_shape` must hold the sizes"),
        (dense(activation="__import__('os')"), "`activation` must name a known activation"),
        (dense(activation={"function": "eval"}), r"must name a registered function. Got 'eval'"),
        (dense(activation={"function": "x", "activation": "relu"}), "name one activation or one"),
        (dense(activation={"activation": "eval"}), "must name a registered activation"),
        (dense(activation={"module": "os"}), "must hold values that its constructor takes"),
        (dense(kernel_initializer={"initializer": "he"}), "must name a registered initializer"),
        (
            dense(kernel_initializer={"initializer": "constant", "values": 1}),
            'must hold only the fields of the initializer "constant"',
        ),
        (
            dense(kernel_initializer={"initializer": "constant", "value": [1]}),
            "must hold only the fields",
        ),
        (
            dense(kernel_regularizer={"regularizer": "l2", "l2": "x"}),
            "must hold values that its constructor takes",
        ),
        (dense(kernel_initializer=float("inf")), "must hold finite plain values"),
        (dense(kernel_initializer=NESTED), "at most 16 levels deep"),
        ({"type": "Dense", "config": {}}, "must hold values that its constructor takes.*units"),
        ({"type": "Lambda", "config": {"function": "eval"}}, "`function` must be a function"),
        ({"type": "Conv2D", "config": {"filters": 1, "kernel_size": {}}}, "`kernel_size` must"),
    ],
)
def test_a_foreign_entry_is_refused_in_words(entry, words):
    with pytest.raises(WeightsError, match=words):
        from_json(entry)


def test_nothing_of_a_refused_entry_is_printed_at_length():
    with pytest.raises(WeightsError) as caught:
        from_json({"type": "Dense", "config": {"units": "9" * 100_000}})
    assert len(str(caught.value)) < 1000
