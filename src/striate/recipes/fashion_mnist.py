"""Fashion-MNIST with Géron's convnet: his own recipe, and one of ours on the very same net.

His: nadam at 0.001, batches of 32, 10 epochs, every pixel standardised over the training
pictures, the last 5,000 of them kept for validation. Measured scores stand in docs/log.md.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import torch

from .. import layers
from ..data.loader import Loader
from ..data.source import ArraySource
from ..datasets import fashion_mnist
from ..losses import SparseCategoricalCrossentropy
from ..models import Sequential
from ..ops.random import draw_id, fold, uniform
from ..optimizers import AdamW
from ..optimizers.schedules import OneCycle
from ..records import Batch
from .given import Arrays, check_settings
from .run import Run

__all__ = ["fashion_mnist_convnet", "fashion_mnist_net", "fashion_mnist_one_cycle"]

_VALIDATION = 5000


def fashion_mnist_net() -> Sequential:
    """The net of "Hands-On Machine Learning", chapter 14: 1,413,834 parameters.

    Example:
        >>> fashion_mnist_net().count_params()
        1413834
    """
    conv = partial(layers.Conv2D, kernel_size=3, activation="relu", padding="same")
    return Sequential(
        [
            conv(filters=64, kernel_size=7, input_shape=[28, 28, 1]),
            layers.MaxPooling2D(pool_size=2),
            conv(filters=128),
            conv(filters=128),
            layers.MaxPooling2D(pool_size=2),
            conv(filters=256),
            conv(filters=256),
            layers.MaxPooling2D(pool_size=2),
            layers.Flatten(),
            layers.Dense(units=128, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(units=64, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(units=10, activation="softmax"),
        ]
    )


def fashion_mnist_convnet(
    seed: int = 0,
    *,
    epochs: int = 10,
    precision: str = "float32",
    verbose: int | str = "auto",
) -> Run:
    """Trains as the book's author does; he reports 91.17 % for his run.

    Args:
        seed: of initial weights, order and draws.
        epochs: of training.
        precision, verbose: as in `Model.fit`.

    Returns:
        The run: model, history, scores on the test pictures, seconds.

    Raises:
        DataError: Fashion-MNIST is neither at hand nor can be fetched.

    Reference:
        Aurélien Géron, "Hands-On Machine Learning", 3rd edition, chapter 14, and its notebook.
    """
    check_settings("fashion_mnist_convnet", seed=seed, epochs=epochs)
    torch.manual_seed(seed)
    model = fashion_mnist_net()
    model.compile("nadam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    parts = _parts(axis=0)
    batches = Loader(ArraySource(*parts["train"]), 32, shuffle=True, seed=seed)
    settings = {"epochs": epochs, "seed": seed, "precision": precision, "verbose": verbose}
    return _train(model, batches, parts, **settings)


def fashion_mnist_one_cycle(
    seed: int = 0,
    *,
    epochs: int = 10,
    precision: str = "float32",
    verbose: int | str = "auto",
) -> Run:
    """Trains the same net with mirrored pictures and a rate that rises and falls once.

    AdamW, batches of 64, the rate up to 0.0015 and down to nothing, labels smoothed by 0.1, each
    picture mirrored in half of the epochs. All pixels share one mean and one deviation: a
    deviation of its own makes a pixel of the margin, which is hardly ever lit, hundreds of times
    as loud as the others when it is.

    Args:
        seed: of initial weights, order and draws.
        epochs: over which the rate rises and falls.
        precision, verbose: as in `Model.fit`.

    Returns:
        The run, as of `fashion_mnist_convnet`.

    Raises:
        DataError: Fashion-MNIST is neither at hand nor can be fetched.
    """
    check_settings("fashion_mnist_one_cycle", seed=seed, epochs=epochs)
    torch.manual_seed(seed)
    model = fashion_mnist_net()
    steps = -(-(60_000 - _VALIDATION) // 64)
    rate = OneCycle(1.5e-3, epochs * steps)
    model.compile(
        AdamW(rate, weight_decay=0.01),
        loss=SparseCategoricalCrossentropy(label_smoothing=0.1),
        metrics=["accuracy"],
    )
    parts = _parts(axis=None)
    batches = _Mirrored(Loader(ArraySource(*parts["train"]), 64, shuffle=True, seed=seed))
    settings = {"epochs": epochs, "seed": seed, "precision": precision, "verbose": verbose}
    return _train(model, batches, parts, **settings)


def _parts(axis: int | None) -> dict[str, Arrays]:
    """The pictures and labels of "train", "validation" and "test", standardised.

    Args:
        axis: 0 gives every pixel a mean and deviation of its own, over the training pictures, as
            the book's author does; None gives all pixels the same.
    """
    (x_train, y_train), (x_test, y_test) = fashion_mnist.load_data()
    mean = x_train[:-_VALIDATION].mean(axis=axis, keepdims=True, dtype="float64")
    std = x_train[:-_VALIDATION].std(axis=axis, keepdims=True, dtype="float64") + 1e-7
    parts = {
        "train": (x_train[:-_VALIDATION], y_train[:-_VALIDATION]),
        "validation": (x_train[-_VALIDATION:], y_train[-_VALIDATION:]),
        "test": (x_test, y_test),
    }
    return {
        part: (np.asarray((x - mean) / std, dtype="float32")[..., np.newaxis], y)
        for part, (x, y) in parts.items()
    }


def _train(model: Sequential, batches: Any, parts: dict[str, Arrays], **fit: Any) -> Run:
    started = time.perf_counter()
    history = model.fit(batches, validation_data=parts["validation"], **fit)
    seconds = time.perf_counter() - started
    scores = model.evaluate(*parts["test"], verbose=0, return_dict=True)
    return Run(model, history, scores, seconds)


class _Mirrored:
    """Batches whose pictures are mirrored left to right by the toss of a coin, each its own.

    The coin is a function of (seed, epoch, picture), whatever batch the picture is in.
    """

    def __init__(self, loader: Loader) -> None:
        self._loader = loader
        self.source = loader.source

    @property
    def steps_per_epoch(self) -> int:
        return self._loader.steps_per_epoch

    def epoch(self, number: int, *, start_step: int = 0) -> Iterator[Batch]:
        key = fold(self._loader.seed, number)
        for batch in self._loader.epoch(number, start_step=start_step):
            ids: Any = batch.sample_ids
            coin = uniform(key, ids, draw_id("mirror"), (1, 1, 1)) < 0.5
            images = torch.where(coin, batch.images.flip(2), batch.images)
            yield Batch(images, batch.targets, batch.weights, ids)
