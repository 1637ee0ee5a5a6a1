"""Two photographs that come with scikit-learn: a Chinese temple and a flower."""

from __future__ import annotations

import numpy as np
from sklearn import datasets

from striate.datasets.record import UInt8Array

__all__ = ["load_sample_images"]


def load_sample_images() -> UInt8Array:
    """The photographs china.jpg and flower.jpg, RGB.

    Shape:
        output (2, 427, 640, 3)

    Example:
        >>> load_sample_images().shape
        (2, 427, 640, 3)
    """
    return np.stack(datasets.load_sample_images().images).astype(np.uint8)
