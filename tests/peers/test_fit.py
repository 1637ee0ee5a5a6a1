"""Same start, same batches: the losses, weights and scores of `fit` and its kin are Keras'.

On torch, Keras multiplies matrices of float64 in float32: two comparisons in float64 differ by
some 1e-8 for that reason, which leaves room under the 1e-6 that is asked for.
"""

import contextlib

import keras
import numpy as np
import pytest
import torch
import torch.nn.functional as F

import striate
from striate import layers, optimizers

pytestmark = pytest.mark.peers

SIDE, CLASSES, BATCH, STEPS = 12, 4, 8, 20

OPTIMIZERS = {
    "sgd": ("SGD", {"learning_rate": 0.05}),
    "momentum": ("SGD", {"learning_rate": 0.02, "momentum": 0.9}),
    "nesterov": ("SGD", {"learning_rate": 0.02, "momentum": 0.9, "nesterov": True}),
    "rmsprop": ("RMSprop", {}),
    "adam": ("Adam", {}),
    "adamw": ("AdamW", {"weight_decay": 0.01}),
    "nadam": ("Nadam", {}),
    "adagrad": ("Adagrad", {"learning_rate": 0.02}),
}


@contextlib.contextmanager
def computing_in(dtype):
    """Makes a number type the default of torch and of Keras, which keeps it in two places."""
    before = keras.config.floatx(), keras.config.dtype_policy(), torch.get_default_dtype()
    keras.config.set_floatx(dtype)
    keras.config.set_dtype_policy(dtype)
    torch.set_default_dtype(getattr(torch, dtype))
    try:
        yield dtype
    finally:
        keras.config.set_floatx(before[0])
        keras.config.set_dtype_policy(before[1])
        torch.set_default_dtype(before[2])


@pytest.fixture(params=["float64", "float32"])
def dtype(request):
    with computing_in(request.param) as name:
        yield name


@pytest.fixture
def float64():
    with computing_in("float64") as name:
        yield name


def chollet(house, kit):
    """The convnet of the book on smaller pictures, from striate or from Keras."""
    inputs = house.Input(shape=(SIDE, SIDE, 1))
    x = kit.Conv2D(filters=8, kernel_size=3, activation="relu")(inputs)
    x = kit.MaxPooling2D(pool_size=2)(x)
    x = kit.Conv2D(filters=16, kernel_size=3, activation="relu")(x)
    x = kit.MaxPooling2D(pool_size=2, padding="same")(x)
    x = kit.Conv2D(filters=16, kernel_size=2, activation="relu")(x)
    x = kit.Flatten()(x)
    outputs = kit.Dense(CLASSES, activation="softmax")(x)
    return house.Model(inputs=inputs, outputs=outputs)


def normalised(house, kit):
    """A net with moving statistics, a Dropout that drops nothing, and penalties."""
    return house.Sequential(
        [
            house.Input((SIDE, SIDE, 1)),
            kit.Conv2D(6, 3, 2, padding="same", use_bias=False, kernel_regularizer="l2"),
            kit.BatchNormalization(momentum=0.8),
            kit.Activation("relu"),
            kit.Dropout(0.0),
            kit.GlobalAveragePooling2D(),
            kit.Dense(CLASSES, activation="softmax", bias_regularizer="l1"),
        ]
    )


def pair(build):
    """The same net, with the same weights, here and in Keras."""
    ours = build(striate, layers)
    theirs = build(keras, keras.layers)
    rng = np.random.default_rng(3)
    start = [w + 0.05 * rng.standard_normal(w.shape) for w in ours.get_weights()]
    ours.set_weights(start)
    theirs.set_weights(start)
    return ours, theirs


def data(dtype, count=STEPS * BATCH):
    """Pictures with a bright quarter, whose number is the label."""
    rng = np.random.default_rng(1)
    labels = rng.integers(0, CLASSES, count)
    images = rng.random((count, SIDE, SIDE, 1))
    for image, label in zip(images, labels, strict=True):
        row, column = divmod(int(label), 2)
        image[6 * row : 6 * row + 6, 6 * column : 6 * column + 6] += 1
    return images.astype(dtype), labels


