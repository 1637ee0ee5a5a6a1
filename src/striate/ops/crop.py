"""Windows cut out of pictures: where boxes say, or anywhere."""

from __future__ import annotations

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from .. import _check
from ..shapes import Size
from .arrays import takes_arrays
from .sampling import INTERPOLATIONS, coordinate_type, pick, sample

__all__ = ["crop_and_resize", "random_crop"]


@takes_arrays
def crop_and_resize(
    images: Float[Tensor, "n h w c"],
    boxes: Any,
    box_indices: Any,
    crop_size: Any,
    *,
    interpolation: str = "bilinear",
    extrapolation_value: float = 0.0,
) -> Float[Tensor, "b oh ow c"]:
    """Boxes cut out of pictures and brought to one size, as TensorFlow's op of this name.

    The corners of a box fall on the middles of the corner pixels: row i of a crop is read at
    (y1 + (y2 - y1) i / (height - 1)) (h - 1), and a crop of one row at the middle of its box. A
    box with y1 > y2 is cut upside down.

    Args:
        boxes: (b, 4), each y1, x1, y2, x2; 0 and 1 are the first and the last row or column.
        box_indices: (b,) whole numbers: the picture that each box is cut from.
        crop_size: (height, width) of the result in pixels.
        interpolation: "bilinear", or "nearest", where a half goes to the later pixel.
        extrapolation_value: what lies outside a picture.

    Shape:
        input  (n, h, w, c)
        output (b, height, width, c)

    Raises:
        ArgumentError: a size below 1, an unknown interpolation, an index without a picture.
        ShapeError: pictures that are not 4-dimensional, boxes that are not (b, 4) with b indices.

    Example:
        >>> x = torch.arange(9.0).reshape(1, 3, 3, 1)
        >>> y = crop_and_resize(x, [[0, 0, 1, 0.5]], box_indices=[0], crop_size=(2, 2))
        >>> y.flatten().tolist()
        [0.0, 1.0, 6.0, 7.0]
    """
    place = "crop_and_resize"
    height, width = _check.pair(place, "crop_size", crop_size)
    _check.choice(place, "interpolation", interpolation, INTERPOLATIONS)
    _check.rank(place, images.shape, 4, "(n, h, w, c)")
    corners = torch.as_tensor(boxes, dtype=coordinate_type(images), device=images.device)
    pictures = torch.as_tensor(box_indices, dtype=torch.int64, device=images.device)
    if corners.shape != (*pictures.shape, 4) or pictures.dim() != 1:
        shapes = {"boxes": corners.shape, "box_indices": pictures.shape}
        _check.shapes_fail(place, "boxes", "be (b, 4), with b box_indices", shapes)
    if pictures.device.type == "cpu" and not torch.compiler.is_compiling():
        if not bool(((pictures >= 0) & (pictures < images.shape[0])).all()):
            rule = f"name pictures of the batch, 0 to {images.shape[0] - 1}"
            _check.fail(place, "box_indices", rule, pictures.tolist())
    y1, x1, y2, x2 = corners.unbind(1)
    rows = _between(y1, y2, images.shape[1], height)
    columns = _between(x1, x2, images.shape[2], width)
    inside = _within(rows, images.shape[1]).unsqueeze(2)
    inside = inside & _within(columns, images.shape[2]).unsqueeze(1)
    if interpolation == "nearest":
        rows, columns = (rows + 0.5).floor(), (columns + 0.5).floor()
    y = sample(
        images,
        rows.unsqueeze(2),
        columns.unsqueeze(1),
        interpolation=interpolation,
        fill_mode="nearest",
        pictures=pictures,
    )
    return torch.where(inside[..., None], y, extrapolation_value)


def _between(first: Tensor, last: Tensor, size: Size, count: int) -> Tensor:
    """(b, count) places from first to last, both met exactly, in pixels of a picture."""
    first, last = first * (size - 1), last * (size - 1)
    if count == 1:
        return ((first + last) * 0.5).unsqueeze(1)
    parts = torch.arange(count, dtype=first.dtype, device=first.device) / (count - 1)
    return torch.lerp(first.unsqueeze(1), last.unsqueeze(1), parts)


def _within(places: Tensor, size: Size) -> Tensor:
    inside: Tensor = (places >= 0) & (places <= size - 1)
    return inside


@takes_arrays
def random_crop(
    images: Float[Tensor, "n h w c"],
    size: Any,
    *,
    draws: Tensor | None = None,
) -> Float[Tensor, "n oh ow c"]:
    """A window of each picture, somewhere: every place is as likely as every other.

    Args:
        size: (height, width) of the windows in pixels.
        draws: (n, 2) numbers in [0, 1), which say how far down and to the right each window
            lies, such as `ops.random.uniform` gives. Default None: torch's generator draws.

    Shape:
        input  (n, h, w, c)
        output (n, height, width, c)

    Raises:
        ArgumentError: a size below 1.
        ShapeError: pictures that are not 4-dimensional or smaller than the window; draws that are
            not (n, 2).

    Example:
        >>> x = torch.arange(5.0).reshape(1, 1, 5, 1)
        >>> random_crop(x, (1, 3), draws=torch.tensor([[0.0, 0.5]])).flatten().tolist()
        [1.0, 2.0, 3.0]
    """
    height, width = _check.pair("random_crop", "size", size)
    _check.rank("random_crop", images.shape, 4, "(n, h, w, c)")
    n, h, w = images.shape[:3]
    if h < height or w < width:
        rule = f"be at least as large as the window, {height}x{width}"
        _check.shape_fail("random_crop", rule, images.shape, "Resize the pictures first.")
    if draws is None:
        draws = torch.rand((n, 2), device=images.device)
    elif tuple(draws.shape) != (n, 2):
        shapes = {"images": images.shape, "draws": draws.shape}
        _check.shapes_fail("random_crop", "draws", "be (n, 2), two for each picture", shapes)
    rows = _starts(draws[:, 0], h - height) + torch.arange(height, device=images.device)
    columns = _starts(draws[:, 1], w - width) + torch.arange(width, device=images.device)
    return pick(images, rows, columns)


def _starts(draws: Tensor, room: Size) -> Tensor:
    """(n, 1) whole numbers from 0 to room: floor(u (room + 1)), in integers, which do not round."""
    parts = (draws * 2.0**24).to(torch.int64)
    starts: Tensor = (parts * (room + 1)).bitwise_right_shift(24).clamp(0, room)
    return starts.unsqueeze(1)
