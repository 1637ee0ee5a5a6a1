"""Callbacks that set the learning rate: by a plateau, or by a function of the epoch."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from ... import _check
from .base import Callback
from .monitor import Monitor

__all__ = ["LearningRateScheduler", "ReduceLROnPlateau", "learning_rate", "set_learning_rate"]


def learning_rate(optimizer: Any) -> float:
    """The learning rate of an optimizer: ours, or torch's first group."""
    own = getattr(optimizer, "learning_rate", None)
    return float(optimizer.param_groups[0]["lr"] if own is None else own)


def set_learning_rate(optimizer: Any, rate: float) -> None:
    """Sets the learning rate of all groups."""
    if hasattr(optimizer, "learning_rate"):
        optimizer.learning_rate = rate
    else:
        for group in optimizer.param_groups:
            group["lr"] = rate


class LearningRateScheduler(Callback):
    """Sets the learning rate at the beginning of each epoch.

    Args:
        schedule: called with (epoch, rate), or with (epoch) alone; returns the new rate.

    Raises:
        ArgumentError: the schedule returns something that is not a number of at least 0.
    """

    def __init__(self, schedule: Callable[..., float]) -> None:
        self.schedule = schedule

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Asks the schedule."""
        optimizer = self.model.optimizer
        before = learning_rate(optimizer)
        rate = self.schedule(epoch, before) if self._takes_rate() else self.schedule(epoch)
        rate = _check.number(type(self).__name__, "schedule(epoch)", rate, low=0.0)
        set_learning_rate(optimizer, rate)

    def settings(self) -> Mapping[str, Any]:
        """The schedule by its name: what a function computes cannot be compared."""
        return {"schedule": getattr(self.schedule, "__qualname__", type(self.schedule).__name__)}

    def _takes_rate(self) -> bool:
        try:
            inspect.signature(self.schedule).bind(0, 0.0)
        except TypeError:
            return False
        return True


class ReduceLROnPlateau(Callback):
    """Multiplies the learning rate when the monitored number has stopped improving.

    Args:
        monitor: name in the logs. Default "val_loss".
        factor: by which the rate is multiplied.
        patience: epochs without improvement that are borne.
        mode: "auto", "min" or "max".
        min_delta: a smaller improvement counts as none.
        cooldown: epochs after a reduction that are not looked at.
        min_lr: below which the rate never goes.

    Raises:
        ArgumentError: a factor that is not below 1, or `monitor` is not among the logs.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        *,
        patience: int = 10,
        mode: str = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
    ) -> None:
        place = type(self).__name__
        self.monitor = Monitor(place, monitor, mode, min_delta)
        self.factor = _check.fraction(place, "factor", factor)
        self.patience, self.cooldown, self.min_lr = patience, cooldown, min_lr

    def on_train_begin(self, logs: Mapping[str, float] | None = None) -> None:
        """Forgets an earlier run."""
        self.monitor.reset()
        self.wait = self.resting = 0

    def settings(self) -> Mapping[str, Any]:
        """All of them."""
        return {
            "monitor": self.monitor.settings(),
            "factor": self.factor,
            "patience": self.patience,
            "cooldown": self.cooldown,
            "min_lr": self.min_lr,
        }

    def state_dict(self) -> Mapping[str, Any]:
        """The best so far, and the epochs since."""
        return {"best": self.monitor.best, "wait": self.wait, "resting": self.resting}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Goes on from there."""
        self.monitor.best = state["best"]
        self.wait, self.resting = state["wait"], state["resting"]

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Looks at the number."""
        if not self.monitor.is_due(epoch, self.params):
            return
        value = self.monitor.read(logs)
        if self.resting > 0:
            self.resting -= 1
            self.wait = 0
        if self.monitor.improves(value):
            self.wait = 0
        elif self.resting <= 0:
            self.wait += 1
            if self.wait >= self.patience:
                rate = learning_rate(self.model.optimizer)
                set_learning_rate(self.model.optimizer, max(rate * self.factor, self.min_lr))
                self.resting, self.wait = self.cooldown, 0
