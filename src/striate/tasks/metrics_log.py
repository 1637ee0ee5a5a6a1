"""MetricsLog: the numbers of each epoch as a line of JSON, on the disk at once."""

from __future__ import annotations

import importlib.util
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path

from striate.train.callbacks import Callback, TensorBoard
from striate.train.callbacks.learning_rate import learning_rate

__all__ = ["MetricsLog", "run_logs"]


def run_logs(folder: Path) -> list[Callback]:
    """What writes a run's numbers: metrics.jsonl, and events where TensorBoard is installed.

    Args:
        folder: of the run; TensorBoard's files go to its folder events.

    Example:
        >>> isinstance(run_logs(Path("runs/classify/pets-1"))[0], MetricsLog)
        True
    """
    logs: list[Callback] = [MetricsLog(folder / "metrics.jsonl")]
    if importlib.util.find_spec("tensorboard") is not None:
        logs.append(TensorBoard(folder / "events"))
    return logs


class MetricsLog(Callback):
    """Writes one line an epoch; an epoch that was broken off gets one too, marked unfinished.

    Args:
        path: of the file, which is made when the run begins.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def on_train_begin(self, logs: Mapping[str, float] | None = None) -> None:
        """Makes the file."""
        self.path.touch()
        self._epoch, self._steps = 0, 0
        self._logs: Mapping[str, float] = {}

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Starts the clock."""
        self._epoch, self._steps, self._started = epoch, 0, time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        """Keeps the logs of the epoch so far; they are computed only if the run is broken off."""
        self._logs, self._steps = logs or {}, batch + 1

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Adds the line of the epoch."""
        self._write(logs or {}, finished=True)
        self._steps = 0

    def on_train_end(self, logs: Mapping[str, float] | None = None) -> None:
        """Adds the line of an epoch that was broken off."""
        if self._steps:
            self._write(self._logs, finished=False)

    def _write(self, logs: Mapping[str, float], *, finished: bool) -> None:
        row = {
            "epoch": self._epoch + 1,
            "finished": finished,
            **{name: float(value) for name, value in logs.items()},
            "learning_rate": learning_rate(self.model.optimizer),
            "seconds": round(time.perf_counter() - self._started, 3),
        }
        if not finished:
            row["steps"] = self._steps
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
            file.flush()
            os.fsync(file.fileno())
