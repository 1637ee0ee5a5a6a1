"""A run folder: where a training leaves its settings, numbers, pictures and model.

    runs/classify/<name>-<n>/
        config.toml              every setting of the run, as it was resolved
        env.json                 time, command, versions and machine
        base.json                the weights with which the net began, where there are any
        data_manifest.json       which pictures belong to which part, with their SHA-256
        batch0.png               the first batch, as the net saw it
        metrics.jsonl            one line an epoch, written as it goes; of phases, where there are
        log.jsonl                what happened and when: begun, saved, stopped, resumed, finished
        checkpoints/             from which a run that was stopped goes on, bit for bit
        events/                  the same for TensorBoard, where it is installed
        model/                   the model folder: load it with striate.load_model
        report.html              everything that was measured, on one page
        scores.json              the scores on the held-out pictures
        calibration.json         whether the probabilities can be believed
        predictions.safetensors  what the net answered about each of those pictures
        *.png                    what the net saw and what it made of it

Nothing is overwritten: each run takes the next number.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from striate import _check
from striate.io.durable import write_bytes
from striate.io.regular_file import read_at_most

__all__ = [
    "CHECKPOINTS",
    "new_run_folder",
    "read_run_json",
    "refuse_folds",
    "to_toml",
    "write_run_file",
]

CHECKPOINTS = "checkpoints"
"""The folder of a run's checkpoints in its folder."""

_MOST_BYTES = 2**30


def refuse_folds(folder: str | os.PathLike[str]) -> None:
    """Refuses a folder of several runs, one a fold, where one run is wanted.

    Raises:
        DataError: it is one; its runs are named.
    """
    if (Path(folder) / "folds.json").is_file():
        runs = sorted(path.name for path in Path(folder).glob("fold-*") if path.is_dir())
        fix = f"Name one of them: {', '.join(runs)}."
        _check.data_fail(f'Run "{os.fspath(folder)}"', "be one run", "a run for each fold", fix)


def new_run_folder(runs: str | os.PathLike[str], name: str) -> Path:
    """Makes the folder <runs>/<name>-<n> with the next free number n, from 1.

    Args:
        runs: the folder of runs; it is made if it is not there.
        name: of the run; what is no letter, digit, dot, dash or underscore becomes a dash.

    Raises:
        DataError: the folder cannot be made.

    Example:
        >>> new_run_folder("runs/classify", "my cats").as_posix()
        'runs/classify/my-cats-1'
        >>> new_run_folder("runs/classify", "my cats").name
        'my-cats-2'
    """
    parent = Path(runs)
    plain = re.sub(r"[^\w.-]+", "-", name).strip(".-") or "run"
    try:
        parent.mkdir(parents=True, exist_ok=True)
        used = [_number(entry.name, plain) for entry in parent.iterdir()]
        number = max(used, default=0) + 1
        while True:
            folder = parent / f"{plain}-{number}"
            try:
                folder.mkdir()
            except FileExistsError:  # another run took the number in between
                number += 1
                continue
            return folder
    except OSError as error:
        reason = error.strerror or str(error)
        fix = "Name another folder for the runs."
        _check.data_fail(f'Folder "{parent}"', "take a new run folder", reason, fix)


def _number(entry: str, name: str) -> int:
    found = re.fullmatch(re.escape(name) + r"-(\d+)", entry)
    return int(found[1]) if found else 0


def write_run_file(folder: Path, name: str, content: bytes | str | Mapping[str, Any]) -> Path:
    """Writes a new file of a run: bytes, text, or a record as JSON.

    Bytes of a file's name that are no UTF-8 are escaped, as JSON and Python name them.

    Raises:
        DataError: the disk refuses.
    """
    if isinstance(content, Mapping):
        content = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    data = content.encode(errors="backslashreplace") if isinstance(content, str) else content
    try:
        write_bytes(folder / name, data)
    except OSError as error:
        reason = error.strerror or str(error)
        _check.data_fail(f'Run "{folder}"', f"take the file {name}", reason, "Free the disk.")
    return folder / name


def read_run_json(folder: str | os.PathLike[str], name: str) -> dict[str, Any]:
    """A JSON file of a run.

    Raises:
        DataError: no run folder, no such file in it, or another content than a run writes.
    """
    path = Path(folder) / name
    place = f'Run "{os.fspath(folder)}"'
    fix = "Name a folder that striate train made, such as runs/classify/digits-1."
    try:
        with path.open("rb") as file:
            content = json.loads(read_at_most(file, _MOST_BYTES))
    except OSError as error:
        _check.data_fail(place, f"hold {name}", error.strerror or str(error), fix)
    except (ValueError, RecursionError) as error:
        _check.data_fail(place, f"hold a {name} that is JSON", str(error), fix)
    if not isinstance(content, dict):
        _check.data_fail(place, f"hold a record in {name}", type(content).__name__, fix)
    return content


def to_toml(values: Mapping[str, Any]) -> str:
    """Flat settings as TOML; None is left out.

    Args:
        values: name to a text, number, truth value, or list of such.

    Example:
        >>> print(to_toml({"name": "cats", "size_px": [64, 64], "seed": None}), end="")
        name = "cats"
        size_px = [64, 64]
    """
    rows = [f"{name} = {_toml_value(value)}" for name, value in values.items() if value is not None]
    return "".join(f"{row}\n" for row in rows)


def _toml_value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml_value, value))}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value)
