"""Regularisers at the place where Keras has them: `from striate.regularizers import …`."""

from .layers.regularizers import (
    L1,
    L1L2,
    L2,
    Regularizer,
    get,
    regularizer_types,
)

__all__ = [
    "L1",
    "L1L2",
    "L2",
    "Regularizer",
    "get",
    "regularizer_types",
]
