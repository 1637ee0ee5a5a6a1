"""The labelled pictures that a classifier is scored on: those a run held out, or other data."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from striate import _check, datasets
from striate.data import PictureSource, Source
from striate.data.formats.detect import open_index
from striate.data.formats.entries import folders
from striate.data.index import PictureIndex
from striate.errors import ArgumentError
from striate.io.archive import ARCHIVES, extract
from striate.tasks.classify.classifier import Classifier
from striate.tasks.pictures.named_data import named_data
from striate.tasks.pictures.parts import Part
from striate.tasks.run.content_hashes import file_hashes
from striate.tasks.run.manifest import part_hashes
from striate.tasks.run.run_folder import read_run_json

__all__ = ["Labelled", "held_out", "other_data", "trained_on"]

_SHOWN = 3


@dataclass(frozen=True)
class Labelled:
    """Labelled pictures, as a classifier needs them to be scored.

    Args:
        data: the name of the data.
        part: which pictures: "test", "validation", or the name of other data.
        source: of the pictures, uint8, of the classifier's size.
        truth: (n,) the classifier's class numbers; (n, q) 0 and 1 where it knows several a
            picture.
        names: what each is called: its path below the data's folder, or its number.
        hashes: SHA-256 of each picture's file; None where they are no files.
        notes: what of the data is left out or has changed, in sentences.
    """

    data: str
    part: str
    source: Source
    truth: npt.NDArray[np.int64]
    names: Sequence[str]
    hashes: Sequence[bytes] | None = None
    notes: tuple[str, ...] = ()


def held_out(run: str | os.PathLike[str], classifier: Classifier) -> Labelled:
    """The pictures that a run held out, as its data_manifest.json lists them.

    Args:
        run: its folder.
        classifier: that the run trained.

    Raises:
        DataError: no run folder, another manifest than a run writes, or pictures that are gone.
    """
    manifest = read_run_json(run, "data_manifest.json")
    place = f'Run "{os.fspath(run)}"'
    try:
        name = str(manifest["held_out"])
        if manifest["kind"] == "data set":
            share, seed = float(manifest["validation_fraction"]), int(manifest["seed"])
            folds, fold = int(manifest.get("folds", 0)), int(manifest.get("fold", 1))
            found = named_data(
                str(manifest["name"]), validation=share, seed=seed, folds=folds, fold=fold
            )
            return _of_part(found.parts[name], found.name, name, classifier)
        root = Path(manifest["root"])
        listed = manifest["parts"][name]
        files = [str(file) for file in listed["files"]]
        truth = _truth(listed["labels"], classifier)
        if len(files) != len(truth):
            raise ArgumentError(f"{len(files)} files and {len(truth)} labels")
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        got = f"{type(error).__name__}: {error}"
        fix = "Name the data to evaluate on."
        rule = "hold a data_manifest.json as striate train writes it"
        _check.data_fail(place, rule, got, fix)
    archive = str(manifest.get("source", ""))
    if not root.is_dir() and archive.lower().endswith(ARCHIVES) and os.path.isfile(archive):
        extract(archive)  # the cache was emptied: the same content goes to the same place
    missing = [file for file in files if not (root / file).is_file()]
    if missing:
        rule = f"find its {len(files)} held-out pictures"
        got = f'{len(missing)} missing, such as "{root / missing[0]}"'
        fix = "Put them back, or name other data to evaluate on."
        _check.data_fail(place, rule, got, fix)
    hashes = file_hashes([root / file for file in files])
    known = part_hashes(manifest, name)
    changed = sum(now != then for now, then in zip(hashes, known or hashes, strict=True))
    notes = (f"{changed} of the {len(files)} held-out pictures changed since the training.",)
    source = PictureSource([root / file for file in files], preprocess=classifier.preprocess)
    return Labelled(root.name, name, source, truth, files, hashes, notes if changed else ())


def other_data(
    data: str | os.PathLike[str], classifier: Classifier, *, format: str = "auto"
) -> Labelled:
    """The pictures of other data, with the class numbers of the classifier.

    Args:
        data: a folder, table or archive (of its parts test, else val, else train is taken), or
            the name of a data set, whose test part is taken.
        classifier: to be scored.
        format: as for `striate.data.formats.open_index`.

    Raises:
        DataError: data that is missing, broken, of other classes, or not labelled picture by
            picture.
    """
    text = os.fspath(data)
    if text in datasets.NAMES:
        found = named_data(text, validation=0.0)
        own = (found.preprocess.size, found.preprocess.channels)
        wanted = (classifier.preprocess.size, classifier.preprocess.channels)
        if own != wanted:
            rule = f"have pictures of the run's size and channels, {wanted[0]} and {wanted[1]}"
            _check.data_fail(f'Data set "{text}"', rule, f"{own[0]} and {own[1]}", "Name others.")
        table = _numbers(found.class_names, classifier, text)
        part = found.parts["test"]
        truth = _truth(table[part.labels], classifier)
        return Labelled(text, f"{text} test", part.source, truth, part.names)
    if format == "auto" and _has_only_our_classes(text, classifier):
        format = "folder"  # even one class is enough to be scored
    indices = open_index(text, format)
    chosen = next(part for part in ("test", "val", "train") if part in indices)
    return _of_index(indices[chosen], text, classifier)


def trained_on(run: str | os.PathLike[str], labelled: Labelled) -> tuple[str, ...]:
    """A sentence where a run was trained on some of the pictures, byte for byte.

    Args:
        run: a run folder, or a model folder, of which nothing is known.
        labelled: the pictures.

    Raises:
        DataError: another manifest than a run writes.
    """
    if labelled.hashes is None or not os.path.lexists(Path(run) / "data_manifest.json"):
        return ()
    manifest = read_run_json(run, "data_manifest.json")
    try:
        known = set(part_hashes(manifest, "train") or ())
    except (TypeError, ValueError, AttributeError) as error:
        rule = "hold a data_manifest.json as striate train writes it"
        got = f"{type(error).__name__}: {error}"
        _check.data_fail(f'Run "{os.fspath(run)}"', rule, got, "Name its model folder instead.")
    count = sum(each in known for each in labelled.hashes)
    if not count:
        return ()
    return (
        f"The run was trained on {count:,} of these {len(labelled.names):,} pictures: "
        "the scores are no measure of new ones.",
    )


def _has_only_our_classes(text: str, classifier: Classifier) -> bool:
    names = [entry.name for entry in folders(text)] if os.path.isdir(text) else []
    return bool(names) and set(names) <= set(classifier.class_names)


def _of_index(index: PictureIndex, text: str, classifier: Classifier) -> Labelled:
    place = f'Data "{text}"'
    if index.faults:
        shown = "; ".join(f'"{path}": {why}' for path, why in index.faults[:_SHOWN])
        rule = "hold pictures and labels that can be used"
        _check.data_fail(place, rule, f"{len(index.faults)} that cannot, {shown}", "Mend them.")
    table = _numbers(index.class_names, classifier, text)
    truth: npt.NDArray[np.int64]
    if index.labels is not None:
        truth = _truth(table[index.labels], classifier)
    elif index.label_sets is not None and classifier.several:
        sets = index.label_sets
        truth = _truth([table[sets[row]].tolist() for row in range(len(sets))], classifier)
    else:
        wanted = "classes" if classifier.several else "one class"
        got = f"{index.kind} ({index.format}: {index.why})"
        fix = "Name data that is labelled as the run's was."
        _check.data_fail(place, f"have {wanted} for each picture", got, fix)
    name = Path(text).name or text
    notes = tuple(f'Left out "{path}": {why}.' for path, why in index.skipped)
    source = PictureSource(index.paths, preprocess=classifier.preprocess)
    names = [index.paths.name(row) for row in range(len(index))]
    hashes = file_hashes(list(index.paths))
    return Labelled(name, name, source, truth, names, hashes, notes)


def _of_part(part: Part, data: str, name: str, classifier: Classifier) -> Labelled:
    return Labelled(data, name, part.source, _truth(part.labels, classifier), part.names)


def _truth(labels: Any, classifier: Classifier) -> npt.NDArray[np.int64]:
    """Class numbers of each picture in the form that the classifier is scored in."""
    known = np.eye(len(classifier.class_names), dtype=np.int64)
    numbers = [np.array(each, np.int64).reshape(-1) for each in labels]
    if any(((each < 0) | (each >= len(known))).any() for each in numbers):
        raise ArgumentError(f"labels that are no class numbers 0..{len(known) - 1}")
    if classifier.several:
        return np.array([known[each].max(axis=0, initial=0) for each in numbers], np.int64)
    if any(len(each) != 1 for each in numbers):
        raise ArgumentError("labels that are not one class number each")
    return np.concatenate(numbers) if numbers else np.zeros(0, np.int64)


def _numbers(theirs: tuple[str, ...], classifier: Classifier, text: str) -> npt.NDArray[np.int64]:
    """Their class number -> the classifier's, by the classes' names."""
    ours = classifier.class_names
    unknown = [name for name in theirs if name not in ours]
    if unknown:
        rule = f"have classes that the run knows: {', '.join(ours)}"
        near = _check.nearest(unknown[0], ours, 1)[0]
        fix = f'The nearest known class is "{near}".'
        _check.data_fail(f'Data "{text}"', rule, f'"{unknown[0]}"', fix)
    return np.array([ours.index(name) for name in theirs], np.int64)
