"""Layers that draw random numbers."""

from striate import layers
from tests.catalog.layer_row import GREY, MAP, LayerRow

ROWS = [
    LayerRow("Dropout", lambda: layers.Dropout(0.4), MAP, draws=True),
    LayerRow("Dropout", lambda: layers.Dropout(0.4, seed=3), GREY, "seed", draws=True),
    LayerRow("SpatialDropout2D", lambda: layers.SpatialDropout2D(0.4), MAP, draws=True),
    LayerRow(
        "SpatialDropout2D", lambda: layers.SpatialDropout2D(0.4, seed=3), MAP, "seed", draws=True
    ),
    LayerRow("SpatialDropout2D", lambda: layers.SpatialDropout2D(0.4), GREY, "grey", draws=True),
    LayerRow("StochasticDepth", lambda: layers.StochasticDepth(0.4), MAP, draws=True),
    LayerRow(
        "StochasticDepth",
        lambda: layers.StochasticDepth(0.4, seed=3),
        ((4, 3),),
        "rows",
        draws=True,
    ),
]
