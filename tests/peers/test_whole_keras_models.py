"""Models that Keras saved whole, in both of its formats: from_keras gives their outputs.

Each net holds one layer of every family, side by side, with arguments drawn at random. Known wrong
cells of Keras on torch are not drawn: AveragePooling2D that pads unevenly, bicubic resizing, and
RandomCrop, which cuts nothing in inference.
"""

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
    names = getattr(model, "output_names", ["output"])
    for a, b, name in zip(got, wanted, names, strict=True):
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


def a_net_in_nets():
    """A net that is called three times, once on its own result, and layers that are shared."""
    x = keras.Input((8, 8, 3))
    conv = K.Conv2D(3, 3, padding="same", name="shared")
    inner = keras.Model(x, [K.Conv2D(3, 1)(x), K.BatchNormalization()(x)], name="inner")
    chain = keras.Sequential([K.Conv2D(4, 2), keras.Sequential([K.BatchNormalization(), K.ReLU()])])
    a, b = keras.Input((8, 8, 3), name="a"), keras.Input((8, 8, 3), name="b")
    p, q = inner(a)
    r, s = inner(b, training=False)
    last = inner(K.Maximum()([p, s]))[1]
    return keras.Model([a, b], [conv(r), conv(q), chain(last)]), [(8, 8, 3), (8, 8, 3)]


def named_ends():
    """Inputs and outputs by name, the outputs not in the order of their names; used as a layer."""
    a, b = keras.Input((5,), name="a"), keras.Input((5,), name="b")
    inner = keras.Model({"b": b, "a": a}, {"z": K.Dense(2)(a), "c": K.Dense(3)(b)}, name="inner")
    c, d = keras.Input((5,), name="c"), keras.Input((5,), name="d")
    found = inner({"a": c, "b": d})
    return keras.Model([c, d], {"last": K.ReLU()(found["z"]), "first": found["c"]}), [(5,), (5,)]


def arithmetic():
    """What Keras writes for signs between tensors and numbers."""
    a, b = keras.Input((4, 4, 2)), keras.Input((4, 4, 2))
    lines = [a + b, a - b, a * b, a + 2.0, 3 - a, a - 0.5, 2 * a, a / 4.0, -a]
    parts = [keras.ops.relu6(a + 3.0) * (1.0 / 6.0), keras.ops.sigmoid(b), keras.ops.maximum(a, b)]
    each = [a * np.array([0.5, 2.0], "float32"), a - np.array([[[0.5, 2.0]]], "float32")]
    return keras.Model([a, b], [*lines, *parts, *each, K.Dense(2)(a)]), [(4, 4, 2), (4, 4, 2)]


def layers_in_a_row():
    """A Sequential whose size Keras learned at the first call, with frozen parts."""
    frozen = keras.Sequential([K.Conv2D(4, 3), K.BatchNormalization()], name="base")
    frozen.trainable = False
    model = keras.Sequential([K.Rescaling(1 / 255), frozen, K.Flatten(), K.Dense(3, "softmax")])
    model.build((None, 6, 5, 3))
    return model, [(6, 5, 3)]


@pytest.mark.parametrize("form", ["keras", "h5"])
@pytest.mark.parametrize("make", [a_net_in_nets, named_ends, arithmetic, layers_in_a_row])
def test_how_layers_are_joined(make, form, tmp_path):
    rng = np.random.default_rng(0)
    model, shapes = make()
    set_at_random(model, rng)
    x = [rng.uniform(-1, 1, (2, *shape)).astype("float32") for shape in shapes]
    path = saved(model, tmp_path, form)
    assert_same(path, model, x if len(x) > 1 else x[0])


def test_what_was_frozen_stays_frozen_and_the_model_is_kept(tmp_path):
    model, _ = layers_in_a_row()
    ours = from_keras(saved(model, tmp_path, "keras"))
    kinds = [sum(w.requires_grad for w in layer.weights) for layer in ours.layers]
    assert kinds == [0, 0, 0, 2]
    assert [layer.name for layer in ours.layers] == [layer.name for layer in model.layers]
    ours.save(tmp_path / "kept")
    x = torch.rand(2, 6, 5, 3)
    assert load_model(tmp_path / "kept")(x).equal(ours(x))


@pytest.mark.parametrize(
    ("name", "told"),
    [("MobileNetV2", {"alpha": 0.35}), ("EfficientNetB0", {}), ("MobileNetV3Small", {})],
)
def test_whole_nets(name, told, tmp_path):
    rng = np.random.default_rng(0)
    told = {"weights": None, "input_shape": (64, 64, 3), "classes": 7, **told}
    model = getattr(keras.applications, name)(**told)
    for weight in model.weights:  # only small numbers keep 80 layers in bounds
        if "variance" in weight.path:
            weight.assign(rng.uniform(0.5, 1.5, weight.shape).astype("float32"))
    x = rng.uniform(0, 255, (2, 64, 64, 3)).astype("float32")
    assert_same(saved(model, tmp_path, "keras"), model, x)


@pytest.mark.parametrize(("seed", "form"), [(0, "keras"), (1, "h5"), (2, "keras"), (3, "h5")])
def test_every_layer_with_arguments_at_random(seed, form, tmp_path):
    assert_every_layer_alike(seed, form, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4, 64))
def test_every_layer_many_times(seed, tmp_path):
    assert_every_layer_alike(seed, ("keras", "h5")[seed % 2], tmp_path)
