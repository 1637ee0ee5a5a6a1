"""PreprocessInput: pixels of 0 to 255 as the nets of one module were trained on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor

from .. import _check
from ..weights.catalogue import find_published

__all__ = ["PreprocessInput"]

Pixels = TypeVar("Pixels", Tensor, Any)


@dataclass(frozen=True)
class PreprocessInput:
    """A function that brings pixels to the values that a net was trained on.

    What is given is not changed. The numbers are those of the net's published weights, see
    `striate.weights.find_published`; a net that itself begins with this gets pixels as they are.

    Args:
        architecture: whose weights they are.

    Example:
        >>> PreprocessInput("xception")(np.array([[[0.0, 127.5, 255.0]]]))
        array([[[-1.,  0.,  1.]]])
    """

    architecture: str

    def __call__(self, x: Pixels, data_format: str | None = None) -> Pixels:
        """The same pixels, brought to scale.

        Args:
            x: array or tensor, RGB of 0 to 255.
            data_format: None or "channels_last"; there is no other.

        Shape:
            input  (n, h, w, 3) or (h, w, 3)
            output the same

        Raises:
            ArgumentError: another data_format; something else than an array.
            ShapeError: another shape.
        """
        place = "preprocess_input"
        if data_format not in (None, "channels_last"):
            rule = 'be None or "channels_last", as the channel is the last axis here'
            fix = "Move it there: np.moveaxis(x, 1, -1)."
            _check.fail(place, "data_format", rule, data_format, fix)
        if not isinstance(x, np.ndarray | Tensor):
            _check.fail(place, "x", "be an array or a tensor", type(x).__name__)
        if x.ndim not in (3, 4) or x.shape[-1] != 3:
            _check.shape_fail(place, "be pictures (n, h, w, 3), or one (h, w, 3)", tuple(x.shape))
        preprocess = find_published(self.architecture).preprocess
        if preprocess.is_identity:
            return x
        if isinstance(x, Tensor):
            return preprocess.apply(x)
        return preprocess.apply(torch.tensor(x)).numpy()
