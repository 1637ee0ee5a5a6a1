"""A row of the catalogue of layers: a layer, an input for it, and what is special about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from striate.layers import Layer


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


MAP = ((2, 6, 5, 4),)
GREY = ((2, 6, 5, 1),)
TWO = ((2, 6, 5, 4), (2, 6, 5, 4))
