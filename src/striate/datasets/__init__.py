"""Data sets by name: `striate.datasets.mnist.load_data()`, and likewise the others.

Each module has `load_data()`, `CLASS_NAMES` and `RECORD` (shapes, origin, licence, reference).
A module is imported when it is first used; `digits` and the sample images need scikit-learn.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from striate.datasets import cifar10, digits, fashion_mnist, mnist
    from striate.datasets.sample_images import load_sample_images

__all__ = ["NAMES", "cifar10", "digits", "fashion_mnist", "load_sample_images", "mnist"]

NAMES = ("cifar10", "digits", "fashion_mnist", "mnist")
"""The data sets that have `load_data()`."""


def __getattr__(name: str) -> Any:
    if name in NAMES:
        return importlib.import_module(f"{__name__}.{name}")
    if name == "load_sample_images":
        return importlib.import_module(f"{__name__}.sample_images").load_sample_images
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
