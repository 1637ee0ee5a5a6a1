"""Keras 3 as its guide has it: arrays given to fit and predict, all else at its default."""

from __future__ import annotations

import os
from importlib.metadata import version
from typing import Any

import keras

from benchmarks.contenders.optimizers import KERAS, OF_NET
from benchmarks.contenders.prediction import Prediction as Predicting
from benchmarks.contenders.training import Training as Job
from benchmarks.nets.keras_ import build

BACKENDS = {"tensorflow": "tensorflow_cpu", "jax": "jax", "torch": "torch"}


def keep_threads(threads: int) -> None:
    """As many threads as may compute; JAX goes by the cores that the process may use."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow

        tensorflow.config.threading.set_intra_op_parallelism_threads(threads)
    elif keras.backend.backend() == "torch":
        import torch

        torch.set_num_threads(threads)


def versions() -> dict[str, str]:
    return {name: version(name) for name in ("keras", BACKENDS[os.environ["KERAS_BACKEND"]])}


class Training(Job):
    def prepare(self, **settings: Any) -> None:
        keep_threads(self.threads)
        keras.utils.set_random_seed(self.seed)
        self.model = build(self.net, self.x.shape[1:])
        kind, numbers = KERAS[OF_NET[self.net]]
        logits = self.net.startswith("ResNet")
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=logits)
        optimizer = getattr(keras.optimizers, kind)(**numbers)
        self.model.compile(optimizer, loss, metrics=["accuracy"])

    def fit(self, count: int) -> float:
        x, y = self.x[:count], self.y[:count]
        history = self.model.fit(x, y, batch_size=self.batch, epochs=1, verbose=0)
        return history.history["accuracy"][-1]

    def score(self) -> float:
        test = self.model.predict(self.x_test, batch_size=256, verbose=0)
        return float((test.argmax(1) == self.y_test).mean())

    def versions(self) -> dict[str, str]:
        return versions()


class Prediction(Predicting):
    def prepare(self, **settings: Any) -> None:
        keep_threads(self.threads)
        self.model = build(self.net, self.x.shape[1:])
        for name, arrays in self.arrays():
            self.model.get_layer(name).set_weights(arrays)

    def answer(self) -> Any:
        return self.model.predict(self.x, batch_size=self.batch, verbose=0)

    def versions(self) -> dict[str, str]:
        return versions()
