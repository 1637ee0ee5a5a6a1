"""A layer's configuration in our words, and the words for what ours cannot be."""

import pytest

from striate.layers import config as layer_config
from striate.models.keras_config.arguments import plain, translate
from tests.models.keras_config.configurations import layer


class Refused(Exception):
    pass


def refuse(rule, got, fix):
    raise Refused(f"must {rule}. Got {got}. {fix}")


def translated(entry, *, is_keras_2=False):
    left_out = []
    ours = translate(entry, refuse, left_out=left_out, is_keras_2=is_keras_2)
    return ours, left_out


def test_arguments_keep_their_names_and_initializers_are_left_out():
    ours, left_out = translated(
        layer(
            "Conv2D",
            "c",
            trainable=False,
            dtype={"class_name": "DTypePolicy", "config": {"name": "float32"}},
            filters=4,
            kernel_size={"class_name": "__tuple__", "items": [3, 2]},
            data_format="channels_last",
            activation="hard_silu",
            kernel_initializer={"class_name": "HeNormal", "config": {"seed": None}},
            kernel_regularizer={"class_name": "L2", "config": {"l2": 0.25}},
            kernel_constraint=None,
        )
    )
    assert left_out == ["initializers"]
    made = layer_config.from_json(ours)
    assert (made.name, made.trainable, made.filters, made.kernel_size) == ("c", False, 4, (3, 2))
    assert made.activation.__name__ == "hard_swish"
    assert made.kernel_regularizer.l2 == 0.25


@pytest.mark.parametrize(
    ("entry", "ours"),
    [
        (
            layer("LeakyReLU", "a", alpha={"type": "ndarray", "value": 0.25}),
            {"type": "LeakyReLU", "config": {"name": "a", "negative_slope": 0.25}},
        ),
        (
            layer("ELU", "a", alpha=1.0),
            {"type": "Activation", "config": {"activation": "elu", "name": "a"}},
        ),
        (
            layer("Dropout", "a", rate=0.5, noise_shape=[None, 1, 1, 1]),
            {"type": "StochasticDepth", "config": {"name": "a", "rate": 0.5}},
        ),
        (
            layer("Rescaling", "a", scale=[2.0, 4.0], offset=[0.0, 1.0]),
            {
                "type": "Normalization",
                "config": {
                    "name": "a",
                    "axis": -1,
                    "mean": [0.0, -0.25],
                    "variance": [0.25, 0.0625],
                },
            },
        ),
        (
            layer("BatchNormalization", "a", module=None, axis=[3], fused=True, renorm=False),
            {"type": "BatchNormalization", "config": {"name": "a"}},
        ),
        (
            layer("DepthwiseConv2D", "a", kernel_size=3, groups=1, bias_regularizer=None),
            {
                "type": "DepthwiseConv2D",
                "config": {"name": "a", "kernel_size": 3, "bias_regularizer": None},
            },
        ),
    ],
)
def test_what_keras_calls_otherwise(entry, ours):
    assert translated(entry)[0] == ours


@pytest.mark.parametrize(
    ("told", "left_out"),
    [
        (
            {"kernel_regularizer": {"class_name": "OrthogonalRegularizer", "config": {}}},
            "kernel_regularizer OrthogonalRegularizer",
        ),
        (
            {"dtype": {"class_name": "DTypePolicy", "config": {"name": "mixed_float16"}}},
            "the number type mixed_float16: the net computes in float32",
        ),
    ],
)
def test_what_changes_no_output_is_left_out_and_said(told, left_out):
    assert translated(layer("Dense", "d", units=2, **told))[1] == [left_out]


CODE = "must be a layer, not code. Got Lambda. Code is never run: put layers of Keras in its place"
FAR = {"class_name": "__lambda__", "config": {"code": "4wEA"}}


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (layer("Lambda", "f", function=FAR), CODE),
        (
            layer("Conv3D", "f", filters=2),
            "must be a layer of Keras that striate has. Got Conv3D. Take another in Keras, "
            "nearest: Conv2D, ",
        ),
        (
            layer("Conv2D", "f", module="my.layers", filters=2),
            "must be a layer of Keras that striate has. Got Conv2D of my.layers.",
        ),
        (
            layer("Dense", "f", units=2, dtype="float16"),
            'must compute in float32. Got float16. Build the net with dtype="float32" in Keras',
        ),
        (
            layer("Conv2D", "f", data_format="channels_first"),
            "must have `data_format` None or channels_last, all that Conv2D of striate can do. "
            "Got channels_first. Build the net with channels_last in Keras, and save it again.",
        ),
        (
            layer("Dense", "f", kernel_constraint={"class_name": "MaxNorm", "config": {}}),
            "must have `kernel_constraint` None, all that Dense of striate can do. Got {'class_name"
            "': 'MaxNorm', 'config': {}}. It acts in training alone: set it to None in Keras",
        ),
        (
            layer("Dense", "f", activity_regularizer={"class_name": "L2", "config": {}}),
            "It acts in training alone: set it to None in Keras",
        ),
        (
            layer("LayerNormalization", "f", rms_scaling=True),
            "must have `rms_scaling` False, all that LayerNormalization of striate can do. Got "
            "True. Build the net without it in Keras, and save it again.",
        ),
        (layer("ELU", "f", alpha=2.0), "must have `alpha` 1.0, all that Activation of striate"),
        (layer("Dense", "f", new_words=1), "must have `new_words` None, all that Dense of striate"),
        (
            layer("Dropout", "f", rate=0.5, noise_shape=[None, 1]),
            "must have `noise_shape` None, all that Dropout of striate can do. Got [None, 1].",
        ),
        (
            layer("Dense", "f", activation={"class_name": "function", "config": "my_relu"}),
            "must have an activation with a name of Keras. Got my_relu. Put a layer in its place",
        ),
    ],
)
def test_what_ours_cannot_be_is_refused_by_name(entry, words):
    with pytest.raises(Refused) as caught:
        translated(entry)
    assert words in str(caught.value)
    assert "Or build the net in Python and load the weights alone" in str(caught.value)


def test_a_word_that_meant_something_else_in_keras_2():
    entry = layer("Activation", "f", activation="hard_sigmoid")
    assert translated(entry)[0]["config"]["activation"] == "hard_sigmoid"
    with pytest.raises(Refused, match=r"hard_sigmoid of Keras 2 is 0\.2 x \+ 0\.5"):
        translated(entry, is_keras_2=True)


def test_plain():
    wrapped = {"class_name": "__tuple__", "items": [1, {"type": "ndarray", "value": 2.0}]}
    array = {"class_name": "__numpy__", "config": {"value": [1.0], "dtype": "float32"}}
    assert plain([wrapped, array, {"kept": 1}]) == [[1, 2.0], [1.0], {"kept": 1}]
