"""Pictures turned, shifted, zoomed and flipped, each by its own amount."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from .. import _check
from ..shapes import Size
from .sampling import FILL_MODES, INTERPOLATIONS, coordinate_type, pick, sample

__all__ = ["affine_transform", "flip", "rotation", "scale_and_shift"]


def affine_transform(
    images: Float[Tensor, "n h w c"],
    matrices: Float[Tensor, "n 2 3"],
    *,
    interpolation: str = "bilinear",
    fill_mode: str = "constant",
    fill_value: float = 0.0,
) -> Float[Tensor, "n h w c"]:
    """Pictures bent by one affine map each; a matrix says where a pixel of the result comes from.

    y[n,i,j] = x[n] read at column m00 j + m01 i + m02 and row m10 j + m11 i + m12, in pixels, with
    pixel i's centre at i. Keras' eight numbers of a transform are (m00, m01, m02, m10, m11, m12,
    0, 0).

    Args:
        matrices: (n, 2, 3) maps from (x, y) of the result to (x, y) of the picture.
        interpolation: "nearest" or "bilinear".
        fill_mode: what lies outside: "constant", "nearest" (the edge), "reflect" (d c b a | a b c
            d) or "wrap" (the other side).
        fill_value: the number outside where fill_mode is "constant".

    Shape:
        input  (n, h, w, c)
        output (n, h, w, c)

    Raises:
        ArgumentError: an unknown interpolation or fill mode.
        ShapeError: pictures that are not 4-dimensional, matrices that are not (n, 2, 3).

    Example:
        >>> x = torch.tensor([1.0, 2.0, 3.0]).reshape(1, 1, 3, 1)
        >>> one_left = torch.tensor([[[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]])
        >>> affine_transform(x, one_left).flatten().tolist()
        [2.0, 3.0, 0.0]
    """
    _check.choice("affine_transform", "interpolation", interpolation, INTERPOLATIONS)
    _check.choice("affine_transform", "fill_mode", fill_mode, FILL_MODES)
    _check.rank("affine_transform", images.shape, 4, "(n, h, w, c)")
    n, h, w = images.shape[:3]
    if tuple(matrices.shape) != (n, 2, 3):
        shapes = {"images": images.shape, "matrices": matrices.shape}
        rule = "be (n, 2, 3), one for each picture"
        _check.shapes_fail("affine_transform", "matrices", rule, shapes)
    kind = coordinate_type(images)
    m = matrices.to(kind)[..., None, None]
    x = torch.arange(w, dtype=kind, device=images.device)
    y = torch.arange(h, dtype=kind, device=images.device)[:, None]
    columns = (m[:, 0, 0] * x + m[:, 0, 2]) + m[:, 0, 1] * y
    rows = (m[:, 1, 1] * y + m[:, 1, 2]) + m[:, 1, 0] * x
    return sample(
        images,
        rows,
        columns,
        interpolation=interpolation,
        fill_mode=fill_mode,
        fill_value=fill_value,
    )


def rotation(angles: Tensor, size: Sequence[Size]) -> Tensor:
    """(n, 2, 3) matrices that turn pictures about their middle, against the clock.

    Args:
        angles: (n,) in radians.
        size: (height, width) of the pictures.
    """
    cos, sin = angles.cos(), angles.sin()
    x, y = (size[1] - 1) / 2, (size[0] - 1) / 2
    flat = [cos, -sin, x - x * cos + y * sin, sin, cos, y - x * sin - y * cos]
    return torch.stack(flat, dim=1).reshape(-1, 2, 3)


def scale_and_shift(
    images: Tensor,
    *,
    scales: tuple[Tensor, Tensor] | None = None,
    shifts: tuple[Tensor, Tensor] | None = None,
    interpolation: str,
    fill_mode: str,
    fill_value: float,
) -> Tensor:
    """Pictures scaled about their middle and moved, not turned: rows and columns stay apart.

    Args:
        scales: (n,) for the height, (n,) for the width; at 2 things are half as large.
        shifts: (n,) pixels down, (n,) pixels to the right.
    """
    kind = coordinate_type(images)
    places = []
    for axis in (0, 1):
        size = images.shape[axis + 1]
        place = torch.arange(size, dtype=kind, device=images.device)
        if scales is not None:
            middle = (size - 1) / 2
            place = (place - middle) * scales[axis].unsqueeze(1) + middle
        if shifts is not None:
            place = place - shifts[axis].unsqueeze(1)
        places.append(place)
    return sample(
        images,
        places[0].unsqueeze(2),
        places[1].unsqueeze(1),
        interpolation=interpolation,
        fill_mode=fill_mode,
        fill_value=fill_value,
    )


def flip(
    images: Float[Tensor, "n h w c"],
    *,
    horizontal: bool | Tensor = False,
    vertical: bool | Tensor = False,
) -> Float[Tensor, "n h w c"]:
    """Pictures mirrored: left and right change places, or top and bottom.

    Args:
        horizontal: left and right: for all pictures, or (n,) of booleans, one for each.
        vertical: top and bottom, likewise.

    Shape:
        input  (n, h, w, c)
        output (n, h, w, c)

    Raises:
        ArgumentError: neither a boolean nor a tensor of one boolean for each picture.
        ShapeError: pictures that are not 4-dimensional.

    Example:
        >>> x = torch.tensor([[1.0, 2.0], [3.0, 4.0]]).reshape(2, 1, 2, 1)
        >>> flip(x, horizontal=torch.tensor([True, False])).flatten().tolist()
        [2.0, 1.0, 3.0, 4.0]
    """
    _check.rank("flip", images.shape, 4, "(n, h, w, c)")
    orders = []
    for argument, which, axis in (("vertical", vertical, 1), ("horizontal", horizontal, 2)):
        if not isinstance(which, Tensor):
            which = torch.tensor(_check.flag("flip", argument, which), device=images.device)
        elif which.dtype != torch.bool or which.shape != images.shape[:1]:
            got = f"{which.dtype} {tuple(which.shape)}"
            _check.fail("flip", argument, "be one boolean for each picture", got)
        order = torch.arange(images.shape[axis], device=images.device)
        orders.append(
            torch.where(which.unsqueeze(-1), order.flip(0), order).expand(images.shape[0], -1)
        )
    return pick(images, orders[0], orders[1])
