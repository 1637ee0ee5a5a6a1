"""ModelCheckpoint: saves the model at the end of epochs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from ... import _check
from .base import Callback
from .monitor import Monitor

__all__ = ["ModelCheckpoint"]


class ModelCheckpoint(Callback):
    """Saves the model as a folder at the end of each epoch, or only when it is the best so far.

    A model that cannot be saved is refused when the run begins, not after the first epoch. Where
    `fit` averages the weights, the averages are saved.

    Args:
        filepath: of the folder; may hold {epoch:02d} and names of the logs, {val_loss:.3f}.
        monitor: name in the logs that says what is best. Default "val_loss".
        verbose: 1 writes a line an epoch: what was saved, or what was not good enough.
        save_best_only: whether only a new best is saved.
        save_weights_only: must be False: a model folder always says what its weights belong to.
        mode: "auto", "min" or "max".

    Raises:
        WeightsError: the model holds a layer that cannot be written down.
        ArgumentError: `monitor` or a name in `filepath` is not among the logs, or
            `save_weights_only` is True.
    """

    def __init__(
        self,
        filepath: str | Path,
        monitor: str = "val_loss",
        *,
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: str = "auto",
    ) -> None:
        place = type(self).__name__
        if _check.flag(place, "save_weights_only", save_weights_only):
            fix = "Leave it out; striate.load_model(folder).get_weights() gives the weights alone."
            rule = (
                "be False: a model folder holds the weights and the few lines that describe the net"
            )
            _check.fail(place, "save_weights_only", rule, save_weights_only, fix)
        self.filepath = str(filepath)
        self.monitor = Monitor(place, monitor, mode)
        shown = int(verbose) if isinstance(verbose, bool) else verbose
        self.verbose = _check.whole(place, "verbose", shown, 0)
        self.save_best_only = save_best_only

    def on_train_begin(self, logs: Mapping[str, float] | None = None) -> None:
        """Forgets an earlier run, and refuses a model that cannot be saved."""
        self.monitor.reset()
        self.model.to_json()

    def settings(self) -> None:
        """It only watches."""

    def state_dict(self) -> Mapping[str, Any]:
        """The best so far."""
        return {"best": self.monitor.best}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Goes on from there."""
        self.monitor.best = state["best"]

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Saves."""
        note = ""
        if self.save_best_only:
            if not self.monitor.is_due(epoch, self.params):
                return
            before, value = self.monitor.best, self.monitor.read(logs)
            if not self.monitor.improves(value):
                self._say(f"Epoch {epoch + 1}: {self.monitor.name} is not better than {before:.4f}")
                return
            note = f"{self.monitor.name} {value:.4f} is the best so far, "
        path = self._path(epoch, dict(logs or {}))
        self.model.save(path)
        self._say(f"Epoch {epoch + 1}: {note}saved in {path}")

    def _say(self, line: str) -> None:
        if self.verbose:
            Console(highlight=False, soft_wrap=True, markup=False).print(line)

    def _path(self, epoch: int, logs: dict[str, float]) -> str:
        try:
            return self.filepath.format(epoch=epoch + 1, **logs)
        except (KeyError, IndexError, ValueError):
            there = ", ".join(["epoch", *logs])
        _check.fail(
            type(self).__name__, "filepath", f"hold only names of the logs: {there}", self.filepath
        )
