"""CSVLogger: one line an epoch in a CSV file."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from .base import Callback

__all__ = ["CSVLogger"]


class CSVLogger(Callback):
    """Writes the logs of each epoch as a line of a CSV file; each line is on disk at once.

    Args:
        filename: of the file; its folder is made if it is not there.
        separator: between the columns.
        append: whether lines are added to a file that is there; its header is then kept.
    """

    def __init__(self, filename: str | Path, separator: str = ",", *, append: bool = False) -> None:
        self.path = Path(filename)
        self.separator = separator
        self.append = append

    def on_train_begin(self, logs: Mapping[str, float] | None = None) -> None:
        """Makes the file."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._names: list[str] = []
        if self.append and self.path.exists() and self.path.stat().st_size:
            with self.path.open(newline="") as file:
                self._names = next(csv.reader(file, delimiter=self.separator))[1:]
        else:
            self.path.write_text("")

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Adds a line."""
        logs = logs or {}
        with self.path.open("a", newline="") as file:
            writer = csv.writer(file, delimiter=self.separator)
            if not self._names:
                late = (
                    [f"val_{name}" for name in logs] if self._validation_comes_later(logs) else []
                )
                self._names = [*logs, *late]
                writer.writerow(["epoch", *self._names])
            writer.writerow([epoch, *(logs.get(name, "") for name in self._names)])

    def _validation_comes_later(self, logs: Mapping[str, float]) -> bool:
        every = self.params.get("validation_epochs", 1)
        return every > 1 and not any(name.startswith("val_") for name in logs)
