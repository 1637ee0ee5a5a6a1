"""CSVLogger: one line an epoch in a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .base import Callback
from .log_file import LogFile

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

    def settings(self) -> None:
        """It only watches."""

    def on_train_begin(self, logs: Mapping[str, float] | None = None) -> None:
        """Makes the file; that of a run that goes on stays."""
        self._log = LogFile(self.path)
        self._log.begin(keep=self.append or self.params.get("resumed_at") is not None)
        self._names = self._header()

    def state_dict(self) -> Mapping[str, Any]:
        """What the file holds."""
        return {"text": self._log.text}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Brings the file back to what it held."""
        self._log.go_back(state["text"])
        self._names = self._header()

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Adds a line."""
        logs = logs or {}
        rows: list[list[Any]] = []
        if not self._names:
            late = [f"val_{name}" for name in logs] if self._validation_comes_later(logs) else []
            self._names = [*logs, *late]
            rows.append(["epoch", *self._names])
        rows.append([epoch, *(logs.get(name, "") for name in self._names)])
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=self.separator).writerows(rows)
        self._log.add(text.getvalue())

    def _header(self) -> list[str]:
        """The columns of a file that has some, but for the first."""
        lines = csv.reader(io.StringIO(self._log.text, newline=""), delimiter=self.separator)
        return next(lines, [])[1:]

    def _validation_comes_later(self, logs: Mapping[str, float]) -> bool:
        every = self.params.get("validation_epochs", 1)
        return every > 1 and not any(name.startswith("val_") for name in logs)
