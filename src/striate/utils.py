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

    Arrays and lists give a NumPy array of float64, as in Keras; a torch tensor gives a tensor of
    float32. A last dimension of 1 is dropped first. Unlike in Keras, a negative number is refused,
    and so is a fraction.

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
    array = x if isinstance(x, Tensor) else np.array(x, order="C")
    if isinstance(array, np.ndarray):
        if array.dtype.kind not in "biuf":
            _check.fail(place, "x", "hold class numbers", array.dtype.name)
        array = torch.from_numpy(array.astype(np.float64 if array.dtype.kind == "f" else np.int64))
    labels = array.to(torch.int64)
    broken = array[labels != array]
    if broken.numel():
        _check.fail(place, "x", "hold whole numbers", broken[0].item())
    if num_classes is None and labels.numel() == 0:
        fix = "Say how many classes there are: num_classes=10."
        _check.fail(place, "x", "hold a class number", [], fix)
    if num_classes is None:
        count = max(int(labels.max()) + 1, 1)
    else:
        count = _check.positive_int(place, "num_classes", num_classes)
    wrong = labels[(labels < 0) | (labels >= count)]
    if wrong.numel():
        rule = f"hold class numbers from 0 to {count - 1}"
        fix = "Pass a greater num_classes, or mend x."
        _check.fail(place, "x", rule, wrong[0].item(), fix)
    if labels.dim() > 1 and labels.shape[-1] == 1:
        labels = labels.squeeze(-1)
    rows = F.one_hot(labels, count)
    return rows.to(torch.float32) if isinstance(x, Tensor) else rows.to(torch.float64).numpy()
