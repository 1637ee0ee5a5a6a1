"""A data set of `striate.datasets` as labelled pictures in parts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from striate import _check, datasets
from striate.data import ArraySource, Subset
from striate.records import Preprocess
from striate.tasks.pictures.holding_out import HoldOut, hold_out
from striate.tasks.pictures.parts import ClassData, Part, target_tensor
from striate.tasks.pictures.wanted_input import WantedInput

__all__ = ["as_wanted", "named_data"]

_VALIDATION_FRACTION = 0.1


def named_data(
    name: str,
    *,
    size_px: int | None = None,
    channels: int | None = None,
    validation: float | None = None,
    seed: int = 0,
    folds: int = 0,
    fold: int = 1,
) -> ClassData:
    """A data set of `striate.datasets`, of whose training part some is held out for validation.

    Args:
        name: of the data set.
        size_px, channels: its own, or None.
        validation: fraction of each class that is held out, 0 for none. Default None: 0.1.
        seed, folds, fold: of the choice, see `HoldOut`. With folds there is no test part.

    Raises:
        ArgumentError: another size or number of channels than the data set's.
        DataError: the data set is not there and cannot be fetched.

    Example:
        >>> data = named_data("digits", validation=0.2)
        >>> [len(part) for part in data.parts.values()], data.input_shape
        ([1154, 288, 355], (8, 8, 1))
    """
    module = getattr(datasets, name)
    (x, y), (x_test, y_test) = module.load_data()
    height, width = x.shape[1:3]
    own = 1 if x.ndim == 3 else int(x.shape[3])
    for word, given, there in (("size", size_px, height), ("channels", channels, own)):
        if given not in (None, there):
            fix = "Pictures of a folder are brought to any size and colour."
            _check.fail("train", word, f"be {there} for {name}, or be left out", given, fix)
    labels = y.reshape(-1).astype(np.int64)
    share = _VALIDATION_FRACTION if validation is None else validation
    rule_of = HoldOut(share, seed, folds, fold)
    kept, held = np.arange(len(labels)), np.arange(0)
    if share or folds:
        kept, held = hold_out(labels, rule_of, classes=len(module.CLASS_NAMES), place=name)
    first, last = _source(x), _source(x_test)
    chosen = {"train": kept, "validation": held}
    parts = {
        part: _part(first, labels, numbers, "train")
        for part, numbers in chosen.items()
        if len(numbers)
    }
    test = y_test.reshape(-1).astype(np.int64)
    if not folds:
        parts["test"] = _part(last, test, np.arange(len(test)), "test")
    manifest = {
        "kind": "data set",
        "name": name,
        "class_names": list(module.CLASS_NAMES),
        "validation_fraction": share,
        "seed": seed,
        "folds": folds,
        "fold": fold,
        "pictures": {part: len(content) for part, content in parts.items()},
    }
    colour = "grey" if own == 1 else "colour"
    texts = [f"{len(kept):,} to train"]
    texts += [f"{len(held):,} to validate ({rule_of.text})"] if len(held) else []
    aside = "left aside" if folds else "to test (the data set's own)"
    found = (
        f"Data: {module.RECORD.title}, {len(x) + len(x_test):,} pictures of {height} × {width} "
        f"pixels, {colour}, {len(module.CLASS_NAMES)} classes.",
        f"Parts: {', '.join([*texts, f'{len(test):,} {aside}'])}.",
    )
    preprocess = Preprocess(size=(height, width), channels=own, scale=1 / 255)
    names = tuple(module.CLASS_NAMES)
    mirrors = not names[0].isdigit()
    return ClassData(name, names, preprocess, parts, manifest, found, mirrors=mirrors)


def as_wanted(data: ClassData, wanted: WantedInput) -> ClassData:
    """The data with the scale of a net's weights; its size and channels stay.

    Args:
        data: from `named_data`.
        wanted: what the net asks.

    Raises:
        ArgumentError: pictures that are too small for the net.
    """
    height, width = data.preprocess.size or (0, 0)
    if min(height, width) < wanted.least_px:
        rule = f"take pictures of {height} × {width} pixels, as {data.name} has"
        fix = f"It needs {wanted.least_px} pixels at least. Choose another net."
        _check.fail("train", "model", rule, wanted.net, fix)
    if wanted.preprocess is None:
        return data
    own = wanted.fitted(min(height, width), data.preprocess.channels or 1)
    fitted = replace(own, size=(height, width), fit="squash", short_side_px=None)
    return replace(data, preprocess=fitted)


def _source(images: Any) -> ArraySource:
    return ArraySource(images[..., None] if images.ndim == 3 else images)


def _part(source: ArraySource, labels: Any, numbers: Any, origin: str) -> Part:
    own = labels[numbers]
    names = [f"{origin} {number}" for number in numbers]
    return Part(Subset(source, numbers, targets=target_tensor(own)), own, names)
