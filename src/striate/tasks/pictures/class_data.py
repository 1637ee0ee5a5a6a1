"""The labelled pictures of a classification: from files in any format, or a named set."""

from __future__ import annotations

import os
from dataclasses import replace

from striate import _check, datasets
from striate.tasks.options import TrainOptions
from striate.tasks.pictures.named_data import as_wanted, named_data
from striate.tasks.pictures.parts import ClassData
from striate.tasks.pictures.picture_data import picture_data
from striate.tasks.pictures.wanted_input import WantedInput

__all__ = ["open_class_data"]


_NOTHING_WANTED = WantedInput()


def open_class_data(
    data: str | os.PathLike[str],
    options: TrainOptions,
    *,
    wanted: WantedInput = _NOTHING_WANTED,
    resumed: bool = False,
) -> ClassData:
    """Finds the pictures and their classes, and holds some back.

    Args:
        data: the name of a data set of `striate.datasets`, or a folder, table or archive; one of
            the same name as a data set is written with its path, ./mnist.
        options: of a training; see `named_data` and `picture_data`.
        wanted: what the net asks of its pictures.
        resumed: whether the options are those of a run that goes on.

    Raises:
        ArgumentError: options that do not fit the data.
        DataError: neither there nor a known name; data that cannot be classified.

    Example:
        >>> open_class_data("digits", TrainOptions(validation=0.5)).held_out
        'test'
    """
    text = os.fspath(data)
    if text in datasets.NAMES:
        if options.group_by is not None:
            rule = f"be left out for {text}, which has no files"
            _check.fail("train", "group_by", rule, options.group_by)
        found = named_data(
            text,
            size_px=options.size_px,
            channels=options.channels,
            validation=options.validation,
            seed=options.seed,
            folds=options.folds,
            fold=options.fold or 1,
        )
        found = as_wanted(found, wanted)
        return replace(found, found=found.found + _same_name_here(text))
    if not os.path.exists(text) and os.sep not in text:
        near = ", ".join(f'"{name}"' for name in _check.nearest(text, _names_and_paths()))
        rule = f"be a folder, table or archive, or name a data set: {', '.join(datasets.NAMES)}"
        got = "nothing of that name here"
        _check.data_fail(f'Data "{text}"', rule, got, f"Nearest: {near}." if near else "Name it.")
    return picture_data(text, options, wanted=wanted, resumed=resumed)


def _same_name_here(name: str) -> tuple[str, ...]:
    """A sentence where a file or folder here has the name of the data set that was taken."""
    if not os.path.exists(name):
        return ()
    return (f'The data set was taken, not "{name}" in this folder: that one is ./{name}.',)


def _names_and_paths() -> list[str]:
    """What may have been meant: the data sets, and what lies here."""
    with os.scandir() as entries:
        here = [entry.name for entry in entries if entry.name[0] != "."]
    return list(dict.fromkeys([*datasets.NAMES, *here]))
