"""Convolution in training by matrix products, where these beat the kernels for convolutions.

On processors that multiply bfloat16 numbers but have no tiles for them (AMX), oneDNN takes 2 to 7
times as long for the gradient of many weights from few pixels as the product of the gradient with
the windows laid out as rows. Maps of at most 7 x 7 pixels behind the last poolings of a net are of
this kind. What is chosen depends on shapes alone, so a run repeats itself exactly.
"""

from __future__ import annotations

import functools
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd import forward_ad

__all__ = ["conv2d_by_product", "is_by_product"]

_Pair = tuple[int, int]

_FEW_PIXELS = 36
_FEW_PIXELS_OF_ONE = 49
"""Of a result, up to which the product of the gradient is faster; the second for 1 x 1 kernels."""
_SOME_WEIGHTS = 2**17
"""Below which the rest of the step hides what is gained."""
_MANY_WEIGHTS = 2**20
_FEW_ROWS = 512
"""Both: where the result and the gradient of the images are faster as products, too."""


def is_by_product(
    x_nchw: Tensor,
    weight: Tensor,
    strides: _Pair,
    padding: _Pair,
    dilation: _Pair,
    groups: int,
) -> bool:
    """Whether `conv2d_by_product` takes the place of torch's convolution: it does if faster."""
    if not (weight.requires_grad and torch.is_grad_enabled()) or x_nchw.device.type != "cpu":
        return False
    if weight.numel() < _SOME_WEIGHTS or groups != 1 or dilation != (1, 1):
        return False
    if _dtype(x_nchw) is not torch.bfloat16 or not _has_plain_bfloat16():
        return False
    if torch.compiler.is_compiling() or _is_transformed():
        return False
    kernel = (weight.shape[2], weight.shape[3])
    _, height, width = _windows(x_nchw, kernel, strides, padding)
    few = _FEW_PIXELS_OF_ONE if kernel == (1, 1) else _FEW_PIXELS
    return height * width <= few


def conv2d_by_product(
    x_nchw: Tensor, weight: Tensor, bias: Tensor | None, strides: _Pair, padding: _Pair
) -> Tensor:
    """The convolution of images, the gradient of its weights by a product.

    Where the weights are many and the windows few, so are the result and the images' gradient.

    Args:
        x_nchw: images (n, c, h, w), channels last in memory.
        weight: kernels (f, c, kh, kw).
        bias: (f,), or None.
        strides, padding: in pixels.

    Shape:
        input  (n, c, h, w)
        output (n, f, h', w'), of autocast's type where that is on, channels last in memory
    """
    dtype = _dtype(x_nchw)
    x, w, b = (None if given is None else given.to(dtype) for given in (x_nchw, weight, bias))
    y: Tensor = _ByProduct.apply(x, w, b, strides, padding)  # type: ignore[no-untyped-call]
    return y


class _ByProduct(torch.autograd.Function):
    """y = rows(x) @ kernels, with rows(x) every window of x in a row of its own."""

    @staticmethod
    def forward(
        x: Tensor, weight: Tensor, bias: Tensor | None, strides: _Pair, padding: _Pair
    ) -> Tensor:
        kernel = (weight.shape[2], weight.shape[3])
        samples, height, width = _windows(x, kernel, strides, padding)
        if not _is_deep(weight, samples, height, width):
            return F.conv2d(x, weight, bias, strides, padding)
        y = torch.empty(
            (samples, len(weight), height, width),
            dtype=x.dtype,
            device=x.device,
            memory_format=torch.channels_last,
        )
        rows, kernels = _rows(x, kernel, strides, padding), _kernels(weight).t()
        out = y.permute(0, 2, 3, 1).view(-1, len(weight))
        if bias is None:
            torch.mm(rows, kernels, out=out)
        else:
            torch.addmm(bias, rows, kernels, out=out)
        return y

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
        x, weight, bias, ctx.strides, ctx.padding = inputs
        ctx.save_for_backward(x, weight)
        ctx.has_bias = bias is not None

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        (g,) = gradients
        x, weight = ctx.saved_tensors
        flat = g.permute(0, 2, 3, 1).reshape(-1, len(weight))
        of_x = of_weight = of_bias = None
        if ctx.needs_input_grad[0]:
            of_x = _gradient_of_images(g, flat, x, weight, ctx.strides, ctx.padding)
        if ctx.needs_input_grad[1]:
            filters, channels, *kernel = weight.shape
            rows = _rows(x, (kernel[0], kernel[1]), ctx.strides, ctx.padding)
            of_weight = (flat.t() @ rows).view(filters, *kernel, channels).permute(0, 3, 1, 2)
        if ctx.has_bias and ctx.needs_input_grad[2]:
            of_bias = flat.sum(0)
        return of_x, of_weight, of_bias, None, None


