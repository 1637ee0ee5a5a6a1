"""Layers made of a function."""

import torch

from striate import layers
from striate.layers import register_function
from tests.catalog.layer_row import MAP, LayerRow


@register_function("catalog_double")
def double(x: torch.Tensor) -> torch.Tensor:
    return 2 * x


ROWS = [
    LayerRow("Lambda", lambda: layers.Lambda(double), MAP),
]
