"""Layers that slide kernels over feature maps."""

from striate import layers
from tests.catalog.layer_row import GREY, MAP, LayerRow

ODD = ((2, 5, 7, 3),)

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
    LayerRow(
        "Conv2D",
        lambda: layers.Conv2D(2, 3, 2, "same", dilation_rate=(2, 1), activation="relu"),
        ODD,
        "dilated 2",
        smooth=False,
    ),
    LayerRow("DepthwiseConv2D", lambda: layers.DepthwiseConv2D(3), MAP),
    LayerRow(
        "DepthwiseConv2D",
        lambda: layers.DepthwiseConv2D((2, 3), 2, "same", depth_multiplier=2, activation="tanh"),
        ODD,
        "same 2 twice",
    ),
    LayerRow(
        "DepthwiseConv2D",
        lambda: layers.DepthwiseConv2D(3, padding=((0, 1), (2, 0)), use_bias=False),
        GREY,
        "grey uneven",
    ),
    LayerRow(
        "DepthwiseConv2D",
        lambda: layers.DepthwiseConv2D(
            3, padding=(1, 2), depth_multiplier=3, dilation_rate=2, depthwise_regularizer="l2"
        ),
        GREY,
        "grey dilated",
    ),
    LayerRow("SeparableConv2D", lambda: layers.SeparableConv2D(3, 3), MAP),
    LayerRow(
        "SeparableConv2D",
        lambda: layers.SeparableConv2D(
            3, 3, 2, "same", depth_multiplier=2, activation="relu", pointwise_regularizer="l1"
        ),
        ODD,
        "same 2 twice",
        smooth=False,
    ),
    LayerRow(
        "SeparableConv2D",
        lambda: layers.SeparableConv2D(1, (1, 3), padding=1, dilation_rate=2, use_bias=False),
        GREY,
        "grey to 1",
    ),
    LayerRow("Conv2DTranspose", lambda: layers.Conv2DTranspose(3, 3), MAP),
    LayerRow(
        "Conv2DTranspose",
        lambda: layers.Conv2DTranspose(3, 3, 2, "same", activation="relu"),
        MAP,
        "same 2",
        smooth=False,
    ),
    LayerRow("Conv2DTranspose", lambda: layers.Conv2DTranspose(6, 3, 2, groups=2), MAP, "groups"),
    LayerRow("Conv2DTranspose", lambda: layers.Conv2DTranspose(3, 2, 3), ODD, "wide strides"),
    LayerRow(
        "Conv2DTranspose",
        lambda: layers.Conv2DTranspose(1, 4, 2, padding=1, use_bias=False),
        GREY,
        "grey to 1",
    ),
    LayerRow(
        "Conv2DTranspose",
        lambda: layers.Conv2DTranspose(
            2, (3, 2), (3, 2), ((3, 0), (0, 1)), output_padding=(1, 0), activation="elu"
        ),
        MAP,
        "uneven",
    ),
    LayerRow(
        "Conv2DTranspose",
        lambda: layers.Conv2DTranspose(
            2, 3, 2, "same", output_padding=1, dilation_rate=2, kernel_regularizer="l2"
        ),
        ODD,
        "dilated 2",
    ),
]
