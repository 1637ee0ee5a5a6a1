"""Models that Keras saved whole, in both of its formats: from_keras gives their outputs.

Each net holds one layer of every family, side by side, with arguments drawn at random. Known wrong
cells of Keras on torch are not drawn: AveragePooling2D that pads unevenly, bicubic resizing, and
RandomCrop, which cuts nothing in inference.
"""

import json

import h5py
import keras
import numpy as np
import pytest
import torch

from striate.models import from_keras, import_keras, load_model

pytestmark = pytest.mark.peers

K = keras.layers
MAP, ROW = (9, 8, 4), (6,)
TOLERANCE = 1e-5
ACTIVATIONS = (
    "relu relu6 leaky_relu elu selu gelu silu sigmoid hard_sigmoid hard_silu softmax log_softmax "
    "softplus softsign tanh linear"
).split()


def activation(rng):
    return str(rng.choice(ACTIVATIONS))


def pair(rng, low, high):
    return tuple(int(n) for n in rng.integers(low, high + 1, 2))


def window(rng):
    """kernel_size, strides, padding and dilation_rate that Keras takes together."""
    told = {"kernel_size": pair(rng, 1, 3), "padding": str(rng.choice(["valid", "same"]))}
    if rng.random() < 0.3:
        return told | {"dilation_rate": pair(rng, 1, 2)}
    return told | {"strides": int(rng.integers(1, 4))}


def trained(rng):
    """What a layer with a kernel and a bias may be told besides."""
    told = {"use_bias": bool(rng.random() < 0.7), "activation": activation(rng)}
    return told | ({"bias_regularizer": "l2"} if rng.random() < 0.3 else {})


def affine(rng):
    return {"center": bool(rng.random() < 0.7), "scale": bool(rng.random() < 0.7)}


def pooling(rng):
    return {"pool_size": pair(rng, 1, 3), "strides": int(rng.integers(1, 3))}


def sides(rng):
    return [list(pair(rng, 0, 2)) for _ in range(2)]


def adapted(rng):
    layer = K.Normalization(invert=bool(rng.random() < 0.5))
    layer.adapt(rng.normal(2.0, 3.0, (20, *MAP)).astype("float32"))
    return layer


ON_A_MAP = {
    "Conv2D": lambda r: K.Conv2D(4, groups=int(r.choice([1, 2])), **window(r), **trained(r)),
    "DepthwiseConv2D": lambda r: K.DepthwiseConv2D(
        depth_multiplier=int(r.integers(1, 3)), **window(r), **trained(r)
    ),
    "SeparableConv2D": lambda r: K.SeparableConv2D(
        3, depth_multiplier=int(r.integers(1, 3)), **window(r), **trained(r)
    ),
    "Conv2DTranspose": lambda r: K.Conv2DTranspose(
        3, 3, strides=pair(r, 1, 2), padding=str(r.choice(["valid", "same"])), **trained(r)
    ),
    "BatchNormalization": lambda r: K.BatchNormalization(
        epsilon=float(r.uniform(1e-4, 1e-2)), momentum=0.9, **affine(r)
    ),
    "LayerNormalization": lambda r: K.LayerNormalization(
        axis=-1 if r.random() < 0.5 else [1, 2, 3], **affine(r)
    ),
    "GroupNormalization": lambda r: K.GroupNormalization(int(r.choice([1, 2, -1])), **affine(r)),
    "Normalization": adapted,
    "Normalization given": lambda r: K.Normalization(
        mean=[0.1, 0.2, 0.3, 0.4], variance=[1.0, 2.0, 3.0, 4.0]
    ),
    "Rescaling": lambda r: K.Rescaling(float(r.uniform(-2, 2)), offset=float(r.uniform(-1, 1))),
    "Rescaling each": lambda r: K.Rescaling(
        list(r.uniform(0.1, 2, 4)), offset=[0.0, 1.0, 2.0, 3.0]
    ),
    "Resizing": lambda r: K.Resizing(
        *pair(r, 4, 12), interpolation=str(r.choice(["nearest", "bilinear"]))
    ),
    "CenterCrop": lambda r: K.CenterCrop(*pair(r, 2, 7)),
    "ReLU": lambda r: K.ReLU(
        max_value=float(r.choice([1.0, 6.0])),
        negative_slope=float(r.choice([0.0, 0.2])),
        threshold=float(r.choice([0.0, 0.1])),
    ),
    "LeakyReLU": lambda r: K.LeakyReLU(negative_slope=float(r.uniform(0, 1))),
    "ELU": lambda r: K.ELU(),
    "Identity": lambda r: K.Identity(),
    "Activation": lambda r: K.Activation(activation(r)),
    "Softmax": lambda r: K.Softmax(axis=int(r.choice([-1, 1]))),
    "MaxPooling2D": lambda r: K.MaxPooling2D(
        padding=str(r.choice(["valid", "same"])), **pooling(r)
    ),
    "AveragePooling2D": lambda r: K.AveragePooling2D(**pooling(r)),
    "GlobalAveragePooling2D": lambda r: K.GlobalAveragePooling2D(keepdims=bool(r.random() < 0.5)),
    "GlobalMaxPooling2D": lambda r: K.GlobalMaxPooling2D(keepdims=bool(r.random() < 0.5)),
    "AdaptiveAveragePooling2D": lambda r: K.AdaptiveAveragePooling2D(pair(r, 1, 5)),
    "ZeroPadding2D": lambda r: K.ZeroPadding2D(sides(r)),
    "Cropping2D": lambda r: K.Cropping2D(sides(r)),
    "UpSampling2D": lambda r: K.UpSampling2D(
        pair(r, 1, 3), interpolation=str(r.choice(["nearest", "bilinear"]))
    ),
    "Flatten": lambda r: K.Flatten(),
    "Reshape": lambda r: K.Reshape((-1, int(r.choice([4, 8, 9])))),
    "Permute": lambda r: K.Permute(tuple(int(n) for n in r.permutation(3) + 1)),
    "Dropout": lambda r: K.Dropout(0.5, seed=int(r.integers(9))),
    "Dropout a sample": lambda r: K.Dropout(0.5, noise_shape=(None, 1, 1, 1)),
    "SpatialDropout2D": lambda r: K.SpatialDropout2D(0.5),
    "Dense on a map": lambda r: K.Dense(3, **trained(r)),
    "RandomFlip": lambda r: K.RandomFlip("horizontal"),
    "RandomRotation": lambda r: K.RandomRotation(0.1),
    "RandomZoom": lambda r: K.RandomZoom(0.1, (-0.2, 0.1)),
    "RandomTranslation": lambda r: K.RandomTranslation(0.1, 0.2, fill_mode="constant"),
    "RandomContrast": lambda r: K.RandomContrast(0.1),
    "RandomBrightness": lambda r: K.RandomBrightness(0.1),
}
ON_A_ROW = {
    "Dense": lambda r: K.Dense(
        5, kernel_regularizer=keras.regularizers.L1L2(0.1, 0.2), **trained(r)
    ),
    "BatchNormalization on a row": lambda r: K.BatchNormalization(axis=1),
    "Reshape of a row": lambda r: K.Reshape((1, 2, 3)),
}
ON_TWO = {
    name: lambda r, name=name: getattr(K, name)()
    for name in ("Add", "Average", "Concatenate", "Maximum", "Multiply", "Subtract")
} | {"Concatenate along": lambda r: K.Concatenate(axis=int(r.choice([1, 2, 3])))}

