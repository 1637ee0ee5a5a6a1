"""Layers that bring feature maps to a common scale."""

from striate import layers
from tests.catalog.layer_row import GREY, MAP, LayerRow

ROWS = [
    LayerRow("BatchNormalization", layers.BatchNormalization, MAP),
    LayerRow("BatchNormalization", layers.BatchNormalization, GREY, "grey"),
    LayerRow(
        "BatchNormalization",
        lambda: layers.BatchNormalization(center=False, scale=False, momentum=0.5),
        ((4, 3),),
        "rows",
    ),
]