def _gradient_of_images(
    g: Tensor, flat: Tensor, x: Tensor, weight: Tensor, strides: _Pair, padding: _Pair
) -> Tensor:
    """Of the gradient (n, f, h', w'), also given as rows: that of the images (n, c, h, w)."""
    samples, height, width = len(g), g.shape[2], g.shape[3]
    if not _is_deep(weight, samples, height, width):
        how = ([0], strides, padding, (1, 1), False, (0, 0), 1, (True, False, False))
        of_x: Tensor = torch.ops.aten.convolution_backward(g, x, weight, *how)[0]
        return of_x
    _, channels, kh, kw = weight.shape
    (sh, sw), (ph, pw) = strides, padding
    parts = (flat @ _kernels(weight)).view(samples, height, width, kh, kw, channels)
    size = (samples, x.shape[2] + 2 * ph, x.shape[3] + 2 * pw, channels)
    whole = g.new_zeros(size, dtype=torch.promote_types(g.dtype, torch.float32))  # sums up to kh kw
    for row in range(kh):
        for column in range(kw):
            lines = slice(row, row + sh * (height - 1) + 1, sh)
            places = slice(column, column + sw * (width - 1) + 1, sw)
            whole[:, lines, places] += parts[:, :, :, row, column]
    inner = whole[:, ph : ph + x.shape[2], pw : pw + x.shape[3]]
    return inner.to(g.dtype, memory_format=torch.contiguous_format).permute(0, 3, 1, 2)


def _rows(x: Tensor, kernel: _Pair, strides: _Pair, padding: _Pair) -> Tensor:
    """Each window of the images, (kh, kw, c) after each other, as a row."""
    (kh, kw), (ph, pw) = kernel, padding
    images = x.permute(0, 2, 3, 1)
    if ph or pw:
        images = F.pad(images, (0, 0, pw, pw, ph, ph))
    windows = images.unfold(1, kh, strides[0]).unfold(2, kw, strides[1])
    return windows.permute(0, 1, 2, 4, 5, 3).reshape(-1, kh * kw * x.shape[1])


def _kernels(weight: Tensor) -> Tensor:
    """The kernels as rows, in the order of `_rows`."""
    return weight.permute(0, 2, 3, 1).reshape(len(weight), -1)


def _windows(x: Tensor, kernel: _Pair, strides: _Pair, padding: _Pair) -> tuple[int, int, int]:
    """(samples, rows, columns) of the result."""
    height, width = (
        (length + 2 * pad - k) // stride + 1
        for length, pad, k, stride in zip(x.shape[2:], padding, kernel, strides, strict=True)
    )
    return len(x), height, width


def _is_deep(weight: Tensor, samples: int, height: int, width: int) -> bool:
    return weight.numel() >= _MANY_WEIGHTS and samples * height * width <= _FEW_ROWS


def _dtype(x: Tensor) -> torch.dtype:
    """In which a convolution of x runs here; autocast leaves float64 alone."""
    if torch.is_autocast_enabled("cpu") and x.dtype is not torch.float64:
        return torch.get_autocast_dtype("cpu")
    return x.dtype


def _is_transformed() -> bool:
    """Whether `torch.func` or forward differentiation looks on, which want torch's own function."""
    return forward_ad._current_level >= 0 or torch._C._functorch.maybe_current_level() is not None


@functools.cache
def _has_plain_bfloat16() -> bool:
    """Whether the processor has products of bfloat16 pairs (AVX-512), and no tiles for them."""
    cpu = torch.cpu
    return bool(cpu._is_avx512_bf16_supported() and not cpu._is_amx_tile_supported())
