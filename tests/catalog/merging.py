"""Layers that join several tensors."""

from striate import layers
from tests.catalog.layer_row import TWO, LayerRow

SPREAD = ((2, 6, 5, 4), (2, 1, 1, 4))
THREE = (*TWO, (2, 6, 5, 4))
GREYS = ((2, 6, 5, 1), (2, 6, 5, 1))

ROWS = [
    LayerRow("Add", layers.Add, TWO),
    LayerRow("Add", layers.Add, SPREAD, "spread", open_sizes=False),
    LayerRow("Average", layers.Average, THREE),
    LayerRow("Average", layers.Average, SPREAD, "spread", open_sizes=False),
    LayerRow("Concatenate", layers.Concatenate, ((2, 6, 5, 4), (2, 6, 5, 3))),
    LayerRow("Concatenate", lambda: layers.Concatenate(axis=1), TWO, "rows"),
    LayerRow("Maximum", layers.Maximum, THREE, smooth=False),
    LayerRow("Maximum", layers.Maximum, SPREAD, "spread", open_sizes=False, smooth=False),
    LayerRow("Multiply", layers.Multiply, THREE),
    LayerRow("Multiply", layers.Multiply, SPREAD, "spread", open_sizes=False),
    LayerRow("Subtract", layers.Subtract, GREYS),
    LayerRow("Subtract", layers.Subtract, SPREAD, "spread", open_sizes=False),
]
