"""pretrained: a net by its name, with weights that are published for it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from .. import _check
from ..architectures import ARCHITECTURES, Architecture
from ..models import Backbone
from ..weights.bringing import Progress
from ..weights.catalogue import find_published
from ..weights.class_names import CLASS_TABLES
from ..weights.records import PublishedWeights
from .converted import published_state

__all__ = ["Pretrained", "is_path", "pretrained"]

InputShape = tuple[int | None, int | None, int]


@dataclass(frozen=True)
class Pretrained:
    """A net, and where its weights come from.

    Args:
        net: with the weights.
        record: of published weights; None where they are random, or of a file of the user's.
    """

    net: Backbone
    record: PublishedWeights | None


def pretrained(
    architecture: str,
    weights: str | os.PathLike[str] | None = "imagenet",
    *,
    include_top: bool = True,
    classes: int | None = None,
    input_shape: InputShape | None = None,
    pooling: str | None = None,
    classifier_activation: str | None = "softmax",
    name: str | None = None,
    dialect: str | None = None,
    progress: Progress | None = None,
) -> Pretrained:
    """A net of an architecture, with published weights, those of a file, or random ones.

    Published weights are fetched once, checked, and kept in the cache. A net without its top takes
    the weights that it has a place for.

    Args:
        architecture: by name, "efficientnet_lite0".
        weights: name of published ones, "imagenet" or with the source "torchvision/imagenet_v2";
            the path of a file or model folder; None for random ones.
        include_top: whether the net ends with its classifier.
        classes: how many there are. Default None: as many as the weights know.
        input_shape: (h, w, c). Default None: what the weights were trained on; without the top
            (None, None, 3).
        pooling: without the top: None for the last map, "avg" or "max".
        classifier_activation: "softmax", or None for logits.
        name: of the net. Default: the architecture's.
        dialect: in which the net is written, for a file. Default None: the architecture's first;
            published weights know theirs.
        progress: called while a file is fetched, with bytes held and bytes in all.

    Raises:
        ArgumentError: no such architecture or weights; classes, channels, sizes or an activation
            that these weights do not have.
        DataError: the file cannot be had.
        WeightsError: a file that does not hold the weights of the net.
        MissingExtraError: the package that holds the weights, or reads them, is not installed.

    Example:
        >>> base = pretrained("efficientnet_lite0", weights=None, include_top=False).net
        >>> base.output.shape
        (None, None, None, 1280)
    """
    place = f'pretrained "{architecture}"'
    known = ARCHITECTURES.get(architecture, place="pretrained", argument="architecture")
    options: dict[str, Any] = {
        "include_top": include_top,
        "pooling": pooling,
        "classifier_activation": classifier_activation,
        "name": name,
    }
    if weights is None or is_path(weights):
        shape = input_shape or (known.input_shape if include_top else (None, None, 3))
        net = known(shape, classes, dialect=dialect or known.dialects[0].name, **options)
        if weights is not None:
            net.load_weights(weights)
        return Pretrained(net, None)
    record = find_published(architecture, str(weights), include_top=include_top, place=place)
    if dialect not in (None, record.dialect):
        rule = f'be "{record.dialect}", in which {record.full_name} is written'
        _check.fail(place, "dialect", rule, dialect, "Leave it out.")
    count = CLASS_TABLES[record.labels]
    _check_fits(place, record, count, classes, include_top, classifier_activation)
    shape = _shape(place, record, input_shape, include_top)
    state = published_state(record, _whole(known, record), progress=progress)
    net = known(shape, count, dialect=record.dialect, **options)
    _fill(place, net, state, record)
    return Pretrained(net, record)


def is_path(weights: str | os.PathLike[str]) -> bool:
    """Whether the weights that a user asks for are a file: by its ending, or as it exists."""
    if not isinstance(weights, str):
        return True
    return os.path.exists(weights) or bool(os.path.splitext(weights)[1]) or os.path.isabs(weights)


def _check_fits(
    place: str,
    record: PublishedWeights,
    count: int,
    classes: int | None,
    include_top: bool,
    classifier_activation: str | None,
) -> None:
    """Refuses what a classifier with these weights cannot be."""
    if not include_top:
        return
    if classes not in (None, count):
        rule = f"be {count}, the classes of {record.full_name}, where the top is included"
        fix = "Take include_top=False and add a top of your own, or weights=None."
        _check.fail(place, "classes", rule, classes, fix)
    if classifier_activation not in ("softmax", None):
        rule = f'be "softmax" or None with {record.full_name}'
        _check.fail(place, "classifier_activation", rule, classifier_activation)


def _shape(
    place: str, record: PublishedWeights, given: InputShape | None, include_top: bool
) -> InputShape:
    """The shape of the input; that of the weights where none is given."""
    if given is None:
        side = record.preprocess.size
        return (*side, 3) if include_top and side else (None, None, 3)
    if isinstance(given, list | tuple) and len(given) == 3 and given[2] != 3:
        rule = f"have 3 channels, as the pictures of {record.full_name}"
        _check.fail(place, "input_shape", rule, given, "Take weights=None for other channels.")
    return given


def _whole(known: Architecture, record: PublishedWeights) -> Callable[[], Backbone]:
    """What makes the net of all that a file holds."""
    count = CLASS_TABLES[record.labels]
    side = record.preprocess.size or known.input_shape[:2]
    top = record.include_top

    def make() -> Backbone:
        return known((*side, 3), count, include_top=top, dialect=record.dialect)

    return make


def _fill(place: str, net: Backbone, state: dict[str, Tensor], record: PublishedWeights) -> None:
    with torch.no_grad():
        for name, mine in net.state_dict().items():
            if mine.shape != state[name].shape:
                shape = (*(record.preprocess.size or ()), 3)
                rule = f"be {shape} where the top of {record.full_name} is included"
                got = tuple(net.input.shape[1:])
                _check.fail(place, "input_shape", rule, got, "Or take include_top=False.")
            mine.copy_(state[name])