def batches(*arrays):
    return [[a[i : i + BATCH] for a in arrays] for i in range(0, len(arrays[0]), BATCH)]


def twenty(model, x, y):
    return np.array([float(model.train_on_batch(a, b)) for a, b in batches(x, y)])


@pytest.mark.parametrize("case", OPTIMIZERS)
def test_twenty_steps_of_each_optimizer(case, dtype):
    name, arguments = OPTIMIZERS[case]
    x, y = data(dtype)
    ours, theirs = pair(chollet)
    loss = "sparse_categorical_crossentropy"
    ours.compile(getattr(optimizers, name)(**arguments), loss=loss)
    theirs.compile(getattr(keras.optimizers, name)(**arguments), loss=loss)
    a = twenty(ours, x, y)
    b = twenty(theirs, x, y)
    difference = np.abs(a - b).max()
    assert len(set(a)) == STEPS
    assert difference < (1e-6 if dtype == "float64" else 1e-5)


def test_the_first_loss_is_exact_in_float64(float64):
    x, y = data(float64, BATCH)
    ours = pair(chollet)[0]
    ours.compile("sgd", loss="sparse_categorical_crossentropy")
    w = [torch.as_tensor(v) for v in ours.get_weights()]
    z = torch.as_tensor(x).permute(0, 3, 1, 2)
    z = F.max_pool2d(F.conv2d(z, w[0].permute(3, 2, 0, 1), w[1]).relu(), 2)
    z = F.max_pool2d(F.conv2d(z, w[2].permute(3, 2, 0, 1), w[3]).relu(), 2, ceil_mode=True)
    z = F.conv2d(z, w[4].permute(3, 2, 0, 1), w[5]).relu()
    expected = F.cross_entropy(z.permute(0, 2, 3, 1).flatten(1) @ w[6] + w[7], torch.as_tensor(y))
    assert ours.train_on_batch(x, y) == pytest.approx(expected.item(), rel=1e-14)


@pytest.mark.parametrize("build", [chollet, normalised])
@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_one_update_leaves_the_weights_that_keras_leaves(build, optimizer, close):
    x, y = data("float32", BATCH)
    ours, theirs = pair(build)
    loss = "sparse_categorical_crossentropy"
    ours.compile(getattr(optimizers, optimizer)(learning_rate=0.01), loss, metrics=["accuracy"])
    rate = getattr(keras.optimizers, optimizer)(learning_rate=0.01)
    theirs.compile(rate, loss, metrics=["accuracy"])
    before = ours.get_weights()
    a, b = ours.train_on_batch(x, y), theirs.train_on_batch(x, y)
    assert a == pytest.approx([float(v) for v in b], rel=2e-6)
    for was, mine, their in zip(before, ours.get_weights(), theirs.get_weights(), strict=True):
        close(mine, their, 3e-6)
        assert not np.array_equal(was, mine)


def histories(build, **fit):
    """The histories of two epochs here and in Keras, and the weights at the end."""
    x, y = data("float64", 72)
    ours, theirs = pair(build)
    words = {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}
    ours.compile("adam", **words)
    theirs.compile("adam", **words)
    shared = {"batch_size": 16, "epochs": 2, "shuffle": False, "verbose": 0, **fit}
    mine = ours.fit(x, y, **shared).history
    their = theirs.fit(x, y, **shared).history
    return mine, their, ours.get_weights(), theirs.get_weights()


@pytest.mark.parametrize(
    "fit",
    [
        {},
        {"validation_split": 0.25},
        {"validation_data": tuple(data("float64", 20))},
        {"validation_data": (*data("float64", 20), np.linspace(0, 2, 20))},
        {"class_weight": {0: 1.0, 1: 0.25, 3: 3.0}},
        {"sample_weight": np.linspace(0, 2, 72)},
        {"sample_weight": np.linspace(0, 2, 72), "validation_split": 0.25},
        {"initial_epoch": 1},
    ],
    ids=lambda fit: "-".join(fit) or "plain",
)
@pytest.mark.parametrize("build", [chollet, normalised])
def test_fit_has_the_history_and_weights_of_keras(build, fit, float64, close):
    mine, their, weights, expected = histories(build, **fit)
    assert set(mine) == set(their)
    for name, values in their.items():
        assert mine[name] == pytest.approx(values, abs=1e-6), name
    for a, b in zip(weights, expected, strict=True):
        close(a, b, 1e-6)


