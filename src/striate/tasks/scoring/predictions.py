"""What a net said about labelled pictures, kept in the run: the ground of every score.

The file predictions.safetensors holds probabilities, truth, names and the pictures' SHA-256. It is
what `striate runs diff` compares two runs by, picture for picture.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import safetensors.numpy
from safetensors import SafetensorError, safe_open

from striate import _check
from striate.tasks.run.run_folder import write_run_file
from striate.tasks.scoring.label_scores import THRESHOLD, LabelScores, label_scores_of
from striate.tasks.scoring.scores import Scores, scores_of

__all__ = ["PREDICTIONS_FILE", "Predictions", "read_predictions", "write_predictions"]

PREDICTIONS_FILE = "predictions.safetensors"
_FORMAT = "striate.predictions.1"
_HASH_BYTES = 32


@dataclass(frozen=True, eq=False)
class Predictions:
    """The probabilities for some labelled pictures, with their truth and their names.

    Args:
        data: the name of the data.
        part: which pictures: "test", "validation" or the name of other data.
        class_names: in the order of the class numbers.
        names: what each picture is called, such as its path below the data's folder.
        truth: (n,) class numbers; or (n, q) 0 and 1, where a picture may have several classes.
        probabilities: (n, q) of the classes.
        hashes: SHA-256 of each picture's file, 32 bytes each; None where they are no files.

    Raises:
        ArgumentError: the parts disagree in n or q, a class number that has no name, or a
            probability that is none.

    Example:
        >>> p = np.array([[0.9, 0.1], [0.4, 0.6]])
        >>> said = Predictions("pets", "test", ("cat", "dog"), ["1.png", "2.png"], [0, 0], p)
        >>> said.hits.tolist(), said.scores().accuracy
        ([True, False], 0.5)
    """

    data: str
    part: str
    class_names: tuple[str, ...]
    names: Sequence[str] = field(repr=False)
    truth: npt.NDArray[Any] = field(repr=False)
    probabilities: npt.NDArray[Any] = field(repr=False)
    hashes: Sequence[bytes] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "truth", np.asarray(self.truth))
        count, classes = len(self.names), len(self.class_names)
        for name, value, shapes in (
            ("probabilities", self.probabilities.shape, ((count, classes),)),
            ("truth", self.truth.shape, ((count,), (count, classes))),
            ("hashes", (count if self.hashes is None else len(self.hashes),), ((count,),)),
        ):
            if value not in shapes:
                rule = f"have a row for each of the {count} pictures and {classes} classes"
                _check.fail("Predictions", name, rule, value)
        highest = 1 if self.several else classes - 1
        if count and not 0 <= self.truth.min() <= self.truth.max() <= highest:
            got = f"{self.truth.min()}..{self.truth.max()}"
            _check.fail("Predictions", "truth", f"be numbers 0..{highest}", got)
        inside = (self.probabilities >= 0) & (self.probabilities <= 1)
        if not inside.all():
            rule = "be numbers from 0 to 1: of a softmax, or of sigmoids"
            _check.fail("Predictions", "probabilities", rule, float(self.probabilities[~inside][0]))

    def __len__(self) -> int:
        return len(self.names)

    @property
    def several(self) -> bool:
        """Whether a picture may have several classes, or none."""
        return self.truth.ndim == 2

    @property
    def said(self) -> npt.NDArray[Any]:
        """The answers, in the form of the truth."""
        if self.several:
            return (self.probabilities >= THRESHOLD).astype(self.truth.dtype)
        return np.asarray(self.probabilities.argmax(axis=1))

    @property
    def hits(self) -> npt.NDArray[np.bool_]:
        """(n,) whether each picture was recognised: its class, or all its classes and no other."""
        right = np.equal(self.said, self.truth)
        return np.asarray(right.all(axis=1) if self.several else right, np.bool_)

    def scores(self) -> Scores | LabelScores:
        """How good they are."""
        if self.several:
            return label_scores_of(
                self.probabilities, self.truth, class_names=self.class_names, part=self.part
            )
        return scores_of(
            self.probabilities, self.truth, class_names=self.class_names, part=self.part
        )


def write_predictions(folder: Path, predictions: Predictions) -> Path:
    """Writes predictions.safetensors into a run folder.

    Raises:
        DataError: the disk refuses, or the file is there.
    """
    names = "\0".join(predictions.names).encode("utf-8", "surrogateescape")
    tensors: dict[str, npt.NDArray[Any]] = {
        "probabilities": np.ascontiguousarray(predictions.probabilities, np.float32),
        "truth": np.ascontiguousarray(
            predictions.truth, np.uint8 if predictions.several else np.int64
        ),
        "names": np.frombuffer(names, np.uint8),
    }
    if predictions.hashes is not None:
        tensors["hashes"] = _rows(predictions.hashes)
    facts = {
        "format": _FORMAT,
        "data": predictions.data,
        "part": predictions.part,
        "class_names": json.dumps(predictions.class_names),
    }
    content = safetensors.numpy.save(tensors, facts)
    return write_run_file(folder, PREDICTIONS_FILE, content)


def read_predictions(folder: Path) -> Predictions:
    """What `write_predictions` wrote.

    Raises:
        DataError: no such file, or a damaged one.
    """
    path = folder / PREDICTIONS_FILE
    place, fix = f'Run "{folder}"', "Name a run that striate train finished."
    try:
        with safe_open(path, "numpy") as file:
            facts = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}
        if facts.get("format") != _FORMAT:
            rule = f"hold {PREDICTIONS_FILE} of the format {_FORMAT}"
            _check.data_fail(place, rule, facts.get("format"), fix)
        hashes = tensors.get("hashes")
        return Predictions(
            data=facts["data"],
            part=facts["part"],
            class_names=tuple(map(str, json.loads(facts["class_names"]))),
            names=tensors["names"].tobytes().decode("utf-8", "surrogateescape").split("\0"),
            truth=tensors["truth"],
            probabilities=tensors["probabilities"],
            hashes=None if hashes is None else [row.tobytes() for row in hashes],
        )
    except OSError as error:
        _check.data_fail(place, f"hold {PREDICTIONS_FILE}", error.strerror or str(error), fix)
    except (SafetensorError, KeyError, ValueError, TypeError) as error:
        got = f"{type(error).__name__}: {error}"
        _check.data_fail(place, f"hold a whole {PREDICTIONS_FILE}", got, fix)


def _rows(hashes: Iterable[bytes]) -> npt.NDArray[np.uint8]:
    return np.frombuffer(b"".join(hashes), np.uint8).reshape(-1, _HASH_BYTES)
