"""log.jsonl: what happened in a run and when; the numbers that hang on the clock stand here."""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from striate import _check
from striate.tasks.run.json_lines import read_json_lines
from striate.train.callbacks import Callback

__all__ = ["LOG_FILE", "RunLog", "is_finished", "read_events", "training_seconds"]

LOG_FILE = "log.jsonl"


class RunLog(Callback):
    """Adds a line for each event.

    begun, resumed, features, epoch, saved, changed, stopped, finished: nothing is ever taken
    out of it: a run that was killed and resumed has both in its log.

    Args:
        folder: of the run.
        phase: of the training, which the lines of epochs name. Default None: there is one alone.
    """

    def __init__(self, folder: Path, *, phase: str | None = None) -> None:
        self.path = folder / LOG_FILE
        self._phase = {} if phase is None else {"phase": phase}
        self._began: float | None = None
        self._epoch = 0

    def settings(self) -> None:
        """It only watches."""

    def write(self, event: str, **facts: Any) -> None:
        """Adds the line of an event, which is on the disk when this returns.

        Args:
            event: its name.
            facts: what else is known, as JSON can hold it.

        Raises:
            DataError: the disk refuses.
        """
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"time": now, "event": event, **facts}) + "\n"
        try:
            with self.path.open("ab") as file:
                file.write(line.encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            reason = error.strerror or str(error)
            _check.data_fail(f'File "{self.path}"', "take a line", reason, "Free the disk.")

    def saved(self, folder: Path) -> None:
        """A checkpoint is on the disk."""
        self.write("saved", checkpoint=folder.name)

    def stopped(self, by: str) -> None:
        """The run ends before its time; the seconds of the epoch that is broken off are kept.

        Args:
            by: what has stopped it.
        """
        self.write("stopped", by=by, **self._seconds())

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Starts the clock."""
        self._epoch, self._began = epoch, time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Writes how long the epoch took; of one that was resumed, its rest."""
        self.write("epoch", epoch=epoch + 1, **self._phase, **self._seconds())
        self._began = None

    def on_note(self, sentence: str) -> None:
        """Something was changed on the way."""
        self.write("changed", note=sentence)

    def _seconds(self) -> dict[str, float]:
        if self._began is None:
            return {}
        return {"seconds": round(time.perf_counter() - self._began, 3)}


def read_events(folder: Path) -> list[dict[str, Any]]:
    """The events of a run, in order; a line that a crash has cut is passed over.

    Args:
        folder: of the run.

    Example:
        >>> RunLog(Path(".")).write("begun", notes=["A net."])
        >>> [row["event"] for row in read_events(Path("."))]
        ['begun']
    """
    rows = read_json_lines(folder / LOG_FILE)
    return [row for row in rows if isinstance(row.get("event"), str)]


def training_seconds(folder: Path) -> float:
    """How long the epochs of a run took, those that were broken off too."""
    found = (row.get("seconds") for row in read_events(folder))
    numbers = (s for s in found if isinstance(s, int | float) and not isinstance(s, bool))
    return math.fsum(s for s in numbers if math.isfinite(s) and s >= 0)


def is_finished(folder: Path) -> bool:
    """Whether a run has scores and model; one without a log is asked for its scores alone."""
    events = [row["event"] for row in read_events(folder)]
    return (folder / "scores.json").is_file() and (not events or "finished" in events)
