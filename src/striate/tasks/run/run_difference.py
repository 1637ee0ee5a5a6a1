"""Two runs beside each other: settings, scores, and what only one of them recognises."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from striate.tasks.run.run_folder import read_run_json
from striate.tasks.run.runs import read_settings
from striate.tasks.scoring.bootstrap import paired_interval
from striate.tasks.scoring.label_scores import LabelScores
from striate.tasks.scoring.predictions import Predictions, read_predictions
from striate.tasks.scoring.scores import Scores

__all__ = ["Change", "Pairs", "RunDifference", "diff_runs"]

_MEASURES = (
    "accuracy",
    "top_5",
    "mean_average_precision",
    "macro_f1",
    "micro_f1",
    "loss",
    "calibration_error",
)
_OF_ITS_TIME = ("started", "command")


@dataclass(frozen=True)
class Change:
    """Something that differs; None on the side that does not have it.

    Args:
        name: of the setting, measure or class.
        first, second: what each run has.
    """

    name: str
    first: Any
    second: Any


@dataclass(frozen=True)
class Pairs:
    """The pictures that both runs were scored on, and what became of each.

    Args:
        pictures: that both have, with the same truth.
        only_first, only_second: pictures that the other run was not scored on.
        other_truth: pictures that both have, with another truth; they are left out.
        accuracy_first, accuracy_second: on the shared pictures.
        interval: 95 %, of accuracy_second - accuracy_first.
        gained: names of the pictures that only the second recognises.
        lost: names of the pictures that only the first recognises.
        both_right, both_wrong: how many of the rest.
    """

    pictures: int
    only_first: int
    only_second: int
    other_truth: int
    accuracy_first: float
    accuracy_second: float
    interval: tuple[float, float]
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    both_right: int
    both_wrong: int

    @property
    def is_clear(self) -> bool:
        """Whether the interval of the difference is on one side of zero."""
        low, high = self.interval
        return low > 0.0 or high < 0.0


@dataclass(frozen=True)
class RunDifference:
    """How two runs differ.

    Args:
        first, second: their folders.
        same_run: whether these are one and the same folder.
        settings: of config.toml that differ.
        environment: of env.json that differ, but for time and command.
        same_data: whether both were made from the same pictures, by their SHA-256; None where
            that is not recorded.
        scores: every measure that one of them has.
        pairs: on the same pictures; None where they share none.
        classes: recall of each class, None where a run has none.
    """

    first: str
    second: str
    same_run: bool
    settings: tuple[Change, ...]
    environment: tuple[Change, ...]
    same_data: bool | None
    scores: tuple[Change, ...]
    pairs: Pairs | None
    classes: tuple[Change, ...]

    def to_json(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)


def diff_runs(first: str | os.PathLike[str], second: str | os.PathLike[str]) -> RunDifference:
    """Compares two finished runs. The difference of their accuracy is of the same pictures.

    Two pictures are the same if their files have the same SHA-256; where the data are no files,
    if data and number are the same.

    Args:
        first, second: run folders.

    Raises:
        DataError: no run folder, or one without scores or predictions.

    Example:
        >>> from striate.tasks.classify import train
        >>> for seed in (0, 1):
        ...     _ = train("digits", epochs=1, seed=seed)
        >>> found = diff_runs("runs/classify/digits-1", "runs/classify/digits-2")
        >>> [change.name for change in found.settings], found.pairs.pictures
        (['seed'], 355)
    """
    folders = Path(first), Path(second)
    settings = [read_settings(folder) for folder in folders]
    machines = [_flat(read_run_json(folder, "env.json")) for folder in folders]
    manifests = [read_run_json(folder, "data_manifest.json") for folder in folders]
    said = [read_predictions(folder) for folder in folders]
    scores = [each.scores() for each in said]
    hashes = [manifest.get("data_sha256") for manifest in manifests]
    return RunDifference(
        first=str(folders[0]),
        second=str(folders[1]),
        same_run=os.path.samefile(*folders),
        settings=_changes(*settings),
        environment=_changes(*machines),
        same_data=None if None in hashes else hashes[0] == hashes[1],
        scores=tuple(
            Change(name, *(getattr(each, name, None) for each in scores))
            for name in _MEASURES
            if any(getattr(each, name, None) is not None for each in scores)
        ),
        pairs=_pairs(*said),
        classes=_classes(*scores),
    )


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """An environment without what differs by its time, its packages by their names."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name not in _OF_ITS_TIME:
            found |= value if isinstance(value, dict) else {name: value}
    return found


def _changes(first: Mapping[str, Any], second: Mapping[str, Any]) -> tuple[Change, ...]:
    names = dict.fromkeys([*first, *second])
    pairs = [Change(name, first.get(name), second.get(name)) for name in names]
    return tuple(pair for pair in pairs if pair.first != pair.second)


def _classes(first: Scores | LabelScores, second: Scores | LabelScores) -> tuple[Change, ...]:
    recalls = [{each.name: each.recall for each in scores.classes} for scores in (first, second)]
    names = dict.fromkeys([*recalls[0], *recalls[1]])
    return tuple(Change(name, *(each.get(name) for each in recalls)) for name in names)


def _pairs(first: Predictions, second: Predictions) -> Pairs | None:
    hashed = first.hashes is not None and second.hashes is not None
    places = [_places(each, hashed=hashed) for each in (first, second)]
    shared = [key for key in places[0] if key in places[1]]
    rows = [[place[key] for key in shared] for place in places]
    truths = [_truths(said, chosen) for said, chosen in zip((first, second), rows, strict=True)]
    same = np.array([a == b for a, b in zip(*truths, strict=True)], np.bool_)
    chosen = [np.array(each, np.int64)[same] for each in rows]
    count = len(chosen[0])
    if count == 0:
        return None
    one, two = first.hits[chosen[0]], second.hits[chosen[1]]
    return Pairs(
        pictures=count,
        only_first=len(first) - len(shared),
        only_second=len(second) - len(shared),
        other_truth=len(shared) - count,
        accuracy_first=float(one.mean()),
        accuracy_second=float(two.mean()),
        interval=paired_interval(one, two),
        gained=_names(second, chosen[1][two & ~one]),
        lost=_names(first, chosen[0][one & ~two]),
        both_right=int((one & two).sum()),
        both_wrong=int((~one & ~two).sum()),
    )


def _places(said: Predictions, *, hashed: bool) -> dict[Hashable, int]:
    """What tells a picture from all others -> its number; of equal files the second is a second."""
    seen: Counter[Hashable] = Counter()
    places: dict[Hashable, int] = {}
    for number, name in enumerate(said.names):
        key: Hashable = (said.data, name)
        if hashed and said.hashes is not None:
            key = said.hashes[number]
        places[key, seen[key]] = number
        seen[key] += 1
    return places


def _truths(said: Predictions, rows: list[int]) -> list[frozenset[str]]:
    """The names of the classes of each picture, so that the classes' order does not matter."""
    if not said.several:
        return [frozenset([said.class_names[int(said.truth[row])]]) for row in rows]
    return [
        frozenset(said.class_names[number] for number in np.flatnonzero(said.truth[row]))
        for row in rows
    ]


def _names(said: Predictions, rows: npt.NDArray[np.int64]) -> tuple[str, ...]:
    return tuple(said.names[row] for row in rows)
