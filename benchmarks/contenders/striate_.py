"""striate as its README has it: arrays given to fit and predict, memory kept by fit."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import torch

import striate
from benchmarks.contenders.optimizers import KERAS, OF_NET
from benchmarks.contenders.prediction import Prediction as Predicting
from benchmarks.contenders.training import Training as Job
from benchmarks.nets.striate_ import build


def versions() -> dict[str, str]:
    return {"striate": striate.__version__, "torch": version("torch")}


class Training(Job):
    def prepare(self, precision: str, *, keep: bool = True) -> None:
        if keep:
            striate.train.keep_memory()
        torch.set_num_threads(self.threads)
        torch.manual_seed(self.seed)
        self.precision = precision
        self.model = build(self.net, self.x.shape[1:])
        self.capture = self.device == "cuda" and self.net != "F"  # which has Dropout
        if self.device == "cuda":
            self.model.to(self.device)
            self.x, self.y = (torch.from_numpy(each).to(self.device) for each in (self.x, self.y))
        kind, numbers = KERAS[OF_NET[self.net]]
        logits = self.net.startswith("ResNet")
        loss = striate.losses.SparseCategoricalCrossentropy(from_logits=logits)
        optimizer = getattr(striate.optimizers, kind)(**numbers)
        self.model.compile(optimizer, loss, metrics=["accuracy"])

    def fit(self, count: int) -> float:
        x, y = self.x[:count], self.y[:count]
        how: dict[str, Any] = {"batch_size": self.batch, "epochs": 1, "verbose": 0}
        how["capture"] = self.capture
        history = self.model.fit(x, y, precision=self.precision, **how)
        return history.history["accuracy"][-1]

    def score(self) -> float:
        test = self.model.predict(self.x_test, batch_size=256)
        return float((test.argmax(1) == self.y_test).mean())

    def versions(self) -> dict[str, str]:
        return versions()


class Prediction(Predicting):
    def prepare(self, precision: str, *, called: bool = False) -> None:
        torch.set_num_threads(self.threads)
        self.precision, self.called = precision, called
        self.model = build(self.net, self.x.shape[1:])
        if self.net == "S1":
            self.model.set_weights([array for _, arrays in self.arrays() for array in arrays])
        else:
            self.model.load_weights(self.folder / "state.pt")
        self.tensor = torch.from_numpy(self.x)

    def answer(self) -> Any:
        if self.called:
            with torch.inference_mode():
                return self.model(self.tensor)
        return self.model.predict(self.x, batch_size=self.batch, precision=self.precision)

    def versions(self) -> dict[str, str]:
        return versions()
