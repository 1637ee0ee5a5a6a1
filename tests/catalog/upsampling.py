"""Layers that make pictures larger."""

from striate import layers
from tests.catalog.layer_row import GREY, MAP, LayerRow

ROWS = [
    LayerRow("PixelShuffle", lambda: layers.PixelShuffle(2), MAP),
    LayerRow("PixelShuffle", lambda: layers.PixelShuffle(2), ((2, 3, 5, 12),), "colour"),
    LayerRow("PixelShuffle", lambda: layers.PixelShuffle(1), GREY, "grey"),
    LayerRow("UpSampling2D", layers.UpSampling2D, MAP),
    LayerRow("UpSampling2D", lambda: layers.UpSampling2D((3, 1)), GREY, "grey"),
    LayerRow(
        "UpSampling2D", lambda: layers.UpSampling2D(interpolation="bilinear"), MAP, "bilinear"
    ),
    LayerRow(
        "UpSampling2D",
        lambda: layers.UpSampling2D((2, 3), interpolation="bicubic"),
        MAP,
        "bicubic",
    ),
]
