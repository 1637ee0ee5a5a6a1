"""Labelled picture files in any format as pictures of one size, in parts."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from striate import _check
from striate.data import PictureIndex, PictureSource, Subset, open_index
from striate.data.doctor import check_indices
from striate.records import Preprocess
from striate.tasks.options import TrainOptions
from striate.tasks.pictures.bad_pictures import BadPictures
from striate.tasks.pictures.doctor_warnings import doctor_warnings
from striate.tasks.pictures.grouping import group_keys
from striate.tasks.pictures.holding_out import HoldOut, hold_out
from striate.tasks.pictures.parts import ClassData, Part, target_tensor
from striate.tasks.pictures.picture_words import (
    data_sentences,
    parts_sentence,
    repeated_warnings,
    size_reason,
    size_sentence,
)
from striate.tasks.pictures.survey import Survey, survey, unreadable
from striate.tasks.pictures.wanted_input import WantedInput
from striate.tasks.run.content_hashes import file_hashes

__all__ = ["chosen_preprocess", "picture_data"]

_VALIDATION_FRACTION, _VALIDATION_FRACTION_BESIDE_TEST = 0.2, 0.1
_LARGEST_PX, _SMALLEST_PX = 128, 16
_NOTHING_WANTED = WantedInput()


@dataclass(frozen=True)
class _Files:
    """The usable pictures of one part of the data, decoded and fitted when they are fetched."""

    index: PictureIndex
    source: PictureSource
    labels: npt.NDArray[Any]
    names: list[str]
    hashes: list[bytes]

    def part(self, numbers: npt.NDArray[np.int64]) -> Part:
        own = self.labels[numbers]
        names = [self.names[number] for number in numbers]
        return Part(Subset(self.source, numbers, targets=target_tensor(own)), own, names)


def picture_data(
    text: str,
    options: TrainOptions,
    *,
    wanted: WantedInput = _NOTHING_WANTED,
    resumed: bool = False,
) -> ClassData:
    """The labelled pictures of a folder, table or archive.

    Every picture is decoded once, after the doctor's fast part has looked at it. The side is the
    median of the shorter sides, from 16 to 128 pixels, and all are grey if all files are; for a
    net with weights size, fit and channels are those that it was trained with. Where
    the data has neither val nor test, a fifth of each class is held out, and a tenth where it has
    test but no val. Files of the same content are never divided by that, nor are groups. With
    folds the training part alone is divided, and val and test are left aside.

    Args:
        text: the path, as the user named it.
        options: of these format, size_px, channels, validation, group_by, folds, fold,
            on_bad_image and seed.
        wanted: what the net asks of the pictures.
        resumed: whether the options are those of a run that goes on.

    Raises:
        ArgumentError: a size or number of channels that the net does not take; a fraction or
            group that does not fit the data.
        DataError: no data that can be classified, pictures that cannot be used, fewer than 2
            classes, or classes too small to hold a picture out.
    """
    place = f'Data "{text}"'
    indices = open_index(text, options.format)
    _refuse_other_tasks(place, indices)
    skipped = [entry for index in indices.values() for entry in index.skipped]
    total = sum(len(index) + len(index.faults) for index in indices.values())
    bad = BadPictures(place, skip=options.on_bad_image == "skip")
    seen, broken = _look(indices)
    preprocess = chosen_preprocess(options, seen, wanted)
    why = size_reason(options.size_px, preprocess, seen, wanted=wanted, resumed=resumed)
    source = {part: PictureSource(x.paths, preprocess=preprocess) for part, x in indices.items()}
    torn = {part: unreadable(each) | broken[part] for part, each in source.items()}
    indices, left_out = bad.without(indices, torn)
    if left_out:
        source = {p: PictureSource(x.paths, preprocess=preprocess) for p, x in indices.items()}
    root = Path(os.path.commonpath([os.path.abspath(each.root) for each in indices.values()]))
    files = {part: _files(index, source[part], root) for part, index in indices.items()}
    rule, parts = _parts(Path(text), files, options, place)
    train = indices["train"]
    listed = _listed(parts, files)
    manifest: dict[str, Any] = {
        "kind": "folder",
        "source": text,
        "format": train.format,
        "root": str(root.resolve()),
        "class_names": list(train.class_names),
        "validation_fraction": rule.share if rule else None,
        "seed": options.seed,
        "group_by": options.group_by,
        "folds": options.folds,
        "fold": rule.fold if rule and rule.folds else None,
        "parts": listed,
        "skipped": [[str(path), why] for path, why in skipped],
        "left_out": [list(each) for each in left_out],
    }
    found = (
        *data_sentences(text, indices, seen, skipped),
        *bad.sentences(left_out, total),
        size_sentence(preprocess, why),
        parts_sentence(parts, rule, options.group_by),
    )
    doctor = check_indices(indices, full=False)
    warnings = (*repeated_warnings(parts, listed), *doctor_warnings(doctor))
    name = Path(os.path.abspath(text)).name.split(".")[0] or "pictures"
    name = name.encode(errors="replace").decode()  # config.toml takes no other bytes than UTF-8
    return ClassData(name, train.class_names, preprocess, parts, manifest, found, warnings)


def _refuse_other_tasks(place: str, indices: Mapping[str, PictureIndex]) -> None:
    train = indices["train"]
    if train.kind in ("boxes", "masks"):
        what = {"boxes": "boxes around things", "masks": "a mask for each picture"}[train.kind]
        got = f"{what}: {len(train):,} pictures, format {train.format}, as {train.why}"
        fix = "There is no training on boxes or masks yet. Name class folders, or a table."
        _check.data_fail(place, "say which classes are on each picture", got, fix)
    if len(train.class_names) < 2:
        rule = "have at least 2 class folders" if train.format == "folder" else "have 2 classes"
        fix = "Put the pictures of each class into a folder of their own."
        _check.data_fail(place, rule, f'only "{train.class_names[0]}"', fix)


def _look(indices: Mapping[str, PictureIndex]) -> tuple[Survey | None, dict[str, dict[int, str]]]:
    """What the headers say, and which cannot be read."""
    order = [(part, number) for part, index in indices.items() for number in range(len(index))]
    seen, broken = survey([indices[part].paths[number] for part, number in order])
    by_part: dict[str, dict[int, str]] = {part: {} for part in indices}
    for place, why in broken.items():
        part, number = order[place]
        by_part[part][number] = why
    return seen, by_part


def chosen_preprocess(
    options: TrainOptions, seen: Survey | None, wanted: WantedInput = _NOTHING_WANTED
) -> Preprocess:
    """To what size and channels pictures are fitted: as the user says, else by net and headers.

    Args:
        options: of these size_px and channels.
        seen: what the headers say, where there are any.
        wanted: what the net asks.

    Raises:
        ArgumentError: a size that is too small for the net, or channels that its weights have not.
    """
    own = wanted.preprocess
    if own is not None:
        side = options.size_px or min(own.size or (_LARGEST_PX,))
        channels = options.channels or own.channels or 3
        return wanted.fitted(wanted.check_side(side), channels)
    median = seen.median_shorter_px if seen else _LARGEST_PX
    side = max(_SMALLEST_PX, wanted.least_px, min(_LARGEST_PX, median))
    side = wanted.check_side(options.size_px or side)
    channels = options.channels or (seen.channels if seen else 3)
    return Preprocess(size=(side, side), channels=channels, scale=1 / 255)


def _files(index: PictureIndex, source: PictureSource, root: Path) -> _Files:
    paths = [index.paths[number] for number in range(len(index))]
    names = [Path(os.path.relpath(path, root)).as_posix() for path in paths]
    return _Files(index, source, _labels(index), names, file_hashes(paths))


def _labels(index: PictureIndex) -> npt.NDArray[Any]:
    if index.label_sets is None:
        return np.asarray(index.labels, np.int64)
    rows = np.zeros((len(index), len(index.class_names)), np.uint8)
    owners = np.repeat(np.arange(len(index)), np.diff(index.label_sets.offsets))
    rows[owners, index.label_sets.values] = 1
    return rows


def _parts(
    source: Path, files: dict[str, _Files], options: TrainOptions, place: str
) -> tuple[HoldOut | None, dict[str, Part]]:
    """The parts, and how pictures were held out; None where the data has a part for that."""
    train, everything = files["train"], {part: np.arange(len(x.names)) for part, x in files.items()}
    chosen = {"train": everything["train"]}
    rule = None
    if "val" not in files or options.folds:
        beside_test = "test" in files
        share = _VALIDATION_FRACTION_BESIDE_TEST if beside_test else _VALIDATION_FRACTION
        share = share if options.validation is None else options.validation
        if not (share or beside_test or options.folds):
            need = "be above 0 where the data has neither val nor test: scores need other pictures"
            _check.fail("train", "validation", need, share, "Leave it out for 0.2.")
        if share or options.folds:
            rule = HoldOut(share, options.seed, options.folds, options.fold or 1)
            keys: list[Any] = [train.hashes] if len(set(train.hashes)) < len(train.hashes) else []
            if options.group_by:
                keys.append(group_keys(train.index, train.names, options.group_by, source=source))
            kept, held = hold_out(
                train.labels, rule, classes=len(train.index.class_names), keys=keys, place=place
            )
            chosen = {"train": kept, "validation": held}
    parts = {part: train.part(numbers) for part, numbers in chosen.items()}
    for part, own in (("validation", "val"), ("test", "test")):
        if own in files and not options.folds:
            parts[part] = files[own].part(everything[own])
    return rule, parts


def _listed(parts: dict[str, Part], files: dict[str, _Files]) -> dict[str, Any]:
    """What the manifest says of each part: files, labels, content."""
    known = {
        name: content
        for each in files.values()
        for name, content in zip(each.names, each.hashes, strict=True)
    }
    return {
        part: {
            "files": list(content.names),
            "labels": _plain(content.labels),
            "sha256": [known[name].hex() for name in content.names],
        }
        for part, content in parts.items()
    }


def _plain(labels: npt.NDArray[Any]) -> list[Any]:
    if labels.ndim == 1:
        return list(labels.tolist())
    return [np.flatnonzero(row).tolist() for row in labels]
