"""Local response normalisation: strong feature maps hold back their neighbours."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from .. import _check
from .arrays import takes_arrays

__all__ = ["local_response_normalization", "local_response_normalization_parsed"]


@takes_arrays
def local_response_normalization(
    images: Float[Tensor, "n *o c"],
    depth_radius: int = 5,
    bias: float = 1.0,
    alpha: float = 1.0,
    beta: float = 0.5,
) -> Float[Tensor, "n *o c"]:
    """Divides each value by a power of the squares around it, along the channels.

    y_i = a_i / (bias + alpha * sum over j of a_j^2)^beta, j from i - depth_radius to
    i + depth_radius within the channels: the paper's formula, and TensorFlow's operation, whose
    defaults these are. alpha is not divided by the number of channels, as torch's layer does.
    Half formats are summed in float32.

    Args:
        depth_radius: channels on each side that count. Default 5: 11 channels in all.
        bias: the paper's k; above 0. Default 1.
        alpha: factor of the sum. Default 1.
        beta: exponent. Default 0.5.

    Shape:
        input  (n, ..., c)
        output (n, ..., c)

    Raises:
        ArgumentError: a radius that is no whole number of at least 0, a bias not above 0, alpha or
            beta below 0.
        ShapeError: images of fewer than 2 dimensions.

    Example:
        >>> x = torch.tensor([[1.0, 2.0, 2.0]])
        >>> local_response_normalization(x, 1, bias=3.0, alpha=1.0, beta=1.0)
        tensor([[0.1250, 0.1667, 0.1818]])

    Reference:
        Krizhevsky, Sutskever, Hinton, "ImageNet classification with deep convolutional neural
        networks", NIPS 2012, section 3.3: k=2, n=5, alpha=1e-4, beta=0.75, which is depth_radius=2,
        bias=2, alpha=1e-4, beta=0.75. Prints that sum alpha_j squared mean a_j, the activity.
    """
    place = "local_response_normalization"
    if images.dim() < 2:
        _check.shape_fail(place, "have 2 dimensions (n, c) or more", images.shape)
    return local_response_normalization_parsed(
        images,
        _check.whole(place, "depth_radius", depth_radius, 0),
        _check.positive(place, "bias", bias),
        _check.number(place, "alpha", alpha, low=0.0),
        _check.number(place, "beta", beta, low=0.0),
    )


def local_response_normalization_parsed(
    images: Tensor, depth_radius: int, bias: float, alpha: float, beta: float
) -> Tensor:
    """`local_response_normalization` with its arguments already checked: what the layer calls."""
    wide = images.float() if images.dtype in (torch.float16, torch.bfloat16) else images
    squares = F.pad(wide * wide, (depth_radius, depth_radius))
    sums = squares.unfold(-1, 2 * depth_radius + 1, 1).sum(-1)
    return (wide * (sums * alpha + bias).pow(-beta)).to(images.dtype)
