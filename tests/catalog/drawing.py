"""Layers that draw random numbers."""

from striate import layers
from tests.catalog.layer_row import MAP, LayerRow

ROWS = [
    LayerRow("Dropout", lambda: layers.Dropout(0.4), MAP, draws=True),
]