FAMILIES = ON_A_MAP | ON_A_ROW | ON_TWO
NOT_IN_H5 = {"RandomBrightness"}  # Keras cannot write it there


def set_at_random(model, rng):
    """Weights as after a training: kernels of any sign, variances above 0."""
    for weight in model.weights:
        if weight.dtype.startswith("float"):
            low = 0.5 if "variance" in weight.path else -0.5
            weight.assign(rng.uniform(low, low + 1, weight.shape).astype("float32"))


def answers(model, x):
    """Keras' outputs in inference, as arrays."""
    with torch.no_grad():
        found = model(x, training=False)
    return keras.tree.map_structure(lambda tensor: tensor.numpy(), found)


def saved(model, folder, form):
    """The file of a model; Keras warns that .h5 is an older format."""
    path = folder / f"model.{form}"
    model.save(path)
    return path


def assert_same(path, model, x):
    """from_keras' model gives what Keras' gives; the greatest relative difference is returned."""
    ours = import_keras(path)
    with torch.inference_mode():
        got = ours.model(keras.tree.map_structure(torch.as_tensor, x))
    wanted, got = keras.tree.flatten(answers(model, x)), keras.tree.flatten(got)
    assert len(got) == len(wanted)
    errors = []
    for a, b, name in zip(got, wanted, model.output_names, strict=True):
        assert a.shape == b.shape, name
        errors.append(float(np.abs(a.numpy() - b).max() / max(np.abs(b).max(), 1e-6)))
        assert errors[-1] <= TOLERANCE, f"{name}: {errors[-1]:.3g}"
    return max(errors)


def assert_every_layer_alike(seed, form, folder):
    rng = np.random.default_rng(seed)
    a, b, row = keras.Input(MAP), keras.Input(MAP), keras.Input(ROW)
    written = FAMILIES if form == "keras" else FAMILIES.keys() - NOT_IN_H5
    layers = {name: make(rng) for name, make in FAMILIES.items() if name in written}
    given = {
        name: a if name in ON_A_MAP else row if name in ON_A_ROW else [a, b] for name in layers
    }
    model = keras.Model([a, b, row], [layers[name](given[name]) for name in layers])
    model.output_names = list(layers)
    set_at_random(model, rng)
    x = [rng.uniform(-2, 2, (3, *shape)).astype("float32") for shape in (MAP, MAP, ROW)]
    assert_same(saved(model, folder, form), model, x)


@pytest.mark.parametrize(("seed", "form"), [(0, "keras"), (1, "h5"), (2, "keras"), (3, "h5")])
def test_every_layer_with_arguments_at_random(seed, form, tmp_path):
    assert_every_layer_alike(seed, form, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4, 64))
def test_every_layer_many_times(seed, tmp_path):
    assert_every_layer_alike(seed, ("keras", "h5")[seed % 2], tmp_path)
