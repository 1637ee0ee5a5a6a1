"""evaluate: the scores of a trained run, on its own held-out pictures or on other data."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from striate import _check, datasets
from striate.data import read_splits
from striate.models.loading import ModelFolder, read_model_folder
from striate.records import Preprocess
from striate.tasks.class_data import ClassData, Part, named_data, picture_part
from striate.tasks.environment import best_device
from striate.tasks.report import score_part
from striate.tasks.run_folder import read_run_json
from striate.tasks.scores import Scores

__all__ = ["classifier_folder", "evaluate"]


def evaluate(run: str | os.PathLike[str], data: str | os.PathLike[str] | None = None) -> Scores:
    """Scores a trained classifier. Writes nothing.

    Args:
        run: a run folder, or with `data` a model folder.
        data: a folder of class folders (of its parts test, else val, else train is taken), or the
            name of a data set, whose test part is taken. Default None: the pictures that the run
            held out, as its data_manifest.json lists them.

    Raises:
        WeightsError: the model is missing, damaged, or no classifier of pictures.
        DataError: no run folder, or data that is missing, broken, or of other classes.

    Example:
        >>> from striate.tasks.classify import train
        >>> run = train("digits", epochs=1)
        >>> evaluate(run.folder) == run.scores
        True
    """
    model, class_names, preprocess = classifier_folder(run)
    if data is None:
        manifest = read_run_json(run, "data_manifest.json")
        part, name = _held_out(Path(run), manifest, preprocess)
    else:
        part, name = _other_data(data, class_names, preprocess)
    content = ClassData("", class_names, preprocess, {name: part}, {}, ())
    scores, _ = score_part(model.to(best_device()), part, data=content, name=name)
    return scores


def classifier_folder(folder: str | os.PathLike[str]) -> tuple[Any, tuple[str, ...], Preprocess]:
    """(model, class names, preprocessing) of a run or model folder of a classifier of pictures.

    Raises:
        WeightsError: no model there, a damaged one, or one without class names or picture size.
    """
    found: ModelFolder = read_model_folder(os.fspath(folder))
    lacking = [
        name
        for name, there in (
            ("labels.txt", found.labels),
            ("preprocess.json with size and channels", _is_fixed(found.preprocess)),
        )
        if not there
    ]
    if lacking or found.labels is None or found.preprocess is None:
        fix = "Save it with model.save(folder, labels=…, preprocess=…), or name a run."
        place = f'Model folder "{os.fspath(folder)}"'
        _check.weights_fail(place, f"hold {' and '.join(lacking)}", "none", fix)
    outputs = found.model.output.shape[-1]
    if outputs != len(found.labels):
        rule = f"name each of its {outputs} outputs in labels.txt"
        place = f'Model folder "{os.fspath(folder)}"'
        _check.weights_fail(place, rule, f"{len(found.labels)} names", "Save the model again.")
    return found.model, found.labels, found.preprocess


def _is_fixed(preprocess: Preprocess | None) -> bool:
    return preprocess is not None and None not in (preprocess.size, preprocess.channels)


def _held_out(run: Path, manifest: dict[str, Any], preprocess: Preprocess) -> tuple[Part, str]:
    """The pictures that a run held out."""
    try:
        name = str(manifest["held_out"])
        if manifest["kind"] == "data set":
            share, seed = float(manifest["validation_fraction"]), int(manifest["seed"])
            found = named_data(str(manifest["name"]), validation=share, seed=seed)
            return found.parts[name], name
        root = Path(manifest["root"])
        listed = manifest["parts"][name]
        paths = [root / file for file in listed["files"]]
        labels = np.array(listed["labels"], np.int64)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        got = f"{type(error).__name__}: {error}"
        fix = "Name the data to evaluate on."
        rule = "hold a data_manifest.json as striate train writes it"
        _check.data_fail(f'Run "{run}"', rule, got, fix)
    missing = [path for path in paths if not path.is_file()]
    if missing:
        rule = f"find its {len(paths)} held-out pictures"
        got = f'{len(missing)} missing, such as "{missing[0]}"'
        fix = "Put them back, or name other data to evaluate on."
        _check.data_fail(f'Run "{run}"', rule, got, fix)
    return picture_part(paths, labels, preprocess, root), name


def _other_data(
    data: str | os.PathLike[str], class_names: tuple[str, ...], preprocess: Preprocess
) -> tuple[Part, str]:
    """The pictures of other data, with the class numbers of the run."""
    text = os.fspath(data)
    if text in datasets.NAMES:
        found = named_data(text, validation=0.0)
        images = _same_shape(found, preprocess, text)
        labels = _renumbered(images.labels, found.class_names, class_names, text)
        return replace(images, labels=labels), f"{text} test"
    indices = read_splits(text)
    chosen = next(part for part in ("test", "val", "train") if part in indices)
    index = indices[chosen]
    numbers = np.asarray(index.labels, np.int64)
    labels = _renumbered(numbers, index.class_names, class_names, text)
    return picture_part(index.paths, labels, preprocess, Path(text)), Path(text).name or text


def _same_shape(found: ClassData, preprocess: Preprocess, text: str) -> Part:
    own = (found.preprocess.size, found.preprocess.channels)
    if own != (preprocess.size, preprocess.channels):
        rule = f"have pictures of the run's size and channels, {preprocess.size}"
        rule = f"{rule} and {preprocess.channels}"
        _check.data_fail(f'Data set "{text}"', rule, f"{own[0]} and {own[1]}", "Name other data.")
    return found.parts["test"]


def _renumbered(
    labels: npt.NDArray[np.int64],
    theirs: tuple[str, ...],
    ours: tuple[str, ...],
    text: str,
) -> npt.NDArray[np.int64]:
    """Class numbers of other data as those of the run, by the classes' names."""
    unknown = [name for name in theirs if name not in ours]
    if unknown:
        rule = f"have classes that the run knows: {', '.join(ours)}"
        near = _check.nearest(unknown[0], ours, 1)[0]
        fix = f'The nearest known class is "{near}".'
        _check.data_fail(f'Data "{text}"', rule, f'"{unknown[0]}"', fix)
    table = np.array([ours.index(name) for name in theirs], np.int64)
    return table[labels]
