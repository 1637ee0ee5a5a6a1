"""Layers that join several tensors."""

from striate import layers
from tests.catalog.layer_row import TWO, LayerRow

ROWS = [
    LayerRow("Add", layers.Add, TWO),
    LayerRow("Add", layers.Add, ((2, 6, 5, 4), (2, 1, 1, 4)), "spread", open_sizes=False),
    LayerRow("Concatenate", layers.Concatenate, ((2, 6, 5, 4), (2, 6, 5, 3))),
    LayerRow("Concatenate", lambda: layers.Concatenate(axis=1), TWO, "rows"),
]
