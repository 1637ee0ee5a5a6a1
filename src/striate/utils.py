"""The two names that the books call here: to_categorical and image_dataset_from_directory."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from striate import _check
from striate.data.directory import image_dataset_from_directory

__all__ = ["image_dataset_from_directory", "to_categorical"]


def to_categorical(x: Any, num_classes: int | None = None) -> Any:
    """Class numbers as rows of zeros with a one at the class.

    Arrays and lists give a NumPy array of float64, a torch tensor gives a tensor of float32, as
    in Keras. A last dimension of 1 is dropped first. Unlike there, a negative number is refused.

    Args:
        x: class numbers from 0 to num_classes - 1, of any shape.
        num_classes: Default: the greatest class number + 1.

    Shape:
        input  (…) or (…, 1)
        output (…, num_classes)

    Raises:
        ArgumentError: x holds other numbers than class numbers in the range.

    Example:
        >>> to_categorical([0, 2], 3)
        array([[1., 0., 0.],
               [0., 0., 1.]])
    """
    place = "to_categorical"
    labels = x if isinstance(x, Tensor) else torch.from_numpy(np.array(x, order="C"))
    numbers = labels.to(torch.int64)
    if labels.is_complex() or not bool((numbers == labels).all()):
        _check.fail(place, "x", "hold whole numbers", _shown(labels[numbers != labels]))
    if labels.dim() > 1 and labels.shape[-1] == 1:
        numbers = numbers.squeeze(-1)
    if num_classes is None and numbers.numel() == 0:
        fix = "Say how many classes there are: num_classes=10."
        _check.fail(place, "x", "hold a class number", [], fix)
    count = int(numbers.max()) + 1 if num_classes is None else num_classes
    count = _check.positive_int(place, "num_classes", count) if num_classes is not None else count
    wrong = numbers[(numbers < 0) | (numbers >= count)]
    if wrong.numel():
        rule = f"hold class numbers from 0 to {max(count, 1) - 1}"
        _check.fail(place, "x", rule, _shown(wrong), "Pass a greater num_classes, or mend x.")
    rows = F.one_hot(numbers, count)
    return rows.to(torch.float32) if isinstance(x, Tensor) else rows.to(torch.float64).numpy()


def _shown(values: Tensor) -> Any:
    return values.flatten()[0].item()
