"""The runs below a folder: what each was trained on, how long, and how good it is."""

from __future__ import annotations

import math
import os
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from striate import _check
from striate.errors import DataError
from striate.io.regular_file import read_at_most
from striate.tasks.run.metrics_log import read_metrics
from striate.tasks.run.run_folder import read_run_json, refuse_folds
from striate.tasks.run.run_log import is_finished, training_seconds

__all__ = ["RunRow", "list_runs", "read_settings"]

_DEPTHS = ("config.toml", "*/config.toml", "*/*/config.toml", "*/*/*/config.toml")
_MOST_BYTES = 2**26


@dataclass(frozen=True)
class RunRow:
    """One run.

    Args:
        folder: of the run.
        task: such as "classify".
        data: what it was trained on.
        started: when, as ISO 8601 in UTC; None where that is not recorded.
        epochs: that were finished.
        seconds: that its epochs took.
        part, pictures: what its scores are of; None without scores.
        accuracy, accuracy_interval: of its scores.
        fault: why there are no scores, or what is damaged; None where all is well.
    """

    folder: str
    task: str
    data: str
    started: str | None
    epochs: int
    seconds: float
    part: str | None = None
    pictures: int | None = None
    accuracy: float | None = None
    accuracy_interval: tuple[float, float] | None = None
    fault: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)


def list_runs(runs: str | os.PathLike[str] = "runs") -> list[RunRow]:
    """Every run below a folder, the oldest first. A damaged run does not hide the others.

    Args:
        runs: the folder of runs; a run is a folder with a config.toml.

    Raises:
        DataError: no such folder.

    Example:
        >>> from striate.tasks.classify import train
        >>> _ = train("digits", epochs=1)
        >>> [(row.folder, row.epochs, row.pictures) for row in list_runs()]
        [('runs/classify/digits-1', 1, 355)]
    """
    root = Path(runs)
    if not root.is_dir():
        got = "no such folder" if not root.exists() else "a file"
        fix = "Train something first, or name the folder of runs."
        _check.data_fail(f'Folder "{root}"', "be a folder of runs", got, fix)
    found = {path.parent for pattern in _DEPTHS for path in root.glob(pattern)}
    rows = [_row(folder) for folder in found if folder.is_dir()]
    return sorted(rows, key=lambda row: (row.started or "", row.folder))


def read_settings(folder: Path) -> dict[str, Any]:
    """The settings of a run, tables in tables as `table.name`.

    Raises:
        DataError: no run folder, or a config.toml that is none.
    """
    place = f'Run "{folder}"'
    fix = "Name a folder that striate train made, such as runs/classify/digits-1."
    refuse_folds(folder)
    try:
        with (folder / "config.toml").open("rb") as file:
            return _flat(tomllib.loads(read_at_most(file, _MOST_BYTES).decode()))
    except OSError as error:
        _check.data_fail(place, "hold config.toml", error.strerror or str(error), fix)
    except (ValueError, RecursionError) as error:
        _check.data_fail(place, "hold a config.toml that is TOML", str(error), fix)


def _flat(values: Mapping[str, Any], head: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        found |= _flat(value, f"{head}{name}.") if isinstance(value, dict) else {head + name: value}
    return found


def _row(folder: Path) -> RunRow:
    fault: str | None = None
    settings: dict[str, Any] = {}
    machine: dict[str, Any] = {}
    scores: dict[str, Any] = {}
    try:
        settings = read_settings(folder)
        machine = read_run_json(folder, "env.json")
        if not is_finished(folder):
            fault = "not finished"
        else:
            scores = read_run_json(folder, "scores.json")
    except DataError as error:
        fault = str(error)
    epochs, seconds = _progress(folder)
    started = machine.get("started")
    accuracy, interval = _number(scores.get("accuracy")), scores.get("accuracy_interval")
    ends = tuple(map(_number, interval)) if isinstance(interval, list) else ()
    if scores and (accuracy is None or len(ends) != 2 or None in ends):
        fault = "scores.json has no accuracy with its interval"
    return RunRow(
        folder=str(folder),
        task=str(settings.get("task", folder.parent.name)),
        data=str(settings.get("data", "")),
        started=started if isinstance(started, str) else None,
        epochs=epochs,
        seconds=seconds,
        part=str(scores["part"]) if "part" in scores else None,
        pictures=scores.get("pictures"),
        accuracy=accuracy,
        accuracy_interval=None if fault or not ends else (ends[0] or 0.0, ends[1] or 0.0),
        fault=fault,
    )


def _progress(folder: Path) -> tuple[int, float]:
    """Finished epochs and the seconds of all."""
    rows = read_metrics(folder)
    epochs = sum(row.get("finished") is True for row in rows)
    # Seconds stood in metrics.jsonl before there was a log.
    before = sum(_number(row.get("seconds")) or 0.0 for row in rows)
    return epochs, round(training_seconds(folder) + before, 3)


def _number(value: object) -> float | None:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if plain and math.isfinite(value) else None  # type: ignore[arg-type]
