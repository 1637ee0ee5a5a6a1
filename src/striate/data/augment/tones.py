"""What Pillow's ImageOps and ImageEnhance do to the numbers of a picture, for batches.

Pictures are (n, h, w, c) uint8, and each channel of each picture stands for itself.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

__all__ = ["autocontrast", "equalize", "posterize", "sharpen", "solarize"]


def autocontrast(images: Tensor) -> Tensor:
    """The numbers spread evenly, so that the least becomes 0 and the greatest 255.

    A channel of one number only stays as it is.

    Example:
        >>> x = torch.tensor([10, 20, 30], dtype=torch.uint8).reshape(1, 1, 3, 1)
        >>> autocontrast(x).flatten().tolist()
        [0, 127, 255]
    """
    low = images.amin(dim=(1, 2)).to(torch.float64)[..., None]
    high = images.amax(dim=(1, 2)).to(torch.float64)[..., None]
    flat = high <= low
    scale = torch.full_like(low, 255.0) / torch.where(flat, 1.0, high - low)
    level = torch.arange(256, dtype=torch.float64, device=images.device)
    spread = (level * scale + (-low * scale)).trunc().clamp(0.0, 255.0)
    return _looked_up(images, torch.where(flat, level, spread))


def equalize(images: Tensor) -> Tensor:
    """The numbers replaced so that each stretch of 0..255 is about equally frequent.

    A number becomes (half a step + how many pixels are darker) // step, where a step is the
    255th part of the pixels that are darker than the lightest. Without a whole step the channel
    stays as it is.

    Example:
        >>> x = torch.arange(256).to(torch.uint8).reshape(1, 16, 16, 1)
        >>> bool((equalize(x) == x).all())
        True
    """
    n, h, w, c = images.shape
    values = images.permute(0, 3, 1, 2).reshape(n, c, h * w).to(torch.int64)
    counts = torch.zeros((n, c, 256), dtype=torch.int64, device=images.device)
    counts.scatter_add_(2, values, torch.ones_like(values))
    lightest = counts.gather(2, values.amax(dim=2, keepdim=True))
    step = (h * w - lightest) // 255
    darker = counts.cumsum(dim=2) - counts
    whole = step.clamp_min(1)
    table = ((darker + whole // 2) // whole).clamp(0, 255)
    level = torch.arange(256, device=images.device)
    return _looked_up(images, torch.where(step > 0, table, level))


def posterize(images: Tensor, bits: int) -> Tensor:
    """The upper bits of each number alone, 0..8 of them.

    Example:
        >>> posterize(torch.tensor([255, 100], dtype=torch.uint8), 2).tolist()
        [192, 64]
    """
    return images & (256 - (1 << (8 - bits)))


def solarize(images: Tensor, threshold: float) -> Tensor:
    """Numbers from the threshold on turned over: x -> 255 - x.

    Example:
        >>> solarize(torch.tensor([255, 100], dtype=torch.uint8), 128).tolist()
        [0, 100]
    """
    return (images >= math.ceil(threshold)).to(torch.uint8).neg_().bitwise_xor_(images)


def sharpen(images: Tensor, factors: Tensor) -> Tensor:
    """Pictures moved away from their blurred selves: 0 gives the blurred, 1 changes nothing.

    Blurred, a pixel counts 5 of 13 and each of its eight neighbours 1; the outermost pixels are
    not blurred.

    Args:
        factors: (n,).

    Example:
        >>> x = torch.zeros(1, 3, 3, 1, dtype=torch.uint8)
        >>> x[0, 1, 1] = 130
        >>> sharpen(x, torch.tensor([0.0]))[0, 1, 1].tolist()
        [50]
    """
    h, w = images.shape[1:3]
    if h < 3 or w < 3:
        return images
    x = images.permute(0, 3, 1, 2).to(torch.float32, memory_format=torch.contiguous_format)
    rows = x[:, :, :-2] + x[:, :, 1:-1] + x[:, :, 2:]
    inner = rows[..., :-2] + rows[..., 1:-1] + rows[..., 2:]
    inner.add_(x[:, :, 1:-1, 1:-1], alpha=4.0).div_(13.0).add_(0.5).floor_()
    sharp = x[:, :, 1:-1, 1:-1] - inner
    sharp.mul_(factors.to(x.dtype)[:, None, None, None]).add_(inner)
    y = images.clone()
    y[:, 1:-1, 1:-1] = sharp.add_(0.5).clamp_(0.0, 255.0).to(torch.uint8).permute(0, 2, 3, 1)
    return y


def _looked_up(images: Tensor, table: Tensor) -> Tensor:
    """Each number replaced by the table (n, c, 256) of its picture and channel."""
    n, c = table.shape[:2]
    start = torch.arange(n * c, dtype=torch.int32, device=images.device).reshape(n, 1, 1, c) * 256
    places = (images.to(torch.int32) + start).flatten()
    return table.to(torch.uint8).flatten().index_select(0, places).reshape(images.shape)
