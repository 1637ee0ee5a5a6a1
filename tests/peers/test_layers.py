"""The same layer in Keras: given the same weights, the same values, gradients and statistics.

Keras on torch is wrong in known cells; those are left to the twins: AveragePooling2D "same" where
the padding is uneven, bicubic resizing without antialias, the gradient of one filter.
"""

import keras
import numpy as np
import pytest
import torch

from striate import layers

pytestmark = pytest.mark.peers

K = keras.layers
PICTURE, GREY, ROW = (7, 6, 4), (7, 6, 1), (5,)

# name -> (ours, theirs, shapes of one sample)
PAIRS = {
    "conv": (lambda m: m.Conv2D(5, 3, activation="relu"), [PICTURE]),
    "conv same 2": (lambda m: m.Conv2D(5, (3, 2), 2, "same"), [PICTURE]),
    "conv same 2 even": (lambda m: m.Conv2D(5, 4, 3, padding="same"), [PICTURE]),
    "conv dilated": (
        lambda m: m.Conv2D(5, 3, padding="same", dilation_rate=2, use_bias=False),
        [PICTURE],
    ),
    "conv groups": (lambda m: m.Conv2D(6, 3, groups=2, activation="tanh"), [PICTURE]),
    "conv grey": (lambda m: m.Conv2D(5, 3, 2, "same"), [GREY]),
    "max pool": (lambda m: m.MaxPooling2D(2), [PICTURE]),
    "max pool 3 2 same": (lambda m: m.MaxPooling2D(3, 2, padding="same"), [PICTURE]),
    "max pool 1 same": (lambda m: m.MaxPooling2D((2, 3), 1, padding="same"), [PICTURE]),
    "average pool": (lambda m: m.AveragePooling2D((3, 2), 2), [PICTURE]),
    "average pool same": (lambda m: m.AveragePooling2D(3, 1, padding="same"), [PICTURE]),
    "global average": (lambda m: m.GlobalAveragePooling2D(), [PICTURE]),
    "global average kept": (lambda m: m.GlobalAveragePooling2D(keepdims=True), [PICTURE]),
    "dense": (lambda m: m.Dense(3, "softmax"), [ROW]),
    "dense on maps": (lambda m: m.Dense(3, activation="gelu"), [PICTURE]),
    "flatten": (lambda m: m.Flatten(), [PICTURE]),
    "batch norm": (lambda m: m.BatchNormalization(), [PICTURE]),
    "batch norm rows": (lambda m: m.BatchNormalization(momentum=0.6, epsilon=0.1), [ROW]),
    "batch norm bare": (lambda m: m.BatchNormalization(center=False, scale=False), [PICTURE]),
    "batch norm frozen": (lambda m: m.BatchNormalization(trainable=False), [PICTURE]),
    "relu": (lambda m: m.ReLU(2.0, negative_slope=0.1, threshold=0.5), [PICTURE]),
    "leaky relu": (lambda m: m.LeakyReLU(), [PICTURE]),
    "softmax": (lambda m: m.Softmax(axis=1), [PICTURE]),
    "add": (lambda m: m.Add(), [PICTURE, PICTURE, (1, 1, 4)]),
    "add other rank": (lambda m: m.Add(), [PICTURE, (4,)]),
    "concatenate": (lambda m: m.Concatenate(), [PICTURE, GREY]),
    "concatenate rows": (lambda m: m.Concatenate(axis=1), [PICTURE, (2, 6, 4)]),
    "rescaling": (lambda m: m.Rescaling(1 / 127.5, offset=-1), [PICTURE]),
    "resizing": (lambda m: m.Resizing(5, 9), [PICTURE]),
    "resizing nearest": (lambda m: m.Resizing(5, 9, interpolation="nearest"), [PICTURE]),
    "resizing antialias": (lambda m: m.Resizing(3, 4, antialias=True), [PICTURE]),
    "resizing bicubic antialias": (
        lambda m: m.Resizing(3, 4, interpolation="bicubic", antialias=True),
        [PICTURE],
    ),
    "resizing crop": (lambda m: m.Resizing(5, 9, crop_to_aspect_ratio=True), [PICTURE]),
    "resizing pad": (lambda m: m.Resizing(5, 9, pad_to_aspect_ratio=True), [PICTURE]),
    "center crop": (lambda m: m.CenterCrop(4, 3), [PICTURE]),
    "center crop small": (lambda m: m.CenterCrop(9, 3), [PICTURE]),
    "center crop large": (lambda m: m.CenterCrop(12, 12), [PICTURE]),
    **{
        f"activation {name}": (lambda m, name=name: m.Activation(name), [PICTURE])
        for name in layers.activations.activation_functions
        if name not in ("scaled_tanh", "softmin")  # Keras has neither
    },
}


