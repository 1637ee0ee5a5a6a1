"""decode_predictions: the names of the most probable classes."""

from __future__ import annotations

from typing import Any

import numpy as np
from torch import Tensor

from .. import _check
from ..weights.class_names import CLASS_TABLES, class_table

__all__ = ["decode_predictions"]

Named = tuple[str, str, float]


def decode_predictions(preds: Any, top: int = 5) -> list[list[Named]]:
    """The most probable classes of each picture, best first: (number in WordNet, word, score).

    The words are those that Keras gives, such as "bell_cote"; `striate.weights.class_names` has
    names that tell all classes apart.

    Args:
        preds: array or tensor of scores, what a net with ImageNet's classes gives.
        top: how many classes are given. Default 5.

    Shape:
        preds (n, 1000)

    Raises:
        ShapeError: another shape.
        ArgumentError: top is below 1.

    Example:
        >>> decode_predictions(np.eye(1000)[[281]], top=1)
        [[('n02123045', 'tabby', 1.0)]]
    """
    count = CLASS_TABLES["imagenet"]
    scores = (
        preds.detach().cpu().float().numpy() if isinstance(preds, Tensor) else np.asarray(preds)
    )
    if scores.ndim != 2 or scores.shape[1] != count:
        rule = f"be scores (n, {count}) of ImageNet's classes"
        fix = "A net with other classes has names of its own."
        _check.shape_fail("decode_predictions", rule, scores.shape, fix)
    _check.positive_int("decode_predictions", "top", top)
    names = class_table("imagenet")
    order = np.argsort(-scores, axis=1, kind="stable")[:, :top]
    return [
        [(names[n].wnid, names[n].word, float(row[n])) for n in best]
        for row, best in zip(scores, order, strict=True)
    ]
