"""What a recipe is given, checked before it begins."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import _check
from ..data.source import ArraySource
from ..losses import SparseCategoricalCrossentropy

__all__ = ["Arrays", "check_settings", "checked_parts"]

Arrays = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]

_CLASSES = 10


def check_settings(place: str, *, seed: int, epochs: int) -> None:
    """Refuses what no run can be made with.

    Args:
        place: the recipe, for the messages.
        seed: of initial weights and order.
        epochs: of training.

    Raises:
        ArgumentError: no seed, or less than one epoch.
    """
    _check.seed(place, seed)
    _check.positive_int(place, "epochs", epochs)


def checked_parts(place: str, data: Any) -> tuple[Arrays, Arrays]:
    """The training and the test part, their pictures as (n, 28, 28, 1); bytes stay bytes.

    Args:
        place: the recipe, for the messages.
        data: ((x_train, y_train), (x_test, y_test)).

    Raises:
        ArgumentError: no such pairs; no numbers; labels that are not the classes 0 to 9.
        ShapeError: pictures that are not 28 x 28, or labels of another number.

    Example:
        >>> part = np.zeros((2, 28, 28), "uint8"), np.array([0, 9])
        >>> checked_parts("mnist_quick", (part, part))[1][0].shape
        (2, 28, 28, 1)
    """
    if not _is_pair(data) or not all(map(_is_pair, data)):
        rule = "be ((x_train, y_train), (x_test, y_test))"
        _check.fail(place, "data", rule, type(data).__name__)
    train, test = (_checked_part(place, x, y) for x, y in data)
    return train, test


def _is_pair(value: Any) -> bool:
    return isinstance(value, tuple | list) and len(value) == 2


def _checked_part(place: str, x: Any, y: Any) -> Arrays:
    if y is None:
        _check.fail(place, "data", "hold the labels of its pictures", None)
    source = ArraySource(x, y)
    shape = tuple(getattr(source.images, "shape", ()))
    if shape[1:] not in ((28, 28), (28, 28, 1)):
        _check.shape_fail(place, "have shape (n, 28, 28) or (n, 28, 28, 1)", shape)
    labels: Any = source.targets
    SparseCategoricalCrossentropy().check_targets(labels, (None, _CLASSES))
    return np.asarray(x).reshape(shape[0], 28, 28, 1), y
