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
from ..models import Backbone, with_channels
from ..weights.bringing import Progress
from ..weights.catalogue import find_published
from ..weights.class_names import CLASS_TABLES
from ..weights.records import PublishedWeights
from .converted import published_state
from .inside import inside
from .own_file import is_path, load_file, written_in

__all__ = ["Pretrained", "pretrained"]

InputShape = tuple[int | None, int | None, int]

_ANY: InputShape = (None, None, 3)


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
    weights: str | os.PathLike[str] | PublishedWeights | None = "imagenet",
    *,
    include_top: bool = True,
    classes: int | None = None,
    input_shape: InputShape | None = None,
    pooling: str | None = None,
    classifier_activation: str | None = "softmax",
    name: str | None = None,
    dialect: str | None = None,
    include_preprocessing: bool = True,
    progress: Progress | None = None,
) -> Pretrained:
    """A net of an architecture, with published weights, those of a file, or random ones.

    Published weights are fetched once, checked, and kept in the cache. A net without its top takes
    the weights that it has a place for.

    Args:
        architecture: by name, "efficientnet_lite0".
        weights: name of published ones, "imagenet" or with the source "torchvision/imagenet_v2";
            the path of a file or model folder; a record of your own; None for random ones.
        include_top: whether the net ends with its classifier.
        classes: how many there are. Default None: as many as the weights know.
        input_shape: (h, w, c). Default None: what the weights were trained on; without the top
            (None, None, 3). With other channels than 3 published weights are adapted, see
            `striate.models.with_channels`.
        pooling: without the top: None for the last map, "avg" or "max".
        classifier_activation: "softmax", or None for logits.
        name: of the net. Default: the architecture's.
        dialect: in which the net is written. Default None: published weights know it, and files
            by the names in them; the architecture's first for random ones.
        include_preprocessing: whether a net that Keras writes with layers that scale the pixels
            has them. Its pictures are then as they are, 0 to 255.
        progress: called while a file is fetched, with bytes held and bytes in all.

    Raises:
        ArgumentError: no such architecture or weights; classes, sizes or an activation that these
            weights do not have; other channels for a net that scales each of its own.
        DataError: the file cannot be had.
        WeightsError: a file that does not hold the weights of the net.
        MissingExtraError: the package that holds the weights, or reads them, is not installed.

    Example:
        >>> base = pretrained("efficientnet_lite0", weights=None, include_top=False).net
        >>> base.output.shape
        (None, None, None, 1280)
    """
    wanted = _Wanted(
        ARCHITECTURES.get(architecture, place="pretrained", argument="architecture"),
        classes,
        input_shape,
        include_preprocessing,
        {
            "include_top": _check.flag("pretrained", "include_top", include_top),
            "pooling": pooling,
            "classifier_activation": classifier_activation,
            "name": name,
        },
    )
    if weights is None:
        return Pretrained(wanted.own(dialect), None)
    if isinstance(weights, PublishedWeights):
        return Pretrained(wanted.published(weights, progress), weights)
    if is_path(weights):
        net = wanted.own(dialect or written_in(wanted.architecture, weights))
        load_file(net, weights, include_top=include_top)
        return Pretrained(net, None)
    place = wanted.place
    record = find_published(architecture, str(weights), include_top=include_top, place=place)
    if dialect not in (None, record.dialect):
        rule = f'be "{record.dialect}", in which {record.full_name} is written'
        _check.fail(place, "dialect", rule, dialect, "Leave it out.")
    return Pretrained(wanted.published(record, progress), record)


@dataclass(frozen=True)
class _Wanted:
    """What the user says of a net, but for its weights."""

    architecture: Architecture
    classes: int | None
    input_shape: InputShape | None
    include_preprocessing: bool
    options: dict[str, Any]

    @property
    def place(self) -> str:
        return f'pretrained "{self.architecture.name}"'

    @property
    def include_top(self) -> bool:
        return bool(self.options["include_top"])

    def own(self, dialect: str | None) -> Backbone:
        """The net with random weights, in a dialect or in its first one."""
        written = dialect or self.architecture.dialects[0].name
        shape = self.architecture.input_shape if self.include_top else _ANY
        return self.architecture(
            shape if self.input_shape is None else self.input_shape,
            self.classes,
            dialect=written,
            preprocessing=self._begin(written, trained=False),
            **self.options,
        )

    def published(self, record: PublishedWeights, progress: Progress | None) -> Backbone:
        """The net with published weights."""
        if record.architecture != self.architecture.name:
            rule = f"be of the architecture {self.architecture.name}"
            _check.fail(self.place, "weights", rule, record.architecture, "Name that one.")
        count, usual = CLASS_TABLES[record.labels], _usual(record)
        self._check_fits(record, count)

        def whole() -> Backbone:
            top = record.include_top
            return self.architecture(usual, count, include_top=top, dialect=record.dialect)

        state = published_state(record, whole, progress=progress)
        shape: Any = self.input_shape
        if shape is None:
            shape = usual if self.include_top else (None, None, usual[2])
        adapts = isinstance(shape, list | tuple) and len(shape) == 3 and shape[2] != usual[2]
        net = self.architecture(
            (*shape[:2], usual[2]) if adapts else shape,
            count,
            dialect=record.dialect,
            preprocessing=self._begin(record.dialect, trained=True),
            **self.options,
        )
        self._fill(net, state, record)
        found: Any = with_channels(net, shape[2]) if adapts else net
        return found  # type: ignore[no-any-return]

    def _begin(self, dialect: str, *, trained: bool) -> Callable[[Any], Any] | None:
        if dialect != "keras" or not self.include_preprocessing:
            return None
        return inside(self.architecture.name, trained=trained)

    def _check_fits(self, record: PublishedWeights, count: int) -> None:
        """Refuses what a net with these weights cannot be."""
        if not self.include_top:
            return
        if self.classes not in (None, count):
            rule = f"be {count}, the classes of {record.full_name}, where the top is included"
            fix = "Take include_top=False and add a top of your own, or weights=None."
            _check.fail(self.place, "classes", rule, self.classes, fix)
        activation = self.options["classifier_activation"]
        if activation not in ("softmax", None):
            rule = f'be "softmax" or None with {record.full_name}'
            _check.fail(self.place, "classifier_activation", rule, activation)

    def _fill(self, net: Backbone, state: dict[str, Tensor], record: PublishedWeights) -> None:
        if self.include_top and not record.include_top:
            rule = f"be False, as {record.full_name} has no top"
            _check.fail(self.place, "include_top", rule, True)
        with torch.no_grad():
            for name, mine in net.state_dict().items():
                if mine.shape != state[name].shape:
                    rule = f"be {_usual(record)} where the top of {record.full_name} is included"
                    got = tuple(net.input.shape[1:])
                    _check.fail(self.place, "input_shape", rule, got, "Or take include_top=False.")
                mine.copy_(state[name])


def _usual(record: PublishedWeights) -> tuple[int, int, int]:
    """(h, w, c) of the pictures that the weights were trained on; a record always has them."""
    height, width = record.preprocess.size or (1, 1)
    return height, width, record.preprocess.channels or 3
