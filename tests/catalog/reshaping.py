"""Layers that move numbers and change none."""

from striate import layers
from tests.catalog.layer_row import GREY, MAP, LayerRow

ROWS = [
    LayerRow("Cropping2D", layers.Cropping2D, MAP, "nothing"),
    LayerRow("Cropping2D", lambda: layers.Cropping2D(1), GREY, "grey"),
    LayerRow("Cropping2D", lambda: layers.Cropping2D(((0, 2), (3, 0))), MAP, "uneven"),
    LayerRow("Flatten", layers.Flatten, MAP),
    LayerRow("Permute", lambda: layers.Permute((2, 1, 3)), MAP),
    LayerRow("Permute", lambda: layers.Permute((3, 1, 2)), GREY, "grey"),
    LayerRow("Permute", lambda: layers.Permute((1,)), ((2, 5),), "row"),
    LayerRow("Reshape", lambda: layers.Reshape((-1, 4)), MAP),
    LayerRow("Reshape", lambda: layers.Reshape((5, 6, 4)), MAP, "whole", open_sizes=False),
    LayerRow("Reshape", lambda: layers.Reshape((2, -1, 3)), GREY, "grey", open_sizes=False),
    LayerRow("Reshape", lambda: layers.Reshape((2, 3, 1)), ((2, 6),), "row"),
    LayerRow("TakeChannels", lambda: layers.TakeChannels((3, 0, 3)), MAP),
    LayerRow("ZeroChannels", lambda: layers.ZeroChannels(1, 2), MAP),
    LayerRow("ZeroPadding2D", layers.ZeroPadding2D, MAP),
    LayerRow("ZeroPadding2D", lambda: layers.ZeroPadding2D((0, 2)), GREY, "grey"),
    LayerRow("ZeroPadding2D", lambda: layers.ZeroPadding2D(((0, 1), (2, 0))), MAP, "uneven"),
]
