"""Layers that slide kernels over feature maps."""

from striate import layers
from tests.catalog.layer_row import GREY, MAP, LayerRow

ROWS = [
    LayerRow("Conv2D", lambda: layers.Conv2D(3, 3), MAP),
    LayerRow("Conv2D", lambda: layers.Conv2D(3, 3, padding="same", activation="elu"), MAP, "same"),
    LayerRow("Conv2D", lambda: layers.Conv2D(3, 3, 2, "same"), MAP, "same 2"),
    LayerRow("Conv2D", lambda: layers.Conv2D(1, 3, padding=1, use_bias=False), GREY, "grey to 1"),
    LayerRow(
        "Conv2D",
        lambda: layers.Conv2D(4, (3, 2), dilation_rate=2, groups=2, kernel_regularizer="l2"),
        MAP,
        "groups",
    ),
]
