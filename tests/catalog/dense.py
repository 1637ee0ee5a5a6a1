"""Layers that join every number with every other."""

from striate import layers
from tests.catalog.layer_row import MAP, LayerRow

ROWS = [
    LayerRow("Dense", lambda: layers.Dense(3), ((2, 4),)),
    LayerRow("Dense", lambda: layers.Dense(3, "softmax", use_bias=False), MAP, "maps"),
    LayerRow(
        "RadialBasis", lambda: layers.RadialBasis([[1.0, 0.0, 0.0, 2.0], [0.5] * 4]), ((2, 4),)
    ),
    LayerRow(
        "RadialBasis",
        lambda: layers.RadialBasis([[1.0, -1.0, 1.0, 0.0]] * 3, activation="softmin"),
        ((2, 4),),
        "softmin",
    ),
]
