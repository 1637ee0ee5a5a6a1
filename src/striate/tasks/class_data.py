"""The labelled pictures of a classification: from a folder of class folders or a named set."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from striate import _check, datasets
from striate.data import (
    ArraySource,
    Loader,
    PictureIndex,
    PictureSource,
    Source,
    read_splits,
    stratified_split,
)
from striate.records import Preprocess
from striate.tasks.survey import Survey, survey

__all__ = ["ClassData", "Part", "named_data", "open_class_data", "picture_part"]

_VALIDATION_FRACTION, _VALIDATION_FRACTION_BESIDE_TEST = 0.2, 0.1
_LARGEST_PX, _SMALLEST_PX = 128, 16


@dataclass(frozen=True)
class Part:
    """Some labelled pictures: those to train on, to validate with or to test with.

    Args:
        source: of the pictures, uint8, of one size.
        labels: (n,) class number of each.
        names: what each is called: its path, or its number in the data set.
    """

    source: Source
    labels: npt.NDArray[np.int64]
    names: Sequence[str]

    def __len__(self) -> int:
        return len(self.labels)

    def batches(
        self, batch_size: int, preprocess: Preprocess, *, shuffle: bool = False, seed: int = 0
    ) -> Loader:
        """The pictures in batches that carry their preprocessing."""
        return Loader(self.source, batch_size, shuffle=shuffle, seed=seed, preprocess=preprocess)


@dataclass(frozen=True)
class ClassData:
    """Labelled pictures for a classification, ready to be fetched.

    Args:
        name: of the data set or folder, fit for a file name.
        class_names: in the order of the class numbers.
        preprocess: from pictures to the numbers 0..1 of one size.
        parts: "train", and "validation" and "test" where there are.
        manifest: what it is made of, as JSON can hold it.
        found: what was found, in sentences for the user.
    """

    name: str
    class_names: tuple[str, ...]
    preprocess: Preprocess
    parts: dict[str, Part]
    manifest: dict[str, Any]
    found: tuple[str, ...]

    @property
    def held_out(self) -> str:
        """The part that scores are measured on: the test part, else the validation part."""
        return "test" if "test" in self.parts else "validation"

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """(h, w, c) of the pictures as the net gets them."""
        images, _, _ = self.parts["train"].source.fetch(np.zeros(1, np.int64))
        return int(images.shape[1]), int(images.shape[2]), int(images.shape[3])


def open_class_data(
    data: str | os.PathLike[str],
    *,
    size_px: int | None = None,
    validation: float | None = None,
    seed: int = 0,
) -> ClassData:
    """Finds the pictures and their classes, and holds some back.

    A folder holds one folder a class, or that below train/, val/ and test/. Where it has neither
    val/ nor test/, a fifth of each class is held out; where there is a test part but no
    validation part, a tenth of each class of the training part is for validation.

    Args:
        data: the name of a data set of `striate.datasets`, or a folder; one of the same name as a
            data set is written with its path, ./mnist.
        size_px: side to which pictures are brought. Default None: for a folder the median of
            their shorter sides, from 16 to 128; for a named set its own size.
        validation: fraction of each class of the training part that is held out for validation,
            where the data has no validation part of its own.
        seed: of the choice of those.

    Raises:
        ArgumentError: neither a folder nor a known name; a fraction or size out of its range.
        DataError: a folder that is no folder of class folders, fewer than 2 classes, or a class
            too small to hold one picture out.
    """
    place = "open_class_data"
    if size_px is not None:
        _check.whole(place, "size_px", size_px, 8)
    if validation is not None:
        _check.fraction(place, "validation", validation)
    text = os.fspath(data)
    if text in datasets.NAMES:
        return named_data(text, size_px=size_px, validation=validation, seed=seed)
    if not os.path.exists(text) and os.sep not in text:
        near = ", ".join(f'"{name}"' for name in _check.nearest(text, _names_and_folders()))
        rule = f"be a folder, or name a data set: {', '.join(datasets.NAMES)}"
        _check.fail("train", "data", rule, text, f"Nearest: {near}.")
    return _folder_data(Path(text), size_px=size_px, validation=validation, seed=seed)


def _names_and_folders() -> list[str]:
    """What may have been meant: the data sets, and the folders that are here."""
    with os.scandir() as entries:
        here = [entry.name for entry in entries if entry.is_dir() and entry.name[0] != "."]
    return list(dict.fromkeys([*datasets.NAMES, *here]))


def named_data(
    name: str, *, size_px: int | None = None, validation: float | None = None, seed: int = 0
) -> ClassData:
    """A data set of `striate.datasets`; errors as for `open_class_data`.

    Example:
        >>> data = named_data("digits", validation=0.2)
        >>> [len(part) for part in data.parts.values()], data.input_shape
        ([1154, 288, 355], (8, 8, 1))
    """
    module = getattr(datasets, name)
    (x, y), (x_test, y_test) = module.load_data()
    height, width = x.shape[1:3]
    channels = 1 if x.ndim == 3 else int(x.shape[3])
    if size_px not in (None, height):
        rule = f"be {height} for {name}, or be left out"
        fix = "Pictures of a folder are brought to any size."
        _check.fail("train", "size", rule, size_px, fix)
    labels = y.reshape(-1).astype(np.int64)
    share = _VALIDATION_FRACTION_BESIDE_TEST if validation is None else validation
    kept, held = np.arange(len(labels)), np.arange(0)
    if share:
        kept, held = stratified_split(labels, share, seed=seed)
    rows = {"train": (x, labels, kept), "validation": (x, labels, held)}
    rows["test"] = (x_test, y_test.reshape(-1).astype(np.int64), np.arange(len(x_test)))
    parts = {
        part: _array_part(images[chosen], numbers[chosen], part, chosen)
        for part, (images, numbers, chosen) in rows.items()
        if len(chosen)
    }
    manifest = {
        "kind": "data set",
        "name": name,
        "class_names": list(module.CLASS_NAMES),
        "validation_fraction": share,
        "seed": seed,
        "pictures": {part: len(content) for part, content in parts.items()},
    }
    colour = "grey" if channels == 1 else "colour"
    found = (
        f"Data: {module.RECORD.title}, {len(x) + len(x_test):,} pictures of {height} × {width} "
        f"pixels, {colour}, {len(module.CLASS_NAMES)} classes.",
        _parts_sentence(parts, share, "the data set's own"),
    )
    preprocess = Preprocess(size=(height, width), channels=channels, scale=1 / 255)
    return ClassData(name, tuple(module.CLASS_NAMES), preprocess, parts, manifest, found)


def _array_part(images: Any, labels: Any, part: str, chosen: Any) -> Part:
    images = images[..., None] if images.ndim == 3 else images
    origin = "test" if part == "test" else "train"
    names = [f"{origin} {number}" for number in chosen]
    return Part(ArraySource(images, torch.from_numpy(labels)), labels, names)


def _folder_data(
    root: Path, *, size_px: int | None, validation: float | None, seed: int
) -> ClassData:
    indices = read_splits(root)
    classes = indices["train"].class_names
    if len(classes) < 2:
        rule = "have at least 2 class folders"
        fix = "Put the pictures of each class into a folder of their own."
        _check.data_fail(f'Folder "{root}"', rule, f'only "{classes[0]}"', fix)
    share = validation
    if share is None:
        share = _VALIDATION_FRACTION_BESIDE_TEST if "test" in indices else _VALIDATION_FRACTION
    own = "val" in indices
    files = _files(indices, 0.0 if own else share, seed)
    if len(files) == 1:
        rule = "be above 0 where the folder has neither val/ nor test/: scores need other pictures"
        _check.fail("train", "validation", rule, share, "Leave it out for 0.2.")
    seen = survey([path for paths, _ in files.values() for path in paths], root)
    side = size_px or max(_SMALLEST_PX, min(_LARGEST_PX, seen.median_shorter_px))
    preprocess = Preprocess(size=(side, side), channels=seen.channels, scale=1 / 255)
    parts = {part: picture_part(*content, preprocess, root) for part, content in files.items()}
    manifest = {
        "kind": "folder",
        "root": str(root.resolve()),
        "class_names": list(classes),
        "validation_fraction": None if own else share,
        "seed": seed,
        "parts": {
            part: {"files": list(content.names), "labels": content.labels.tolist()}
            for part, content in parts.items()
        },
        "skipped": [[str(path), why] for index in indices.values() for path, why in index.skipped],
    }
    found = (
        *_sentences(root, indices, seen),
        _parts_sentence(parts, 0.0 if own else share, "the folder's own"),
    )
    name = root.resolve().name or "pictures"
    return ClassData(name, classes, preprocess, parts, manifest, found)


def _files(
    indices: dict[str, PictureIndex], share: float, seed: int
) -> dict[str, tuple[list[Path], npt.NDArray[np.int64]]]:
    """The files and labels of each part, after some of the training part were held out."""
    train = indices["train"]
    numbers = {part: np.asarray(index.labels, np.int64) for part, index in indices.items()}
    files = {"train": (list(train.paths), numbers["train"])}
    if share:
        kept, held = stratified_split(numbers["train"], share, seed=seed)
        if len(held) == 0:
            rule = "have at least 2 pictures in one of its class folders, to hold one out"
            _check.data_fail(f'Folder "{train.root}"', rule, "1 in each", "Add pictures.")
        for part, chosen in (("train", kept), ("validation", held)):
            files[part] = ([train.paths[i] for i in chosen], numbers["train"][chosen])
    for part, own in (("validation", "val"), ("test", "test")):
        if own in indices:
            files[part] = (list(indices[own].paths), numbers[own])
    return files


def picture_part(
    paths: Sequence[Path], labels: npt.NDArray[np.int64], preprocess: Preprocess, root: Path
) -> Part:
    """Picture files of a folder as a part; each is called by its path below the folder."""
    source = PictureSource(paths, torch.from_numpy(labels), preprocess=preprocess)
    return Part(source, labels, [path.relative_to(root).as_posix() for path in paths])


def _sentences(root: Path, indices: dict[str, PictureIndex], seen: Survey) -> list[str]:
    train = indices["train"]
    total = sum(len(index) for index in indices.values())
    shown = [f"{name} {count:,}" for name, count in train.counts.items()]
    if len(shown) > 12:
        shown = [*shown[:10], f"… and {len(shown) - 10} more"]
    rows = [
        f'Data: folder "{root}", {total:,} pictures, {seen.text}, '
        f"{len(train.class_names)} classes ({', '.join(shown)})."
    ]
    skipped = [entry for index in indices.values() for entry in index.skipped]
    for path, why in skipped[:5]:
        rows.append(f'Skipped "{path}": {why}.')
    if len(skipped) > 5:
        rows.append(f"Skipped {len(skipped) - 5} more: data_manifest.json lists them.")
    return rows


def _parts_sentence(parts: dict[str, Part], share: float, own: str) -> str:
    texts = [f"{len(parts['train']):,} to train"]
    if "validation" in parts:
        why = f"{share:.0%} of each class" if share else own
        texts.append(f"{len(parts['validation']):,} to validate ({why})")
    if "test" in parts:
        texts.append(f"{len(parts['test']):,} to test ({own})")
    return f"Parts: {', '.join(texts)}."
