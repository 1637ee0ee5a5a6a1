"""A net and data so small that a run takes no time."""

import numpy as np
import torch

import striate
from striate import layers


def net(*, dropout=0.0, norm=False, units=3, declared=True):
    torch.manual_seed(0)
    parts = [layers.Conv2D(4, 3, activation="relu", name="stem")]
    parts += [layers.BatchNormalization()] if norm else []
    parts += [layers.GlobalAveragePooling2D(), layers.Dropout(dropout), layers.Dense(8, "relu")]
    parts += [layers.Dropout(dropout), layers.Dense(units, "softmax", name="head")]
    return striate.Sequential([striate.Input((6, 6, 1)), *parts] if declared else parts)


def ready(model=None, optimizer="adam", **words):
    model = model or net()
    model.compile(optimizer, **{"loss": "sparse_categorical_crossentropy", **words})
    return model


def data(n=40, classes=3):
    rng = np.random.default_rng(0)
    y = rng.integers(0, classes, n)
    x = rng.random((n, 6, 6, 1)) + y[:, None, None, None]
    return x.astype("float32"), y


def same(a, b):
    return all(np.array_equal(u, v) for u, v in zip(a.get_weights(), b.get_weights(), strict=True))


X, Y = data()


PARTS = [(X[i : i + 8], Y[i : i + 8]) for i in range(0, 40, 8)]
