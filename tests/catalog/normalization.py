"""Layers that bring feature maps to a common scale."""

import torch

from striate import layers
from tests.catalog.layer_row import GREY, MAP, LayerRow


def measured(shape, **arguments):
    """A Normalization that has seen data."""
    layer = layers.Normalization(**arguments)
    layer.adapt(torch.randn(shape, generator=torch.Generator().manual_seed(4)) * 2 + 1)
    return layer


ROWS = [
    LayerRow("BatchNormalization", layers.BatchNormalization, MAP),
    LayerRow("BatchNormalization", layers.BatchNormalization, GREY, "grey"),
    LayerRow(
        "BatchNormalization",
        lambda: layers.BatchNormalization(center=False, scale=False, momentum=0.5),
        ((4, 3),),
        "rows",
    ),
    LayerRow("GroupNormalization", lambda: layers.GroupNormalization(2), MAP),
    LayerRow("GroupNormalization", lambda: layers.GroupNormalization(1), GREY, "grey"),
    LayerRow(
        "GroupNormalization",
        lambda: layers.GroupNormalization(-1, epsilon=0.1, center=False),
        MAP,
        "instance",
    ),
    LayerRow(
        "GroupNormalization",
        lambda: layers.GroupNormalization(1, scale=False),
        ((2, 1, 1, 4),),
        "one pixel",
        open_sizes=False,
    ),
    LayerRow(
        "GroupNormalization",
        lambda: layers.GroupNormalization(3, axis=1),
        MAP,
        "rows",
        open_sizes=False,
    ),
    LayerRow("LayerNormalization", layers.LayerNormalization, MAP),
    LayerRow(
        "LayerNormalization",
        lambda: layers.LayerNormalization((1, 2, 3), gamma_regularizer="l2"),
        MAP,
        "whole",
        open_sizes=False,
    ),
    LayerRow(
        "LayerNormalization",
        lambda: layers.LayerNormalization((1, 2), scale=False),
        MAP,
        "maps",
        open_sizes=False,
    ),
    LayerRow(
        "LayerNormalization",
        lambda: layers.LayerNormalization([-1, 1], 0.1, center=False),
        MAP,
        "rows and channels",
        open_sizes=False,
    ),
    LayerRow(
        "LayerNormalization",
        lambda: layers.LayerNormalization(1),
        GREY,
        "grey rows",
        open_sizes=False,
    ),
    LayerRow("LayerScale", lambda: layers.LayerScale(0.5), MAP),
    LayerRow("LayerScale", lambda: layers.LayerScale(0.5), GREY, "grey"),
    LayerRow("LocalResponseNormalization", layers.LocalResponseNormalization, MAP),
    LayerRow(
        "LocalResponseNormalization",
        lambda: layers.LocalResponseNormalization(1, 2, alpha=0.5, beta=0.75),
        MAP,
        "AlexNet",
    ),
    LayerRow("LocalResponseNormalization", layers.LocalResponseNormalization, GREY, "grey"),
    LayerRow("Normalization", lambda: measured((5, 6, 5, 4)), MAP),
    LayerRow("Normalization", lambda: measured((5, 6, 5, 1)), GREY, "grey"),
    LayerRow("Normalization", lambda: measured((5, 6, 5, 4), axis=None), MAP, "one"),
    LayerRow(
        "Normalization",
        lambda: measured((5, 6, 5, 4), axis=(-1, 2)),
        MAP,
        "columns and channels",
        open_sizes=False,
    ),
    LayerRow(
        "Normalization",
        lambda: layers.Normalization(mean=[1.0, 2.0, 0.5, -1.0], variance=[1.0, 4.0, 2.0, 0.5]),
        MAP,
        "given",
    ),
    LayerRow(
        "Normalization",
        lambda: layers.Normalization(mean=0.5, variance=4.0, invert=True),
        MAP,
        "inverted",
    ),
    LayerRow("SqueezeExcite", lambda: layers.SqueezeExcite(2), MAP, smooth=False),
    LayerRow(
        "SqueezeExcite",
        lambda: layers.SqueezeExcite(filters=3, activation="silu", gate_activation="hard_sigmoid"),
        GREY,
        "grey",
    ),
]
