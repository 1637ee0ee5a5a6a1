"""What a convolution has to do: its kind, its multiply-adds and the bytes of its tensors."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import Any

from torch import Tensor

__all__ = ["CONVOLUTION_KINDS", "Amounts", "convolution_work", "is_convolution"]

Amounts = tuple[int, int, int, int]
"""Multiply-adds, bytes of what goes in, of what comes out, and of the kernel."""

_LANES = 16
"""Channels that processors work on at one time: fewer take as long."""

_STEM_CHANNELS = 4
"""Up to so many, a convolution is one that reads pictures."""

_FEW_CHANNELS = 32
"""Up to so many in a group, groups are slower than one convolution."""

_SMALL_WINDOW = 3
"""Up to this side a depthwise convolution has code of its own in the libraries."""

_PLAIN, _PACKED = ("convolution", "convolution_backward"), "_convolution_pointwise"
_SHAPES = (
    "dense",
    "dense strided",
    "1x1",
    "1x1 strided",
    "pictures",
    "depthwise",
    "depthwise strided",
    "depthwise wide",
    "depthwise wide strided",
    "grouped",
)
CONVOLUTION_KINDS = tuple(
    f"convolution {shape}{way}" for shape in _SHAPES for way in ("", " backward", " packed")
)
"""Kinds that are told apart; "packed" has its kernel in the processor's own order."""


def is_convolution(name: str) -> bool:
    """Whether a name is of an operation that is told of here.

    Example:
        >>> is_convolution("convolution"), is_convolution("mm")
        (True, False)
    """
    return name in _PLAIN or name == _PACKED


def convolution_work(function: Any, args: Sequence[Any], result: Any) -> tuple[str, str, Amounts]:
    """Kind, number type and amounts of a convolution, forward or backward.

    Args:
        function: an operation of torch.
        args: as it was called.
        result: that it gave.
    """
    given = dict(zip(_argument_names(function), args, strict=False))
    backward, packed = "grad_output" in given, "X" in given
    x, kernel = (given["X"], given["W"]) if packed else (given["input"], given["weight"])
    y: Tensor = given.get("grad_output", result)
    shape = _shape(given, x, kernel)
    is_small = shape.startswith(("depthwise", "pictures"))
    added = _bytes(given["other"]) if "other" in given else 0
    sizes = (_bytes(x), _bytes(y) + added, 0 if is_small else _bytes(kernel))
    amounts = (_multiply_adds(given, shape, kernel, x if given.get("transposed") else y), *sizes)
    if backward:
        amounts = _for_gradients(amounts, shape, sum(map(bool, given["output_mask"][:2])))
    way = " backward" if backward else " packed" if packed else ""
    return f"convolution {shape}{way}", str(x.dtype).removeprefix("torch."), amounts


@functools.cache
def _argument_names(function: Any) -> list[str]:
    return [argument.name for argument in function._schema.arguments]


def _shape(given: dict[str, Any], x: Tensor, kernel: Tensor) -> str:
    groups = given["groups"]
    inputs = kernel.shape[1] if given.get("transposed") else x.shape[1] // groups
    if groups > 1 and 1 < inputs <= _FEW_CHANNELS:
        return "grouped"
    if groups == 1 and inputs <= _STEM_CHANNELS:
        return "pictures"
    base = "1x1" if math.prod(kernel.shape[2:]) == 1 else "dense"
    if groups > 1 and inputs == 1:
        base = "depthwise" if max(kernel.shape[2:]) <= _SMALL_WINDOW else "depthwise wide"
    return f"{base} strided" if max(given["stride"]) > 1 else base


def _multiply_adds(given: dict[str, Any], shape: str, kernel: Tensor, places: Tensor) -> int:
    groups, (out, inside) = given["groups"], kernel.shape[:2]
    channels = groups * _full(out // groups) * _full(inside)
    if shape.startswith("depthwise"):
        channels = out * inside
    return math.prod((places.shape[0], *places.shape[2:], *kernel.shape[2:], channels))


def _for_gradients(amounts: Amounts, shape: str, wanted: int) -> Amounts:
    """One gradient is half of two; with pictures the kernel's alone is the usual work."""
    adds, x, y, kernel = amounts
    if shape == "pictures":
        return adds * wanted, x * wanted, y * wanted, kernel
    return amounts if wanted > 1 else (adds // 2, x // 2, y // 2, kernel // 2)


def _full(channels: int) -> int:
    return -(-channels // _LANES) * _LANES


def _bytes(tensor: Tensor) -> int:
    return tensor.numel() * tensor.element_size()
