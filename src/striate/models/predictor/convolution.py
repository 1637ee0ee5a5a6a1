"""Convolution: a convolution of fixed weights with what follows it, in one call where it can be.

On a processor oneDNN takes kernels in an order of its own; PyTorch brings them into it at every
call. Here it is done once, and the function after the sum, and a second map that is added to it,
are computed while the result is in the processor's cache.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from ... import ops
from ...ops.padding import padding_px
from ...shapes import AxisPadding, output_size

__all__ = ["Convolution", "can_pack"]

_SMALL = 3_000_000
"""Multiply-adds of a sample below which the plain call is faster: it has less to look at."""

_FUSED: dict[Any, tuple[str, list[float]]] = {
    ops.relu: ("relu", []),
    ops.relu6: ("hardtanh", [0.0, 6.0]),
    ops.silu: ("swish", []),
    ops.hard_swish: ("hardswish", []),
}
"""Function -> oneDNN's name of it, and its numbers."""


class Convolution:
    """y = activation(convolution of x + bias, + other) on NHWC maps.

    Args:
        weights: gives kernel and bias, when they are needed.
        shape: of the kernel, (filters, channels / groups, h, w).
        strides, sides, dilation, groups: as of `ops.conv.conv2d_oihw`.
        activation: applied last. Default None: linear.
        before: another, through which the maps go first. Default None.
    """

    def __init__(
        self,
        weights: Callable[[], tuple[Tensor, Tensor | None]],
        shape: Sequence[int],
        *,
        strides: tuple[int, int] = (1, 1),
        sides: tuple[AxisPadding, AxisPadding] = ((0, 0), (0, 0)),
        dilation: tuple[int, int] = (1, 1),
        groups: int = 1,
        activation: Callable[[Tensor], Tensor] | None = None,
        before: Convolution | None = None,
    ) -> None:
        self._weights, self._shape = weights, shape
        self.strides, self.sides, self.dilation, self.groups = strides, sides, dilation, groups
        self.activation = activation
        self._before = before
        self._plain: tuple[Tensor, Tensor | None] | None = None
        self._packed: tuple[Tensor, Tensor | None] | None = None
        self._ways: dict[tuple[int, int], _Way] = {}

    def __call__(self, x: Tensor, other: Tensor | None = None) -> Tensor:
        """The result for maps (n, h, w, c), and maps of the result's shape to be added."""
        if self._before is not None:
            x = self._before(x)
        sizes = x.shape[1], x.shape[2]
        way = self._ways.get(sizes) or self._way_for(sizes, x)
        x_nchw = x.permute(0, 3, 1, 2)
        if way.before is not None:
            x_nchw = F.pad(x_nchw, way.before)
        run = self._packed_run if way.is_packed else self._plain_run
        return run(x_nchw, way.padding, other)

    def tensors(self) -> list[Tensor]:
        """The kernels and biases that were made so far."""
        made = [tensor for pair in (self._plain, self._packed) if pair for tensor in pair]
        own = [tensor for tensor in made if tensor is not None]
        return own + (self._before.tensors() if self._before is not None else [])

    def _way_for(self, sizes: tuple[int, int], x: Tensor) -> _Way:
        kernel = self._shape[2], self._shape[3]
        sides = padding_px(
            sizes, self.sides, kernel=kernel, strides=self.strides, dilation=self.dilation
        )
        outputs = (
            output_size(size, kernel=taps, stride=step, dilation=far, padding=side)
            for size, taps, step, far, side in zip(
                sizes, kernel, self.strides, self.dilation, sides, strict=True
            )
        )
        is_packed = (
            math.prod(self._shape) * math.prod(outputs) >= _SMALL
            and (self.activation is None or self.activation in _FUSED)
            and can_pack(x)
        )
        (top, bottom), (left, right) = sides
        even = top == bottom and left == right
        before = None if even else [left, right, top, bottom]
        way = self._ways[sizes] = _Way(before, [top, left] if even else [0, 0], is_packed)
        return way

    def _plain_run(self, x_nchw: Tensor, padding: list[int], other: Tensor | None) -> Tensor:
        if self._plain is None:
            weight, bias = self._weights()
            self._plain = weight.contiguous(memory_format=torch.channels_last), bias
        y_nchw = torch.conv2d(
            x_nchw, *self._plain, self.strides, padding, self.dilation, self.groups
        )
        y = y_nchw.permute(0, 2, 3, 1)
        if other is not None:
            y.add_(other)
        if self.activation is None:
            return y
        return y.relu_() if self.activation is ops.relu else self.activation(y)

    def _packed_run(self, x_nchw: Tensor, padding: list[int], other: Tensor | None) -> Tensor:
        how = padding, list(self.strides), list(self.dilation), self.groups
        if self._packed is None:
            weight, bias = self._weights()
            one = [1, *x_nchw.shape[1:]]
            self._packed = _packed(weight, *how, one), bias
        name, numbers = _FUSED[self.activation] if self.activation else ("none", [])
        given = *self._packed, *how
        pointwise: Any = torch.ops.mkldnn._convolution_pointwise
        if other is None:
            y: Tensor = pointwise(x_nchw, *given, name, numbers, "").permute(0, 2, 3, 1)
            return y
        plus, relu = other.permute(0, 3, 1, 2), "relu" if self.activation is ops.relu else None
        y = pointwise.binary(x_nchw, plus, *given, "add", 1.0, relu, [], None).permute(0, 2, 3, 1)
        return y if relu or self.activation is None else self.activation(y)


class _Way(NamedTuple):
    """How maps of one size go through: what is padded before, what by the call, and by which."""

    before: list[int] | None
    padding: list[int]
    is_packed: bool


def _packed(weight: Tensor, *how: Any) -> Tensor:
    """A kernel in oneDNN's order; of a stand-in, one of the same size."""
    if type(weight.detach()) is not Tensor:
        return torch.empty_like(weight)
    reorder: Any = torch._C._nn.mkldnn_reorder_conv2d_weight
    return reorder(weight.to_mkldnn(), *how)  # type: ignore[no-any-return]


def can_pack(x: Tensor) -> bool:
    """Whether oneDNN can be called with kernels in its own order for such a tensor."""
    if x.device.type != "cpu" or x.dtype is not torch.float32:
        return False
    return bool(torch.backends.mkldnn.is_available() and torch.backends.mkldnn.enabled)
