"""ModelCheckpoint: saves the model at the end of epochs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ... import _check
from .base import Callback
from .monitor import Monitor

__all__ = ["ModelCheckpoint"]


class ModelCheckpoint(Callback):
    """Saves the model as a folder at the end of each epoch, or only when it is the best so far.

    A model that cannot be saved is refused when the run begins, not after the first epoch.

    Args:
        filepath: of the folder; may hold {epoch:02d} and names of the logs, {val_loss:.3f}.
        monitor: name in the logs that says what is best. Default "val_loss".
        save_best_only: whether only a new best is saved.
        mode: "auto", "min" or "max".

    Raises:
        WeightsError: the model holds a layer that cannot be written down.
        ArgumentError: `monitor` or a name in `filepath` is not among the logs.
    """

    def __init__(
        self,
        filepath: str | Path,
        monitor: str = "val_loss",
        *,
        save_best_only: bool = False,
        mode: str = "auto",
    ) -> None:
        self.filepath = str(filepath)
        self.monitor = Monitor(type(self).__name__, monitor, mode)
        self.save_best_only = save_best_only

    def on_train_begin(self, logs: Mapping[str, float] | None = None) -> None:
        """Forgets an earlier run, and refuses a model that cannot be saved."""
        self.monitor.reset()
        self.model.to_json()

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Saves."""
        if self.save_best_only and not (
            self.monitor.is_due(epoch, self.params)
            and self.monitor.improves(self.monitor.read(logs))
        ):
            return
        self.model.save(self._path(epoch, dict(logs or {})))

    def _path(self, epoch: int, logs: dict[str, float]) -> str:
        try:
            return self.filepath.format(epoch=epoch + 1, **logs)
        except (KeyError, IndexError, ValueError):
            there = ", ".join(["epoch", *logs])
        _check.fail(
            type(self).__name__, "filepath", f"hold only names of the logs: {there}", self.filepath
        )
