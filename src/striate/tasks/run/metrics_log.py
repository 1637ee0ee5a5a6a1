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
from striate.train.history import History

__all__ = ["METRICS_FILE", "MetricsLog", "history_of", "read_metrics", "run_logs"]

METRICS_FILE = "metrics.jsonl"
_NO_MEASURES = ("epoch", "phase", "finished", "steps", "learning_rate", "seconds")


def run_logs(folder: Path, *, phase: str | None = None, keep: bool = False) -> list[Callback]:
    """What writes a run's numbers: metrics.jsonl, and events where TensorBoard is installed.

    Args:
        folder: of the run; TensorBoard's files go to its folder events.
        phase, keep: as of `MetricsLog`.

    Example:
        >>> isinstance(run_logs(Path("runs/classify/pets-1"))[0], MetricsLog)
        True
    """
    logs: list[Callback] = [MetricsLog(folder / METRICS_FILE, phase=phase, keep=keep)]
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


def history_of(folder: Path) -> History:
    """The finished epochs of a run, as its metrics.jsonl has them.

    Args:
        folder: of the run.

    Example:
        >>> history_of(Path("no/such/run")).epoch
        []
    """
    history = History()
    for row in read_metrics(folder):
        logs = {name: value for name, value in row.items() if name not in _NO_MEASURES}
        if row.get("finished") is True:
            history.add(row["epoch"] - 1, logs)
    return history


class MetricsLog(Callback):
    """Writes one line an epoch; an epoch that was broken off gets one too, marked unfinished.

    Nothing in it hangs on the clock: a run that was killed and went on has the very same lines.

    Args:
        path: of the file, which is made when the run begins.
        phase: of the training, which each line names. Default None: there is one alone.
        keep: whether lines that stand in the file are those of the phase before, and stay.
    """

    def __init__(self, path: Path, *, phase: str | None = None, keep: bool = False) -> None:
        self.path = path
        self._phase, self._keep = phase, keep
        self._log = LogFile(path)

    def settings(self) -> None:
        """It only watches."""

    def on_train_begin(self, logs: Mapping[str, float] | None = None) -> None:
        """Makes the file; that of a run that goes on stays."""
        resumed = self.params.get("resumed_at") is not None
        self._log.begin(keep=self._keep or resumed)
        if self._keep and not resumed:
            self._log.go_back(self._of_other_phases())
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

    def _of_other_phases(self) -> str:
        """The lines of the file that this phase has not written."""
        lines = self._log.text.splitlines(keepends=True)
        return "".join(line for line in lines if json.loads(line).get("phase") != self._phase)

    def _write(self, logs: Mapping[str, float], *, finished: bool) -> None:
        row = {
            "epoch": self._epoch + 1,
            **({} if self._phase is None else {"phase": self._phase}),
            "finished": finished,
            **{name: float(value) for name, value in logs.items()},
            "learning_rate": learning_rate(self.model.optimizer),
        }
        if not finished:
            row["steps"] = self._steps
        self._log.add(json.dumps(row))
