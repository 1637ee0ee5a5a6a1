"""Layers that bend each number."""

from striate import layers
from tests.catalog.layer_row import GREY, MAP, LayerRow

ROWS = [
    LayerRow("Activation", lambda: layers.Activation("tanh"), MAP),
    LayerRow("Activation", lambda: layers.Activation("relu"), GREY, "relu grey", smooth=False),
    LayerRow("LeakyReLU", layers.LeakyReLU, MAP, smooth=False),
    LayerRow("ReLU", lambda: layers.ReLU(6, 0.1, threshold=0.5), MAP, smooth=False),
    LayerRow("ReLU", layers.ReLU, GREY, "plain", smooth=False),
    LayerRow("Softmax", layers.Softmax, MAP),
]