def inputs(shapes):
    rng = np.random.default_rng(0)
    tensors = [
        torch.tensor(rng.normal(size=(3, *shape)) * 2, dtype=torch.float32) for shape in shapes
    ]
    return tensors[0] if len(tensors) == 1 else tensors


def leaves(given):
    return given if isinstance(given, list) else [given]


def pair(name):
    """Ours and theirs, with the same random weights."""
    make, shapes = PAIRS[name]
    ours, theirs = make(layers), make(K)
    ours(inputs(shapes))
    theirs(inputs(shapes))
    rng = np.random.default_rng(1)
    weights = [rng.uniform(0.5, 1.5, a.shape).astype(np.float32) for a in theirs.get_weights()]
    theirs.set_weights(weights)
    ours.set_weights(theirs.get_weights())
    return ours, theirs, shapes


def run(layer, shapes, training):
    """(output, gradients of inputs and parameters) of one pass."""
    given = [x.requires_grad_() for x in leaves(inputs(shapes))]
    called = given if len(given) > 1 else given[0]
    takes = training and isinstance(layer, K.BatchNormalization | layers.BatchNormalization)
    y = layer(called, training=True) if takes else layer(called)
    weights = torch.tensor(np.random.default_rng(2).normal(size=y.shape), dtype=y.dtype)
    (y * weights).sum().backward()
    return y, [x.grad for x in given]


@pytest.mark.parametrize("training", [False, True], ids=["inference", "training"])
@pytest.mark.parametrize("name", PAIRS)
def test_values_gradients_and_statistics_are_keras(name, training, close):
    ours, theirs, shapes = pair(name)
    y, gradients = run(ours, shapes, training)
    expected, expected_gradients = run(theirs, shapes, training)
    close(y, expected)
    for a, b in zip(gradients, expected_gradients, strict=True):
        close(a, b, 1e-4)
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        close(a, b)


@pytest.mark.parametrize("name", [name for name in PAIRS if name.split()[0] in ("conv", "dense")])
def test_gradients_of_parameters_are_keras(name, close):
    ours, theirs, shapes = pair(name)
    run(ours, shapes, False)
    run(theirs, shapes, False)
    order = [(3, 2, 0, 1) if len(v.shape) == 4 else (1, 0) for v in theirs.trainable_weights]
    for parameter, variable, permutation in zip(
        ours.parameters(), theirs.trainable_weights, order, strict=True
    ):
        given = variable.value.grad
        close(parameter.grad, given.permute(permutation) if given.dim() > 1 else given, 1e-4)


@pytest.mark.parametrize("name", PAIRS)
def test_weights_go_both_ways(name):
    ours, theirs, _ = pair(name)
    weights = [array * 2 for array in ours.get_weights()]
    theirs.set_weights(weights)
    ours.set_weights(theirs.get_weights())
    for a, b in zip(ours.get_weights(), weights, strict=True):
        assert np.array_equal(a, b)


@pytest.mark.parametrize("name", PAIRS)
def test_shapes_are_keras(name):
    ours, theirs, shapes = pair(name)
    given = [(None, *shape) for shape in shapes]
    given = given if len(given) > 1 else given[0]
    assert tuple(ours.output_shape(given)) == tuple(theirs.compute_output_shape(given))


def test_dropout_drops_as_often_and_scales_as_keras():
    x = torch.ones(100, 1000)
    ours = layers.Dropout(0.3)(x, training=True)
    theirs = K.Dropout(0.3)(x, training=True)
    assert ours.unique().tolist() == pytest.approx(theirs.unique().tolist())
    assert (ours == 0).double().mean().item() == pytest.approx(0.3, abs=0.01)
    assert (theirs == 0).double().mean().item() == pytest.approx(0.3, abs=0.01)


def test_defaults_are_keras():
    for name in ("Conv2D", "Dense", "BatchNormalization", "MaxPooling2D", "Resizing", "LeakyReLU"):
        given = {"Conv2D": (8, 3), "Dense": (8,), "Resizing": (4, 4)}.get(name, ())
        ours = getattr(layers, name)(*given).get_config()
        theirs = getattr(K, name)(*given).get_config()
        for argument in ours.keys() & theirs.keys() - {"name"}:
            value = theirs[argument]
            if isinstance(value, int | float | bool | str | tuple) and argument != "activation":
                assert ours[argument] == value, argument


def test_a_known_wrong_cell_is_still_wrong():
    """When Keras mends it, the cells above may be widened."""
    x = torch.rand(1, 4, 4, 1)
    ours = layers.AveragePooling2D(3, 2, padding="same")(x)
    theirs = K.AveragePooling2D(3, 2, padding="same")(x)
    truth = x[0, 2:, 2:, 0].mean()
    assert ours[0, 1, 1, 0].item() == pytest.approx(truth.item())
    assert theirs[0, 1, 1, 0].item() != pytest.approx(truth.item(), rel=1e-3)
