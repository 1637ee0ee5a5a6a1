"""Output shapes from a run on the meta device, where tensors have shapes and no numbers.

A layer that has only `call` still tells its output shape: it is run on two inputs that differ in
every open size; a size that differs in the outputs is open there too.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from .. import structure
from ..errors import ArgumentError, StriateError
from .mode import mode

__all__ = ["by_meta_run", "is_meta", "map_shapes", "meta_parameters"]

_OPEN_SIZES = ((2, 64), (3, 96))
"""(batch, other open sizes) of the two runs."""


def is_meta(value: Any) -> bool:
    """Whether the first tensor of a structure is on the meta device."""
    first = structure.leaves(value)[:1]
    return bool(first) and isinstance(first[0], Tensor) and first[0].is_meta


def map_shapes(function: Any, shapes: Any) -> Any:
    """Applies to each shape in a structure of shapes; a tuple of sizes is a leaf here."""
    if isinstance(shapes, dict):
        return {key: map_shapes(function, part) for key, part in shapes.items()}
    if isinstance(shapes, list) or (shapes and isinstance(shapes[0], tuple | list | dict)):
        parts = [map_shapes(function, part) for part in shapes]
        return tuple(parts) if isinstance(shapes, tuple) else parts
    return function(tuple(shapes))


def by_meta_run(layer: Any, *input_shapes: Any) -> Any:
    """The output shape (or structure of shapes) of a layer, found by running it without numbers.

    Raises:
        ArgumentError: `call` needs numbers, so the layer must say its output shape itself.
    """
    outputs = []
    for sizes in _OPEN_SIZES:
        inputs = [map_shapes(functools.partial(_meta_input, sizes), s) for s in input_shapes]
        try:
            with torch.no_grad(), mode(layer, False):
                outputs.append(layer(*inputs))
        except StriateError:
            raise
        except Exception as error:
            raise ArgumentError(
                f"{layer.place}: `output_shape` must be written where `call` cannot run on shapes "
                f"alone. Got {type(error).__name__}: {error}. Write output_shape(input_shape)."
            ) from error
    first, second = outputs
    others = iter(structure.leaves(second))
    return structure.map_leaves(lambda leaf: _common(leaf, next(others)), first)


def _meta_input(open_sizes: tuple[int, int], shape: tuple[Any, ...]) -> Tensor:
    batch, other = open_sizes
    sizes = [s if s is not None else (other if axis else batch) for axis, s in enumerate(shape)]
    return torch.empty(sizes, device="meta")


def _common(first: Any, second: Any) -> tuple[Any, ...]:
    return tuple(a if a == b else None for a, b in zip(first.shape, second.shape, strict=True))


@contextmanager
def meta_parameters(module: nn.Module) -> Iterator[None]:
    """Puts stand-ins without numbers in the place of every parameter and buffer."""
    kept: list[tuple[dict[str, Any], str, Any]] = []
    for part in module.modules():
        tables: tuple[dict[str, Any], ...] = (part._parameters, part._buffers)
        for table in tables:
            for name, tensor in table.items():
                if tensor is not None and not tensor.is_meta:
                    kept.append((table, name, tensor))
                    table[name] = torch.empty_like(tensor, device="meta")
    try:
        yield
    finally:
        for table, name, tensor in kept:
            table[name] = tensor
