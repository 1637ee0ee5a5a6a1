"""predict: what is on picture files, by a trained classifier."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from striate import _check
from striate.data import ArraySource, Loader, read_picture
from striate.data.formats.entries import SUFFIXES
from striate.errors import DataError
from striate.records import Preprocess
from striate.tasks.classify.evaluating import classifier_folder
from striate.tasks.environment import best_device

__all__ = ["Prediction", "find_pictures", "predict"]

_BATCH = 64


@dataclass(frozen=True)
class Prediction:
    """What a classifier says about one file.

    Args:
        file: as it was named, or as it was found in a folder.
        label: the most probable class; None where the file could not be read.
        probability: of that class.
        top: (class, probability) of the most probable ones, best first.
        error: why the file could not be read; None where it could.
    """

    file: str
    label: str | None
    probability: float | None
    top: tuple[tuple[str, float], ...]
    error: str | None = None


def predict(
    run: str | os.PathLike[str], files: Iterable[str | os.PathLike[str]], *, top: int = 3
) -> list[Prediction]:
    """What is on picture files. A file that cannot be read does not stop the others.

    Args:
        run: a run or model folder of a classifier.
        files: picture files, folders that are searched for pictures, or patterns such as
            "new/*.jpg".
        top: how many classes are given for each file.

    Raises:
        WeightsError: the model is missing, damaged, or no classifier of pictures.
        ArgumentError: top is below 1.
        DataError: no file is named, or none is found.

    Example:
        >>> from PIL import Image
        >>> from striate.tasks.classify import train
        >>> run = train("digits", epochs=1)
        >>> Image.new("L", (20, 20), 255).save("white.png")
        >>> found = predict(run.folder, ["white.png", "missing.png"])
        >>> [prediction.error is None for prediction in found], len(found[0].top)
        ([True, False], 3)
    """
    _check.positive_int("predict", "top", top)
    model, class_names, preprocess = classifier_folder(run)
    model = model.to(best_device())
    paths = list(find_pictures(files))
    if not paths:
        got = ", ".join(f'"{os.fspath(file)}"' for file in files) or "nothing"
        fix = f"Pictures end with {', '.join(SUFFIXES)}."
        _check.data_fail("predict", "find pictures in what is named", got, fix)
    found: list[Prediction] = []
    with ThreadPoolExecutor(thread_name_prefix="striate-predict") as pool:
        for start in range(0, len(paths), _BATCH):
            chunk = paths[start : start + _BATCH]
            read = list(pool.map(lambda path: _read(path, preprocess), chunk))
            images = [image for image in read if not isinstance(image, DataError)]
            rows = iter(_probabilities(model, images, preprocess))
            for path, image in zip(chunk, read, strict=True):
                if isinstance(image, DataError):
                    found.append(Prediction(path, None, None, (), str(image)))
                else:
                    found.append(_prediction(path, next(rows), class_names, top))
    return found


def find_pictures(files: Iterable[str | os.PathLike[str]]) -> Iterator[str]:
    """The files that are meant: each file as named, pictures below folders, what a pattern finds.

    A name that is nothing of these is given as it is: reading it says why it cannot be read.

    Example:
        >>> list(find_pictures(["one.jpg", "nothing/*.png"]))
        ['one.jpg', 'nothing/*.png']
    """
    for file in files:
        name = os.fspath(file)
        if os.path.isdir(name):
            below = sorted(path for path in Path(name).rglob("*") if path.is_file())
            for path in below:
                hidden = any(p.startswith(".") for p in path.relative_to(name).parts)
                if path.suffix.lower() in SUFFIXES and not hidden:
                    yield str(path)
        elif not os.path.lexists(name) and glob.has_magic(name):
            yield from sorted(glob.glob(name, recursive=True)) or [name]
        else:
            yield name


def _read(path: str, preprocess: Preprocess) -> npt.NDArray[np.uint8] | DataError:
    try:
        return read_picture(path, preprocess)
    except DataError as error:
        return error


def _probabilities(
    model: Any, images: list[npt.NDArray[np.uint8]], preprocess: Preprocess
) -> npt.NDArray[Any]:
    if not images:
        return np.empty((0, 0))
    batches = Loader(ArraySource(np.stack(images)), _BATCH, preprocess=preprocess)
    found: npt.NDArray[Any] = model.predict(batches)
    return found


def _prediction(
    path: str, row: npt.NDArray[Any], class_names: tuple[str, ...], top: int
) -> Prediction:
    order = np.argsort(-row, kind="stable")[:top]
    best = tuple((class_names[number], float(row[number])) for number in order)
    return Prediction(path, *best[0], best)
