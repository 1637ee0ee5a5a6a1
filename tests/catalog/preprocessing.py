"""Layers that prepare pictures."""

from striate import layers
from tests.catalog.layer_row import GREY, MAP, LayerRow

ROWS = [
    LayerRow("CenterCrop", lambda: layers.CenterCrop(3, 4), MAP),
    LayerRow("CenterCrop", lambda: layers.CenterCrop(8, 4), MAP, "enlarged", open_sizes=False),
    LayerRow("Rescaling", lambda: layers.Rescaling(1 / 255, offset=-1), MAP),
    LayerRow("Resizing", lambda: layers.Resizing(4, 7), MAP),
    LayerRow("Resizing", lambda: layers.Resizing(4, 7), GREY, "grey"),
    LayerRow("Resizing", lambda: layers.Resizing(4, 7, interpolation="bicubic"), MAP, "bicubic"),
    LayerRow("Resizing", lambda: layers.Resizing(3, 9, interpolation="nearest"), MAP, "nearest"),
    LayerRow(
        "Resizing",
        lambda: layers.Resizing(4, 4, crop_to_aspect_ratio=True, antialias=True),
        MAP,
        "crop",
    ),
    LayerRow("Resizing", lambda: layers.Resizing(9, 4, pad_to_aspect_ratio=True), MAP, "pad"),
]
