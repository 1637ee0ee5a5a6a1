"""EarlyStopping: ends the run when a number stops getting better."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from rich.console import Console

from ... import _check
from .base import Callback
from .monitor import Monitor

__all__ = ["EarlyStopping"]


class EarlyStopping(Callback):
    """Ends the run when the monitored number has not improved for `patience` epochs.

    Where `fit` averages the weights, the best weights are averages, as those are what was scored.

    Args:
        monitor: name in the logs. Default "val_loss".
        min_delta: a smaller improvement counts as none.
        patience: epochs (of those with validation, for a val_ name) without improvement that
            are borne.
        verbose: 1 writes a line where the run is stopped and where weights are put back.
        mode: "auto", "min" or "max".
        restore_best_weights: whether the model ends with the weights of its best epoch.
        start_from_epoch: epochs before this one are not looked at.

    Raises:
        ArgumentError: `monitor` is not among the logs.

    Example:
        >>> EarlyStopping(monitor="val_accuracy", patience=3).monitor.sign
        1.0
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0.0,
        *,
        patience: int = 0,
        verbose: int = 0,
        mode: str = "auto",
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
    ) -> None:
        place = type(self).__name__
        self.monitor = Monitor(place, monitor, mode, min_delta)
        self.patience = int(_check.number(place, "patience", patience, low=0))
        shown = int(verbose) if isinstance(verbose, bool) else verbose
        self.verbose = _check.whole(place, "verbose", shown, 0)
        self.restore_best_weights = restore_best_weights
        self.start_from_epoch = start_from_epoch

    def on_train_begin(self, logs: Mapping[str, float] | None = None) -> None:
        """Forgets an earlier run."""
        self.monitor.reset()
        self.wait = 0
        self.best_epoch = 0
        self.stopped_epoch = 0
        self._best_state: dict[str, Any] | None = None

    def settings(self) -> Mapping[str, Any]:
        """All of them."""
        return {
            "monitor": self.monitor.settings(),
            "patience": self.patience,
            "restore_best_weights": self.restore_best_weights,
            "start_from_epoch": self.start_from_epoch,
        }

    def state_dict(self) -> Mapping[str, Any]:
        """The best so far, and the weights that gave it."""
        return {
            "best": self.monitor.best,
            "wait": self.wait,
            "best_epoch": self.best_epoch,
            "stopped_epoch": self.stopped_epoch,
            "best_state": self._best_state,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Goes on from there."""
        self.monitor.best = state["best"]
        self.wait, self.best_epoch = state["wait"], state["best_epoch"]
        self.stopped_epoch, self._best_state = state["stopped_epoch"], state["best_state"]

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Looks at the number."""
        if epoch < self.start_from_epoch or not self.monitor.is_due(epoch, self.params):
            return
        if self.monitor.improves(self.monitor.read(logs)):
            self.wait, self.best_epoch = 0, epoch
            if self.restore_best_weights:
                state = self.model.state_dict()
                self._best_state = {key: value.clone() for key, value in state.items()}
            return
        self.wait += 1
        if self.wait >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def on_train_end(self, logs: Mapping[str, float] | None = None) -> None:
        """Puts the best weights back."""
        if self.stopped_epoch:
            number = f"{self.monitor.name} has not improved on {self.monitor.best:.4f}"
            self._say(f"Epoch {self.stopped_epoch + 1}: stopped, as {number}.")
        if self._best_state is not None:
            with torch.no_grad():
                self.model.load_state_dict(self._best_state)
            self._best_state = None
            self._say(f"The model has the weights of epoch {self.best_epoch + 1}, its best.")

    def _say(self, line: str) -> None:
        if self.verbose:
            Console(highlight=False, soft_wrap=True).print(line)
