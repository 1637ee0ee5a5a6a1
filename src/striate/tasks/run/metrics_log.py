"""MetricsLog: the numbers of each epoch as a line of JSON, on the disk at once."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from striate.tasks.run.json_lines import read_json_lines
from striate.train.callbacks import Callback, TensorBoard
from striate.train.callbacks.learning_rate import learning_rate
from striate.train.callbacks.log_file import LogFile

__all__ = ["METRICS_FILE", "MetricsLog", "read_metrics", "run_logs"]

METRICS_FILE = "metrics.jsonl"


def run_logs(folder: Path) -> list[Callback]:
    """What writes a run's numbers: metrics.jsonl, and events where TensorBoard is installed.

    Args:
        folder: of the run; TensorBoard's files go to its folder events.

    Example:
        >>> isinstance(run_logs(Path("runs/classify/pets-1"))[0], MetricsLog)
        True
    """
    logs: list[Callback] = [MetricsLog(folder / METRICS_FILE)]
    if importlib.util.find_spec("tensorboard") is not None:
        logs.append(TensorBoard(folder / "events"))
    return logs


def read_metrics(folder: Path) -> list[dict[str, Any]]:
    """The lines of a run's metrics.jsonl.

    Example:
        >>> read_metrics(Path("no/such/run"))
        []
    """
    return read_json_lines(folder / METRICS_FILE)


class MetricsLog(Callback):
    """Writes one line an epoch; an epoch that was broken off gets one too, marked unfinished.

    Nothing in it hangs on the clock: a run that was killed and went on has the very same lines.

    Args:
        path: of the file, which is made when the run begins.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._log = LogFile(path)

    def settings(self) -> None:
        """It only watches."""

    def on_train_begin(self, logs: Mapping[str, float] | None = None) -> None:
        """Makes the file; that of a run that goes on stays."""
        self._log.begin(keep=self.params.get("resumed_at") is not None)
        self._epoch, self._steps = 0, 0
        self._logs: Mapping[str, float] = {}

    def state_dict(self) -> Mapping[str, Any]:
        """What the file holds."""
        return {"text": self._log.text}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Brings the file back to what it held."""
        self._log.go_back(state["text"])

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Knows which epoch it is."""
        self._epoch, self._steps = epoch, 0

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
        }
        if not finished:
            row["steps"] = self._steps
        self._log.add(json.dumps(row))
