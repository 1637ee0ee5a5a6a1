"""Layers that move numbers and change none."""

from striate import layers
from tests.catalog.layer_row import MAP, LayerRow

ROWS = [
    LayerRow("Flatten", layers.Flatten, MAP),
]
