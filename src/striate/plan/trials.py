"""Trials: the small operations whose times tell those of all others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import torch
from torch import Tensor

__all__ = ["DTYPES", "Trial", "trials"]

DTYPES = ("float32", "bfloat16")

aten = torch.ops.aten

_CONVOLUTIONS = (
    # samples, side, channels, filters, window, stride, groups
    (1, 8, 16, 32, 3, 1, 1),
    (16, 32, 16, 16, 3, 1, 1),
    (8, 28, 32, 32, 3, 1, 1),
    (2, 56, 64, 64, 3, 1, 1),
    (8, 14, 96, 208, 3, 1, 1),
    (4, 14, 256, 256, 3, 1, 1),
    (2, 7, 512, 512, 3, 1, 1),
    (4, 28, 48, 64, 5, 1, 1),
    (1, 8, 32, 32, 3, 2, 1),
    (16, 32, 32, 64, 3, 2, 1),
    (4, 56, 64, 128, 3, 2, 1),
    (8, 14, 256, 256, 3, 2, 1),
    (2, 14, 384, 512, 3, 2, 1),
    (1, 8, 16, 32, 1, 1, 1),
    (4, 112, 32, 16, 1, 1, 1),
    (4, 56, 24, 144, 1, 1, 1),
    (4, 28, 192, 64, 1, 1, 1),
    (4, 28, 256, 256, 1, 1, 1),
    (8, 14, 128, 768, 1, 1, 1),
    (8, 7, 1024, 512, 1, 1, 1),
    (8, 1, 1024, 256, 1, 1, 1),
    (1, 8, 32, 32, 1, 2, 1),
    (8, 28, 64, 128, 1, 2, 1),
    (2, 56, 256, 128, 1, 2, 1),
    (8, 14, 512, 1024, 1, 2, 1),
    (1, 14, 1024, 1024, 1, 2, 1),
    (1, 16, 3, 16, 3, 1, 1),
    (2, 224, 3, 64, 7, 2, 1),
    (4, 224, 3, 32, 3, 2, 1),
    (32, 32, 3, 16, 3, 1, 1),
    (64, 28, 1, 32, 3, 1, 1),
    (1, 8, 32, 32, 3, 1, 32),
    (4, 56, 96, 96, 3, 1, 96),
    (4, 112, 32, 32, 3, 1, 32),
    (8, 14, 512, 512, 3, 1, 512),
    (1, 8, 32, 32, 3, 2, 32),
    (4, 112, 96, 96, 3, 2, 96),
    (8, 28, 192, 192, 3, 2, 192),
    (8, 14, 512, 512, 3, 2, 512),
    (1, 8, 32, 32, 5, 1, 32),
    (4, 28, 192, 192, 5, 1, 192),
    (4, 14, 384, 384, 7, 1, 384),
    (4, 14, 480, 480, 5, 1, 480),
    (1, 8, 32, 32, 5, 2, 32),
    (4, 56, 144, 144, 5, 2, 144),
    (4, 14, 576, 576, 5, 2, 576),
    (1, 8, 64, 64, 3, 1, 16),
    (2, 56, 128, 128, 3, 1, 32),
    (4, 28, 256, 256, 3, 1, 32),
    (4, 28, 512, 512, 3, 2, 32),
    (4, 14, 512, 512, 3, 1, 32),
    (2, 7, 1024, 1024, 3, 1, 32),
)

_PRODUCTS = (
    (4, 64, 10),
    (64, 1152, 64),
    (128, 784, 300),
    (32, 1024, 1000),
    (8, 4096, 2048),
    (3136, 96, 384),
    (784, 384, 96),
)
"""Rows, inner size and columns."""

_SHAPES = ((1, 16, 7, 7), (8, 32, 28, 28), (8, 512, 14, 14), (4, 64, 112, 112))
"""Of what is changed number by number: samples, channels, height, width."""


class Trial(NamedTuple):
    """One operation to be timed.

    Args:
        function: of torch.ops.aten.
        args: it is called with them, again and again.
    """

    function: Any
    args: tuple[Any, ...]


def trials(device: torch.device) -> list[Trial]:
    """All operations to be timed, with tensors of ones on a device."""
    found: list[Trial] = []
    for name in DTYPES:
        ones = _Ones(device, getattr(torch, name))
        for numbers in _CONVOLUTIONS:
            found += _convolution(ones, *numbers)
        for sizes in _PRODUCTS:
            found += _products(ones, *sizes)
        for shape in _SHAPES:
            x, other = ones(*shape), ones(*shape)
            found += _number_by_number(x, other)
            found += _norms(ones, x, other)
            found += _pools(x)
        for shape in _SHAPES[:-1]:
            found += _unfolded(ones, *shape)
    found += _updates(_Ones(device, torch.float32))
    return found


class _Ones:
    """Makes tensors of ones."""

    def __init__(self, device: torch.device, dtype: torch.dtype) -> None:
        self._how: dict[str, Any] = {"device": device, "dtype": dtype}

    def __call__(self, *shape: int) -> Tensor:
        """In the layout that a net of NHWC has."""
        flat = torch.ones(shape, **self._how)
        return flat.to(memory_format=torch.channels_last) if len(shape) == 4 else flat

    def whole(self, *shape: int) -> Tensor:
        """The same as float32, as parameters are."""
        return torch.ones(shape, device=self._how["device"])


def _convolution(
    ones: _Ones,
    samples: int,
    side: int,
    channels: int,
    filters: int,
    window: int,
    stride: int,
    groups: int,
) -> Iterator[Trial]:
    """Forward and backward; with pictures only the kernel's gradient is asked for."""
    x = ones(samples, channels, side, side)
    kernel = ones(filters, channels // groups, window, window)
    how = ([stride] * 2, [window // 2] * 2, [1, 1], False, [0, 0], groups)
    yield Trial(aten.convolution.default, (x, kernel, None, *how))
    if x.dtype is torch.float32 and x.device.type == "cpu" and torch.backends.mkldnn.is_available():
        yield _packed(x, kernel, *how[:3], groups)
    out = (side - 1) // stride + 1
    gradient = ones(samples, filters, out, out)
    wanted = [channels > 4, True, False]
    yield Trial(aten.convolution_backward.default, (gradient, x, kernel, None, *how, wanted))


def _packed(
    x: Tensor,
    kernel: Tensor,
    stride: list[int],
    padding: list[int],
    dilation: list[int],
    groups: int,
) -> Trial:
    """As in prediction: with the kernel in the order of the processor's library."""
    how = (padding, stride, dilation, groups)
    reorder: Any = torch._C._nn.mkldnn_reorder_conv2d_weight
    packed = reorder(kernel.to_mkldnn(), *how, list(x.shape))
    named: Any = ("relu", [], "")
    return Trial(torch.ops.mkldnn._convolution_pointwise.default, (x, packed, None, *how, *named))


def _products(ones: _Ones, rows: int, inner: int, columns: int) -> Iterator[Trial]:
    """A dense layer's: forward, and the two gradients."""
    x, kernel, gradient = ones(rows, inner), ones(columns, inner), ones(rows, columns)
    yield Trial(aten.mm.default, (x, kernel.t()))
    yield Trial(aten.mm.default, (gradient, kernel))
    yield Trial(aten.mm.default, (gradient.t(), x))


def _number_by_number(x: Tensor, other: Tensor) -> Iterator[Trial]:
    yield Trial(aten.add.Tensor, (x, other))
    yield Trial(aten.threshold_backward.default, (x, other, 0))
    yield Trial(aten.relu.default, (x,))
    yield Trial(aten.silu.default, (x,))
    yield Trial(aten.silu_backward.default, (x, other))
    yield Trial(aten.tanh.default, (x,))
    yield Trial(aten.pow.Tensor_Scalar, (x, 0.75))
    yield Trial(aten.gelu.default, (x,))
    yield Trial(aten.gelu_backward.default, (x, other))
    yield Trial(aten.mean.dim, (x, [2, 3]))
    yield Trial(aten.cat.default, ([x, other], 1))
    yield Trial(aten.constant_pad_nd.default, (x, [0, 1, 0, 1]))
    yield Trial(aten.zeros_like.default, (x,))
    if x.dtype is not torch.float32:
        yield Trial(aten._to_copy.default, (x.float(),))


def _unfolded(ones: _Ones, n: int, c: int, h: int, w: int) -> Iterator[Trial]:
    """As in the normalisation over channels that lie side by side."""
    gradient = ones(n * h, w, c - 4, 5)
    yield Trial(aten.unfold_backward.default, (gradient, [n * h, w, c], 2, 5, 1))


def _norms(ones: _Ones, x: Tensor, gradient: Tensor) -> Iterator[Trial]:
    channels = x.shape[1]
    factor, moment = ones.whole(channels), ones.whole(channels)
    given = (x, factor, factor, moment, moment)
    for training in (True, False):
        yield Trial(aten.native_batch_norm.default, (*given, training, 0.1, 1e-3))
    moments = (moment, moment, moment, moment, True, 1e-3, [True] * 3)
    yield Trial(aten.native_batch_norm_backward.default, (gradient, x, factor, *moments))
    rows = x.permute(0, 2, 3, 1)
    own = factor.to(x.dtype)
    mean = ones.whole(*rows.shape[:3], 1).to(x.dtype)
    yield Trial(aten.native_layer_norm.default, (rows, [channels], own, own, 1e-3))
    gradients = (gradient.permute(0, 2, 3, 1), rows, [channels], mean, mean, own, own, [True] * 3)
    yield Trial(aten.native_layer_norm_backward.default, gradients)


def _pools(x: Tensor) -> Iterator[Trial]:
    window: Any = ([3, 3], [2, 2], [1, 1])
    yield Trial(aten.max_pool2d_with_indices.default, (x, *window))
    made, places = aten.max_pool2d_with_indices.default(x, *window)
    how = (*window, [1, 1], False, places)
    yield Trial(aten.max_pool2d_with_indices_backward.default, (made, x, *how))
    yield Trial(aten.avg_pool2d.default, (x, *window))
    yield Trial(aten.avg_pool2d_backward.default, (made, x, *window, False, True, None))


def _updates(ones: _Ones) -> Iterator[Trial]:
    """What an optimizer does with its weights, few and many."""
    for sizes in ([64] * 60, [40_000] * 20, [1_500_000] * 2):
        first, second, third = ([ones(size) for size in sizes] for _ in range(3))
        yield Trial(aten._foreach_add.Scalar, (first, 0.0))
        yield Trial(aten._foreach_mul_.Scalar, (first, 1.0))
        yield Trial(aten._foreach_sqrt_.default, (first,))
        yield Trial(aten._foreach_addcmul_.Scalar, (first, second, third, 0.0))