def test_a_class_weight_with_a_sample_weight_multiplies_where_keras_refuses(float64):
    x, y = data(float64, 32)
    ours, theirs = pair(chollet)
    both = {"class_weight": {0: 0.5, 1: 2.0}, "sample_weight": np.linspace(0, 2, 32)}
    factors = np.array([0.5, 2.0, 1.0, 1.0])[y] * both["sample_weight"]
    once = {"batch_size": 32, "shuffle": False, "verbose": 0}
    for model in (ours, theirs):
        model.compile("sgd", loss="sparse_categorical_crossentropy")
    mine = ours.fit(x, y, **both, **once).history
    their = theirs.fit(x, y, sample_weight=factors, **once).history
    assert mine["loss"] == pytest.approx(their["loss"], abs=1e-6)


@pytest.mark.parametrize("weighted", [False, True])
def test_evaluate_gives_the_values_of_keras(weighted, float64):
    x, y = data(float64, 50)
    ours, theirs = pair(normalised)
    weights = np.linspace(0, 2, 50) if weighted else None
    words = {
        "loss": "sparse_categorical_crossentropy",
        "metrics": ["accuracy"],
    }
    for model in (ours, theirs):
        model.compile("sgd", **words)
    mine = ours.evaluate(x, y, batch_size=16, sample_weight=weights, verbose=0)
    their = theirs.evaluate(x, y, batch_size=16, sample_weight=weights, verbose=0)
    assert mine == pytest.approx(their, abs=1e-6)
    named = ours.evaluate(x, y, batch_size=7, sample_weight=weights, verbose=0, return_dict=True)
    their = theirs.evaluate(x, y, batch_size=16, sample_weight=weights, verbose=0, return_dict=True)
    assert named == pytest.approx(their, abs=1e-6)


def test_predict_gives_the_values_of_keras(float64, close):
    x, _ = data(float64, 21)
    ours, theirs = pair(normalised)
    close(ours.predict(x, batch_size=4), theirs.predict(x, verbose=0), 1e-6)


def forked(house, kit):
    """Two inputs, a shared layer, two outputs."""
    left, right = house.Input((SIDE, SIDE, 1), name="left"), house.Input((3,), name="right")
    conv = kit.Conv2D(4, 3, padding="same", activation="relu")
    x = kit.GlobalAveragePooling2D()(conv(left))
    x = kit.Concatenate()([x, right])
    kind = kit.Dense(CLASSES, activation="softmax", name="kind")(x)
    place = kit.Dense(2, name="place", kernel_regularizer="l2")(x)
    return house.Model([left, right], [kind, place])


@pytest.mark.parametrize("by", ["name", "order"])
def test_several_inputs_and_outputs(by, float64, close):
    x, y = data(float64, 40)
    rng = np.random.default_rng(5)
    extra, place = rng.random((40, 3)), rng.random((40, 2))
    ours, theirs = pair(forked)
    loss = {"kind": "sparse_categorical_crossentropy", "place": "mse"}
    factors = {"kind": 0.8, "place": 0.2}
    metrics = {"kind": ["accuracy"], "place": ["mae"]}
    if by == "order":
        loss, factors, metrics = (list(part.values()) for part in (loss, factors, metrics))
    for model in (ours, theirs):
        model.compile("rmsprop", loss=loss, loss_weights=factors, metrics=metrics)
    shared = {"batch_size": 16, "epochs": 2, "shuffle": False, "verbose": 0}
    tensors = [x, extra]
    mine = ours.fit(tensors, [y, place], **shared).history
    their = theirs.fit([x, extra], [y, place], **shared).history
    assert set(mine) == set(their)
    for name, values in their.items():
        assert mine[name] == pytest.approx(values, abs=1e-6), name
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        close(a, b, 1e-6)
    scores = ours.evaluate(tensors, [y, place], verbose=0, return_dict=True)
    expected = theirs.evaluate([x, extra], [y, place], verbose=0, return_dict=True)
    assert scores == pytest.approx(expected, abs=1e-6)
