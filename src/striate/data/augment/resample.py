"""Whole pictures through one geometric map and one map of colours, rounded once at the end.

On a processor a few pictures at a time go through, so that what lies between stays in its cache;
the result does not depend on how many.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from striate import _check
from striate.data.augment.bytes import choose
from striate.data.augment.color import LUMA

__all__ = ["EDGE", "REFLECTED", "bend_masks", "blend", "mirror", "recolor", "resample"]

REFLECTED, EDGE = "reflected", "edge"

_PIXELS_AT_ONCE = 65536
_IGNORED = 255.0


def resample(
    images: Tensor, matrices: Tensor | None, maps: Tensor | None, *, outside: str | int
) -> Tensor:
    """Pictures bent and recoloured.

    Args:
        images: (n, h, w, c) uint8; c is 1 or 3 where there are maps of colours.
        matrices: (n, 3, 3) of (x, y, 1) in pixels: where each pixel of the result is read,
            between pixels bilinearly. None leaves pixels where they are.
        maps: (n, 5, 5) of colours (red, green, blue, mean brightness, 1). None changes no colour.
        outside: what lies outside a picture: "reflected", "edge", or a number of 0..255.

    Shape:
        input  (n, h, w, c)
        output (n, h, w, c), uint8

    Example:
        >>> x = torch.tensor([10, 20, 30], dtype=torch.uint8).reshape(1, 1, 3, 1)
        >>> half_left = torch.tensor([[[1.0, 0.0, 0.5], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]])
        >>> resample(x, half_left, None, outside="edge").flatten().tolist()
        [15, 25, 30]
    """
    y = torch.empty_like(images, memory_format=torch.contiguous_format)
    for rows in _portions(images):
        x = images[rows].permute(0, 3, 1, 2)
        x = x.to(torch.float32, memory_format=torch.contiguous_format)
        if matrices is not None:
            x = _bent(x, matrices[rows], outside)
        if maps is not None:
            x = _recolored(x, maps[rows])
        y[rows] = x.add_(0.5).to(torch.uint8).permute(0, 2, 3, 1)
    return y


def recolor(images: Tensor, maps: Tensor) -> Tensor:
    """Pictures (n, h, w, 1 or 3) uint8 with other colours, by maps (n, 5, 5)."""
    return resample(images, None, maps, outside=REFLECTED)


def bend_masks(classes: Tensor, matrices: Tensor) -> Tensor:
    """Masks (n, h, w) uint8 read at the nearest pixel; what lies outside is 255."""
    y = torch.empty_like(classes, memory_format=torch.contiguous_format)
    for rows in _portions(classes):
        x = classes[rows].unsqueeze(1).to(torch.float32)
        grid = _grid(matrices[rows], x.shape[2], x.shape[3])
        x = F.grid_sample(x.sub_(_IGNORED), grid, mode="nearest", align_corners=False)
        y[rows] = x.add_(_IGNORED).to(torch.uint8).squeeze(1)
    return y


def mirror(images: Tensor, matrices: Tensor) -> Tensor:
    """Pictures (n, h, w, c) uint8, mirrored where their matrices (n, 3, 3) say so; nothing else.

    Example:
        >>> x = torch.tensor([[[[1], [2]]]], dtype=torch.uint8)
        >>> mirror(x, torch.diag(torch.tensor([-1.0, 1.0, 1.0]))[None]).flatten().tolist()
        [2, 1]
    """
    y = torch.empty_like(images, memory_format=torch.contiguous_format)
    for rows in _portions(images):
        x = images[rows]
        for axis, entry in ((2, 0), (1, 1)):
            which = (matrices[rows, entry, entry] < 0.0)[:, None, None, None]
            if x.device.type != "cpu" or bool(which.any()):  # a device is not asked
                x = choose(which, x.flip(axis), x)
        y[rows] = x
    return y


def blend(images: Tensor, others: Tensor, weight: float) -> Tensor:
    """Pictures laid over each other: images weight + others (1 - weight), both uint8.

    Example:
        >>> x = torch.tensor([[[[100]]]], dtype=torch.uint8)
        >>> blend(x, x - 100, 0.25).flatten().tolist()
        [25]
    """
    y = torch.empty_like(images)
    for rows in _portions(images):
        y[rows] = (images[rows] * weight).add_(others[rows] * (1.0 - weight)).add_(0.5)
    return y


def _portions(images: Tensor) -> list[slice]:
    """The pictures that go through together."""
    n, h, w = images.shape[:3]
    if images.device.type != "cpu":
        return [slice(0, n)]
    count = max(1, _PIXELS_AT_ONCE // (h * w)) * torch.get_num_threads()
    return [slice(start, start + count) for start in range(0, n, count)]


def _grid(matrices: Tensor, height: int, width: int) -> Tensor:
    """(n, h, w, 2) places in torch's unit: -1 and 1 are the outer sides of the picture."""
    grid = matrices.new_empty((len(matrices), height, width, 2), dtype=torch.float32)
    x = torch.arange(width, dtype=torch.float32, device=grid.device)
    y = torch.arange(height, dtype=torch.float32, device=grid.device)[:, None]
    for axis, size in ((0, width), (1, height)):
        across, down, start = matrices[:, axis].unbind(1)
        start = (2.0 * start + 1.0) / size - 1.0
        across, down, start = (
            part.to(torch.float32)[:, None, None]
            for part in (across * (2.0 / size), down * (2.0 / size), start)
        )
        torch.add(across * x + start, down * y, out=grid[..., axis])
    return grid


def _bent(x: Tensor, matrices: Tensor, outside: str | int) -> Tensor:
    """Pictures (n, c, h, w) float32 read at other places."""
    grid = _grid(matrices, x.shape[2], x.shape[3])
    if isinstance(outside, str):
        padding = {REFLECTED: "reflection", EDGE: "border"}[outside]
        return F.grid_sample(x, grid, padding_mode=padding, align_corners=False)
    return F.grid_sample(x.sub_(outside), grid, align_corners=False).add_(outside)


def _recolored(x: Tensor, maps: Tensor) -> Tensor:
    """Pictures (n, 1 or 3, h, w) float32 of other colours; every sum is one rounded addition."""
    _, c, h, w = x.shape
    if c not in (1, 3):
        rule = "hold grey or coloured pictures, 1 or 3 channels, where colours are changed"
        _check.fail("augment", "images", rule, f"{c} channels")
    added = maps[:, :3, 4]
    means = maps[:, :3, 3]
    if x.device.type != "cpu" or bool((means != 0.0).any()):  # a device is not asked
        totals = (x + 0.5).to(torch.int32).sum(dim=(2, 3), dtype=torch.int64).to(maps.dtype)
        brightness = _weighted(totals, LUMA if c == 3 else (1.0,)) / (h * w)
        added = added + means * brightness
    linear = maps[:, :3, :3]
    if c == 1:
        linear = _weighted(_weighted(linear, (1.0, 1.0, 1.0))[..., 0], LUMA)[..., None]
        added = _weighted(added, LUMA)
    linear, added = linear.to(x.dtype)[..., None, None], added.to(x.dtype)[..., None, None]
    y = x[:, 0:1] * linear[:, :, 0]
    for k in range(1, c):
        y.add_(x[:, k : k + 1] * linear[:, :, k])
    return y.add_(added).clamp_(0.0, 255.0)


def _weighted(values: Tensor, parts: tuple[float, ...]) -> Tensor:
    """(..., 1) sums of (..., c) numbers times their parts."""
    total = values[..., :1] * parts[0]
    for k in range(1, len(parts)):
        total = total + values[..., k : k + 1] * parts[k]
    return total
