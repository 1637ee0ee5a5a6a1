"""predict: what is on picture files, by a trained classifier."""

from __future__ import annotations

import itertools
import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from striate import _check
from striate.data import read_picture
from striate.errors import DataError
from striate.records import Preprocess
from striate.tasks.classify.classifier import Classifier, open_classifier
from striate.tasks.pictures.picture_files import Name, PictureFile, find_pictures
from striate.tasks.scoring.label_scores import THRESHOLD

__all__ = ["Prediction", "predict", "predict_each"]

_BATCH, _BATCHES_AHEAD = 64, 2

Pixels = npt.NDArray[np.uint8]
Probabilities = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Prediction:
    """What a classifier says about one file.

    Args:
        file: as it was named, or as it was found in a folder; "-" for bytes.
        label: the most probable class; None where the file could not be read.
        probability: of that class.
        labels: (class, probability) of those that are said to be there, best first: the most
            probable one, or, where several may be on a picture, all from the threshold on.
        top: (class, probability) of the most probable ones, best first.
        error: why the file could not be read; None where it could.
        note: what of the file was left out, such as the further frames of an animation.
    """

    file: str
    label: str | None
    probability: float | None
    labels: tuple[tuple[str, float], ...]
    top: tuple[tuple[str, float], ...]
    error: str | None = None
    note: str | None = None


def predict(
    run: str | os.PathLike[str],
    files: Iterable[Name],
    *,
    top: int = 3,
    threshold: float = THRESHOLD,
    tta: bool = False,
) -> list[Prediction]:
    """What is on picture files. A file that cannot be read does not stop the others.

    Args:
        run: a run or model folder of a classifier. A temperature in it divides the logits.
        files: picture files, folders that are searched for pictures, patterns such as
            "new/*.jpg", or the bytes of pictures.
        top: how many classes are given for each file.
        threshold: probability from which a class is said to be there, where several may be.
        tta: whether each picture is seen in several views, and the mean taken.

    Raises:
        WeightsError: the model is missing, damaged, or no classifier of pictures.
        ArgumentError: top is below 1, or threshold no number 0..1.
        DataError: no file is named.

    Example:
        >>> from PIL import Image
        >>> from striate.tasks.classify import train
        >>> run = train("digits", epochs=1)
        >>> Image.new("L", (20, 20), 255).save("white.png")
        >>> found = predict(run.folder, ["white.png", "missing.png"])
        >>> [prediction.error is None for prediction in found], len(found[0].top)
        ([True, False], 3)
    """
    asked = predict_each(open_classifier(run), files, top=top, threshold=threshold, tta=tta)
    return list(asked)


def predict_each(
    classifier: Classifier,
    files: Iterable[Name],
    *,
    top: int = 3,
    threshold: float = THRESHOLD,
    tta: bool = False,
    say: Callable[[str], object] | None = None,
) -> Generator[Prediction, None, None]:
    """As `predict`, one by one: neither files nor answers are ever held all at once.

    At most 192 files are taken from `files` before the first of them is answered; threads read
    ahead while the net computes. Closing the generator stops them.

    Args:
        classifier: that is asked.
        files: as for `predict`; an iterator is asked for the next name when it is needed.
        top, threshold, tta: as for `predict`.
        say: told in a sentence what is left out of a folder.

    Raises:
        ArgumentError: top is below 1, or threshold no number 0..1.
        DataError: no file is named.

    Example:
        >>> from striate.tasks.classify import train
        >>> classifier = open_classifier(train("digits", epochs=1).folder)
        >>> [each.file for each in predict_each(classifier, (f"{n}.png" for n in range(3)))]
        ['0.png', '1.png', '2.png']
    """
    _check.positive_int("predict", "top", top)
    _check.number("predict", "threshold", threshold, 0, 1)
    return _answers(classifier, find_pictures(files, say=say), top, threshold, tta)


def _answers(
    classifier: Classifier, files: Iterator[PictureFile], top: int, threshold: float, tta: bool
) -> Generator[Prediction, None, None]:
    none_named = True
    pool = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="striate-predict")
    try:
        for chunk in _read_ahead(pool, files, classifier.preprocess):
            none_named = False
            images = [image for _, image, _ in chunk if not isinstance(image, DataError)]
            rows: Iterator[Probabilities] = iter(())
            if images:
                pictures = torch.from_numpy(np.stack(images))
                rows = iter(classifier.probabilities(pictures, tta=tta))
            for file, image, note in chunk:
                if isinstance(image, DataError):
                    yield Prediction(file.name, None, None, (), (), str(image))
                else:
                    found = _prediction(file.name, next(rows), classifier, top, threshold)
                    yield replace(found, note=note)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    if none_named:
        _check.data_fail("predict", "be told which pictures to look at", "nothing", "Name some.")


def _read_ahead(
    pool: ThreadPoolExecutor, files: Iterator[PictureFile], preprocess: Preprocess
) -> Iterator[list[tuple[PictureFile, Pixels | DataError, str | None]]]:
    """The files in their order, a batch at a time, while threads read those of the next ones."""
    waiting: deque[list[tuple[PictureFile, Future[Any]]]] = deque()
    while chunk := list(itertools.islice(files, _BATCH)):
        waiting.append([(file, pool.submit(_read, file, preprocess)) for file in chunk])
        if len(waiting) > _BATCHES_AHEAD:
            yield [(file, *reading.result()) for file, reading in waiting.popleft()]
    while waiting:
        yield [(file, *reading.result()) for file, reading in waiting.popleft()]


def _read(file: PictureFile, preprocess: Preprocess) -> tuple[Pixels | DataError, str | None]:
    """The picture, or why there is none; and what of the file was left out."""
    if isinstance(file.source, DataError):
        return file.source, None
    notes: list[str] = []
    try:
        pixels = read_picture(file.source, preprocess, name=file.name, say=notes.append)
    except DataError as error:
        return error, None
    return pixels, next(iter(notes), None)


def _prediction(
    name: str,
    row: Probabilities,
    classifier: Classifier,
    top: int,
    threshold: float,
) -> Prediction:
    order = np.argsort(-row, kind="stable")
    ranked = tuple((classifier.class_names[number], float(row[number])) for number in order)
    labels = ranked[:1]
    if classifier.several:
        labels = tuple(each for each in ranked if each[1] >= threshold)
    return Prediction(name, *ranked[0], labels, ranked[:top])
