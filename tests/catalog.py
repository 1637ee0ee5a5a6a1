"""One row per public layer, and more where a layer has cases that differ: what contracts run over.

A contract is a promise that every row keeps; a new layer adds its rows here and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from striate import layers
from striate.layers import Layer, register_function


@dataclass(frozen=True)
class LayerRow:
    """A layer and an input for it.

    Args:
        name: the public name of the layer.
        make: makes a new one.
        shapes: of the inputs, (n, h, w, c) or (n, c); several for a layer that takes a list.
        case: what is special about the row.
        open_sizes: whether height and width of the input may be None.
        smooth: whether numbers near each other have near gradients, so that differences tell them.
        draws: whether it draws random numbers in training.
    """

    name: str
    make: Callable[[], Layer]
    shapes: tuple[tuple[int, ...], ...]
    case: str = ""
    open_sizes: bool = True
    smooth: bool = True
    draws: bool = False

    def __str__(self) -> str:
        return f"{self.name} {self.case}".rstrip()

    @property
    def input_shape(self) -> Any:
        """As `build` and `output_shape` take it: with an open batch, a list for several inputs."""
        shapes = [(None, *shape[1:]) for shape in self.shapes]
        return shapes[0] if len(shapes) == 1 else shapes

    @property
    def open_shape(self) -> Any:
        """The input shape with height and width open too."""
        shapes = [(None, *[None] * (len(shape) - 2), shape[-1]) for shape in self.shapes]
        return shapes[0] if len(shapes) == 1 else shapes

    def inputs(self, dtype: torch.dtype = torch.float32, grow: int = 0) -> Any:
        """Random inputs; `grow` makes every height and width larger by so many pixels."""
        generator = torch.Generator().manual_seed(1)
        tensors = [
            torch.randn(
                (shape[0], *(size + grow for size in shape[1:-1]), shape[-1]),
                generator=generator,
                dtype=torch.float64,
            ).to(dtype)
            for shape in self.shapes
        ]
        return tensors[0] if len(tensors) == 1 else tensors

    def built(self, dtype: torch.dtype = torch.float32) -> Layer:
        """A new layer, built for its input, with numbers other than 0 and 1 in every weight."""
        torch.manual_seed(2)
        layer = self.make()
        layer.build(self.input_shape)
        with torch.no_grad():
            for tensor in (*layer.parameters(), *layer.buffers()):
                if tensor.is_floating_point():
                    tensor.add_(torch.rand_like(tensor) * 0.1)
        return layer.to(dtype)


@register_function("catalog_double")
def double(x: torch.Tensor) -> torch.Tensor:
    return 2 * x


MAP = ((2, 6, 5, 4),)
GREY = ((2, 6, 5, 1),)
TWO = ((2, 6, 5, 4), (2, 6, 5, 4))

LAYERS = [
    LayerRow("Activation", lambda: layers.Activation("tanh"), MAP),
    LayerRow("Activation", lambda: layers.Activation("relu"), GREY, "relu grey", smooth=False),
    LayerRow("Add", layers.Add, TWO),
    LayerRow("Add", layers.Add, ((2, 6, 5, 4), (2, 1, 1, 4)), "spread", open_sizes=False),
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
    LayerRow("BatchNormalization", layers.BatchNormalization, MAP),
    LayerRow("BatchNormalization", layers.BatchNormalization, GREY, "grey"),
    LayerRow(
        "BatchNormalization",
        lambda: layers.BatchNormalization(center=False, scale=False, momentum=0.5),
        ((4, 3),),
        "rows",
    ),
    LayerRow("CenterCrop", lambda: layers.CenterCrop(3, 4), MAP),
    LayerRow("CenterCrop", lambda: layers.CenterCrop(8, 4), MAP, "enlarged", open_sizes=False),
    LayerRow("Concatenate", layers.Concatenate, ((2, 6, 5, 4), (2, 6, 5, 3))),
    LayerRow("Concatenate", lambda: layers.Concatenate(axis=1), TWO, "rows"),
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
    LayerRow("Dense", lambda: layers.Dense(3), ((2, 4),)),
    LayerRow("Dense", lambda: layers.Dense(3, "softmax", use_bias=False), MAP, "maps"),
    LayerRow("Dropout", lambda: layers.Dropout(0.4), MAP, draws=True),
    LayerRow("Flatten", layers.Flatten, MAP),
    LayerRow("GlobalAveragePooling2D", layers.GlobalAveragePooling2D, MAP),
    LayerRow(
        "GlobalAveragePooling2D",
        lambda: layers.GlobalAveragePooling2D(keepdims=True),
        GREY,
        "keepdims",
    ),
    LayerRow("Lambda", lambda: layers.Lambda(double), MAP),
    LayerRow("LeakyReLU", layers.LeakyReLU, MAP, smooth=False),
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
    LayerRow("ReLU", lambda: layers.ReLU(6, 0.1, threshold=0.5), MAP, smooth=False),
    LayerRow("ReLU", layers.ReLU, GREY, "plain", smooth=False),
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
    LayerRow("Softmax", layers.Softmax, MAP),
]
"""Every public layer has a row."""
