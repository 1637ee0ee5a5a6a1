"""One row per public layer, and more where a layer has cases that differ: what contracts run over.

A contract is a promise that every row keeps; a new layer adds its rows to the file of its family
and nothing else.
"""

from tests.catalog import (
    activation,
    augmentation,
    convolution,
    dense,
    drawing,
    function,
    merging,
    normalization,
    pooling,
    preprocessing,
    reshaping,
    upsampling,
)
from tests.catalog.layer_row import LayerRow

__all__ = ["LAYERS", "LayerRow"]

LAYERS = [
    *activation.ROWS,
    *augmentation.ROWS,
    *convolution.ROWS,
    *dense.ROWS,
    *drawing.ROWS,
    *function.ROWS,
    *merging.ROWS,
    *normalization.ROWS,
    *pooling.ROWS,
    *preprocessing.ROWS,
    *reshaping.ROWS,
    *upsampling.ROWS,
]
"""Every public layer has a row."""
