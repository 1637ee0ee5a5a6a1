"""Layers that sum up windows or whole feature maps."""

from striate import layers
from tests.catalog.layer_row import GREY, MAP, LayerRow

ROWS = [
    LayerRow("AdaptiveAveragePooling2D", lambda: layers.AdaptiveAveragePooling2D(2), MAP),
    LayerRow(
        "AdaptiveAveragePooling2D", lambda: layers.AdaptiveAveragePooling2D((7, 2)), GREY, "grey"
    ),
    LayerRow("AveragePooling2D", layers.AveragePooling2D, MAP),
    LayerRow(
        "AveragePooling2D",
        lambda: layers.AveragePooling2D(3, 2, padding="same"),
        MAP,
        "same",
    ),
    LayerRow(
        "AveragePooling2D",
        lambda: layers.AveragePooling2D(2, 1, padding="same"),
        GREY,
        "same 1 grey",
    ),
    LayerRow("DepthPooling2D", layers.DepthPooling2D, MAP, smooth=False),
    LayerRow("DepthPooling2D", lambda: layers.DepthPooling2D(4), MAP, "to one", smooth=False),
    LayerRow("DepthPooling2D", lambda: layers.DepthPooling2D(1), GREY, "grey"),
    LayerRow("GlobalAveragePooling2D", layers.GlobalAveragePooling2D, MAP),
    LayerRow(
        "GlobalAveragePooling2D",
        lambda: layers.GlobalAveragePooling2D(keepdims=True),
        GREY,
        "keepdims",
    ),
    LayerRow("GlobalMaxPooling2D", layers.GlobalMaxPooling2D, MAP, smooth=False),
    LayerRow(
        "GlobalMaxPooling2D",
        lambda: layers.GlobalMaxPooling2D(keepdims=True),
        GREY,
        "keepdims",
        smooth=False,
    ),
    LayerRow("MaxPooling2D", layers.MaxPooling2D, MAP, smooth=False),
    LayerRow(
        "MaxPooling2D",
        lambda: layers.MaxPooling2D(3, 2, padding="same"),
        GREY,
        "same grey",
        smooth=False,
    ),
    LayerRow(
        "MaxPooling2D", lambda: layers.MaxPooling2D(3, 2, padding=1), MAP, "torch", smooth=False
    ),
]
