"""MNIST as Chollet trains it: a convnet and, beside it, a dense net that sees no neighbourhoods.

rmsprop, batches of 64 (128 for the dense net), 5 epochs, pixels / 255, in the order of the books.
Measured scores stand in docs/log.md.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from .. import layers
from ..datasets import mnist
from ..models import Input, Model, Sequential
from .given import check_settings
from .run import Run

__all__ = [
    "mnist_convnet",
    "mnist_convnet_first_edition",
    "mnist_dense",
    "mnist_dense_net",
    "mnist_first_edition_net",
    "mnist_net",
]


def mnist_net() -> Model:
    """The convnet of "Deep Learning with Python", second edition: 104,202 parameters.

    Example:
        >>> mnist_net().count_params()
        104202
    """
    inputs = Input(shape=(28, 28, 1))
    x = layers.Conv2D(filters=32, kernel_size=3, activation="relu")(inputs)
    x = layers.MaxPooling2D(pool_size=2)(x)
    x = layers.Conv2D(filters=64, kernel_size=3, activation="relu")(x)
    x = layers.MaxPooling2D(pool_size=2)(x)
    x = layers.Conv2D(filters=128, kernel_size=3, activation="relu")(x)
    x = layers.Flatten()(x)
    outputs = layers.Dense(10, activation="softmax")(x)
    return Model(inputs=inputs, outputs=outputs)


def mnist_first_edition_net() -> Sequential:
    """The convnet of the first edition: 93,322 parameters.

    Example:
        >>> mnist_first_edition_net().count_params()
        93322
    """
    model = Sequential()
    model.add(layers.Conv2D(32, (3, 3), activation="relu", input_shape=(28, 28, 1)))
    model.add(layers.MaxPooling2D((2, 2)))
    model.add(layers.Conv2D(64, (3, 3), activation="relu"))
    model.add(layers.MaxPooling2D((2, 2)))
    model.add(layers.Conv2D(64, (3, 3), activation="relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(64, activation="relu"))
    model.add(layers.Dense(10, activation="softmax"))
    return model


def mnist_dense_net() -> Sequential:
    """The densely connected net that the convnets are compared with: 407,050 parameters.

    Example:
        >>> mnist_dense_net().count_params()
        407050
    """
    return Sequential(
        [
            layers.Flatten(input_shape=(28, 28, 1)),
            layers.Dense(512, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )


def mnist_convnet(
    seed: int = 0,
    *,
    epochs: int = 5,
    precision: str = "float32",
    verbose: int | str = "auto",
) -> Run:
    """Trains the second edition's convnet; above 99 % of the test pictures.

    Args:
        seed: of initial weights, order and draws.
        epochs: of training.
        precision, verbose: as in `Model.fit`.

    Returns:
        The run: model, history, scores on the test pictures, seconds.

    Raises:
        DataError: MNIST is neither at hand nor can be fetched.

    Reference:
        François Chollet, "Deep Learning with Python", 2nd edition, chapter 8.
    """
    settings = {"epochs": epochs, "precision": precision, "verbose": verbose}
    check_settings("mnist_convnet", seed=seed, epochs=epochs)
    return _run(mnist_net, seed, {"batch_size": 64, **settings})


def mnist_convnet_first_edition(
    seed: int = 0,
    *,
    epochs: int = 5,
    precision: str = "float32",
    verbose: int | str = "auto",
) -> Run:
    """Trains the first edition's convnet (chapter 5); all else as for `mnist_convnet`."""
    settings = {"epochs": epochs, "precision": precision, "verbose": verbose}
    check_settings("mnist_convnet_first_edition", seed=seed, epochs=epochs)
    return _run(mnist_first_edition_net, seed, {"batch_size": 64, **settings})


def mnist_dense(
    seed: int = 0,
    *,
    epochs: int = 5,
    precision: str = "float32",
    verbose: int | str = "auto",
) -> Run:
    """Trains the dense net; about 97.8 %. All else as for `mnist_convnet`."""
    settings = {"epochs": epochs, "precision": precision, "verbose": verbose}
    check_settings("mnist_dense", seed=seed, epochs=epochs)
    return _run(mnist_dense_net, seed, {"batch_size": 128, **settings})


def _run(build: Callable[[], Model], seed: int, fit: dict[str, Any]) -> Run:
    (x_train, y_train), (x_test, y_test) = mnist.load_data()
    torch.manual_seed(seed)
    model = build()
    model.compile("rmsprop", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    started = time.perf_counter()
    history = model.fit(_scaled(x_train), y_train, seed=seed, **fit)
    seconds = time.perf_counter() - started
    scores = model.evaluate(_scaled(x_test), y_test, verbose=0, return_dict=True)
    return Run(model, history, scores, seconds)


def _scaled(images: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return images.reshape(len(images), 28, 28, 1).astype("float32") / 255
