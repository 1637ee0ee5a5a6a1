"""Which of two values of a monitored number is better."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ... import _check

__all__ = ["Monitor"]

_LARGER_IS_BETTER = ("acc", "auc", "precision", "recall", "f1", "io_u", "iou", "top_k")


class Monitor:
    """Keeps the best value of one of the logs.

    Args:
        place: of the callback, for the messages.
        name: of the number, such as "val_loss".
        mode: "min", "max", or "auto": max for accuracy, AUC, precision, recall, F1 and IoU, but
            not for a name that ends in "loss".
        min_delta: a smaller improvement counts as none.
    """

    def __init__(self, place: str, name: str, mode: str = "auto", min_delta: float = 0.0) -> None:
        self.place, self.name = place, name
        _check.choice(place, "mode", mode, ("auto", "min", "max"))
        score = any(w in name for w in _LARGER_IS_BETTER) and not name.endswith("loss")
        larger = mode == "max" or (mode == "auto" and score)
        self.sign = 1.0 if larger else -1.0
        self.min_delta = abs(min_delta)
        self.reset()

    def reset(self) -> None:
        """Forgets the best."""
        self.best = -math.inf * self.sign

    def settings(self) -> dict[str, Any]:
        """What is watched, and which way is better."""
        return {"name": self.name, "sign": self.sign, "min_delta": self.min_delta}

    def is_due(self, epoch: int, params: Mapping[str, Any]) -> bool:
        """Whether an epoch of a run brings the number: one of validation comes with that alone."""
        every = params.get("validation_epochs", 1)
        return not self.name.startswith("val_") or (epoch + 1) % every == 0

    def read(self, logs: Mapping[str, float] | None) -> float:
        """The number in the logs.

        Raises:
            ArgumentError: it is not there; the names that are, are listed.
        """
        logs = logs or {}
        if self.name not in logs:
            there = ", ".join(logs)
            fix = f"There are: {there}. val_ names need validation_data or validation_split."
            _check.fail(self.place, "monitor", "name one of the logs", self.name, fix)
        return float(logs[self.name])

    def improves(self, value: float) -> bool:
        """Whether the value is better than the best; if so it is the best from now on."""
        if (value - self.best) * self.sign > self.min_delta:
            self.best = value
            return True
        return False
