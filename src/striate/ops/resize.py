"""Resizing and cropping of NHWC pictures, with pixel centres at half coordinates."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from .. import _check
from ..shapes import Size
from .arrays import takes_arrays

__all__ = [
    "INTERPOLATIONS",
    "center_crop",
    "crop_to_ratio",
    "pad_to_ratio",
    "resize",
    "resize_to",
]

INTERPOLATIONS = ("nearest", "bilinear", "bicubic")

_CUBIC = -0.5
"""Keys' parameter of the cubic kernel, as in TensorFlow, JAX and Pillow; torch's own is -0.75."""


@takes_arrays
def resize(
    images: Float[Tensor, "n h w c"],
    size: tuple[int, int],
    *,
    interpolation: str = "bilinear",
    antialias: bool = False,
) -> Float[Tensor, "n oh ow c"]:
    """Pictures at another size; the centre of output pixel i lies at (i + 0.5) h / h' - 0.5.

    Args:
        size: (height, width) of the result in pixels.
        interpolation: "nearest", "bilinear" or "bicubic" (Keys' kernel with a = -0.5).
        antialias: whether the kernel widens when the picture shrinks, so that every pixel counts;
            nearest has none. Default False, as in Keras.

    Shape:
        input  (n, h, w, c)
        output (n, height, width, c)

    Raises:
        ArgumentError: a size below 1, or an unknown interpolation.
        ShapeError: pictures that are not 4-dimensional.

    Example:
        >>> resize(torch.tensor([0.0, 1.0]).reshape(1, 1, 2, 1), (1, 4)).flatten().tolist()
        [0.0, 0.25, 0.75, 1.0]

    Reference:
        Keys, "Cubic convolution interpolation for digital image processing", 1981.
    """
    _check.choice("resize", "interpolation", interpolation, INTERPOLATIONS)
    pixels = _check.pair("resize", "size", size)
    _check.rank("resize", images.shape, 4, "(n, h, w, c)")
    return resize_to(images, pixels, interpolation=interpolation, antialias=antialias)


def resize_to(
    images: Float[Tensor, "n h w c"],
    size: tuple[Size, Size],
    *,
    interpolation: str,
    antialias: bool = False,
) -> Float[Tensor, "n oh ow c"]:
    """`resize` with arguments already checked, and a size that may be symbolic."""
    height, width = size
    x = images.float() if images.dtype in (torch.float16, torch.bfloat16) else images
    if interpolation == "bicubic" and not antialias:
        y = _cubic_axis(_cubic_axis(x, 1, height), 2, width)
    else:
        smooth = interpolation != "nearest"
        y = F.interpolate(
            x.permute(0, 3, 1, 2),
            size=(height, width),
            mode=interpolation if smooth else "nearest-exact",
            align_corners=False if smooth else None,
            antialias=antialias and smooth,
        ).permute(0, 2, 3, 1)
    return y.to(images.dtype)


def center_crop(
    images: Float[Tensor, "n h w c"], size: tuple[int, int]
) -> Float[Tensor, "n oh ow c"]:
    """The middle of each picture; a picture that is too small is cut to the shape and enlarged.

    Rows (h - height) // 2 onwards are kept. Where height or width is larger than the picture, the
    largest window of the target's proportions is cut out of the middle and resized (bilinear).

    Args:
        size: (height, width) of the result in pixels.

    Shape:
        input  (n, h, w, c)
        output (n, height, width, c)

    Raises:
        ArgumentError: a size below 1.
        ShapeError: pictures that are not 4-dimensional.

    Example:
        >>> center_crop(torch.arange(5.0).reshape(1, 1, 5, 1), (1, 2)).flatten().tolist()
        [1.0, 2.0]
    """
    height, width = _check.pair("center_crop", "size", size)
    _check.rank("center_crop", images.shape, 4, "(n, h, w, c)")
    h, w = images.shape[1:3]
    if not (isinstance(h, int) and isinstance(w, int)):
        torch._check(h >= height)
        torch._check(w >= width)
    if h >= height and w >= width:
        return _window(images, (h - height) // 2, (w - width) // 2, height, width)
    return resize(crop_to_ratio(images, (height, width)), (height, width))


def crop_to_ratio(
    images: Float[Tensor, "n h w c"], size: tuple[int, int]
) -> Float[Tensor, "n oh ow c"]:
    """The largest window in the middle of each picture that has the proportions of a size.

    Example:
        >>> crop_to_ratio(torch.zeros(1, 4, 9, 1), (10, 10)).shape
        torch.Size([1, 4, 4, 1])
    """
    (h, w), (height, width) = images.shape[1:3], size
    inner_h = torch.sym_max(torch.sym_min(h, w * height // width), 1)
    inner_w = torch.sym_max(torch.sym_min(w, h * width // height), 1)
    return _window(images, (h - inner_h) // 2, (w - inner_w) // 2, inner_h, inner_w)


def pad_to_ratio(
    images: Float[Tensor, "n h w c"], size: tuple[int, int]
) -> Float[Tensor, "n oh ow c"]:
    """Each picture between equal black bars that give it the proportions of a size.

    An odd pixel is left out, so that the picture stays in the middle, as in Keras.

    Example:
        >>> pad_to_ratio(torch.ones(1, 4, 8, 1), (10, 10)).shape
        torch.Size([1, 8, 8, 1])
    """
    (h, w), (height, width) = images.shape[1:3], size
    rows = torch.sym_max(w * height // width - h, 0) // 2
    columns = torch.sym_max(h * width // height - w, 0) // 2
    return F.pad(images, (0, 0, columns, columns, rows, rows))


def _window(images: Tensor, top: Size, left: Size, height: Size, width: Size) -> Tensor:
    return images[:, top : top + height, left : left + width]


def _cubic_axis(x: Tensor, axis: int, size: int) -> Tensor:
    """Cubic interpolation along one axis: four taps; those outside are left out."""
    length: Size = x.shape[axis]
    center = (torch.arange(size, dtype=x.dtype, device=x.device) + 0.5) * (length / size) - 0.5
    first = center.floor()
    taps = first[:, None] + torch.arange(-1, 3, dtype=x.dtype, device=x.device)
    weights = _cubic_kernel((center[:, None] - taps).abs())
    weights = weights * ((taps >= 0) & (taps <= length - 1))
    weights = weights / weights.sum(dim=1, keepdim=True)
    index = taps.to(torch.int64).clamp(0, length - 1)
    shape = [1] * x.dim()
    shape[axis] = size
    parts = [
        x.index_select(axis, index[:, tap]) * weights[:, tap].reshape(shape) for tap in range(4)
    ]
    total: Tensor = (parts[0] + parts[1]) + (parts[2] + parts[3])
    return total


def _cubic_kernel(distance: Tensor) -> Tensor:
    d, a = distance, _CUBIC
    near = ((a + 2) * d - (a + 3)) * d * d + 1
    far = ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
    return torch.where(d <= 1, near, torch.where(d < 2, far, torch.zeros_like(d)))
