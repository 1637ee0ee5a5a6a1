"""The layers with which Keras' later nets begin, so that they take pixels of 0 to 255."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..layers import Normalization, Rescaling

__all__ = ["inside"]

_MEAN = (0.485, 0.456, 0.406)
_DEVIATION = (0.229, 0.224, 0.225)


def inside(architecture: str, *, trained: bool = True) -> Callable[[Any], Any] | None:
    """The layers between input and stem of Keras' version of a net; None where it has none.

    Args:
        architecture: by name.
        trained: whether the net gets Keras' trained weights. Keras' EfficientNet divides once more
            by the roots of deviations then, since its file holds these in place of variances.

    Example:
        >>> import striate
        >>> scaled = inside("mobilenet_v3_small")(striate.Input((224, 224, 3)))
        >>> scaled.shape
        (None, 224, 224, 3)
    """
    if architecture.startswith("efficientnet_b"):
        return _by_roots if trained else None
    return _LAYERS.get(architecture)


def _by_roots(x: Any) -> Any:
    """x / sqrt(deviation) of each channel."""
    zero = [0.0] * len(_DEVIATION)
    return Normalization(mean=zero, variance=list(_DEVIATION), name="rescaling_1")(x)


def _by_statistics(x: Any) -> Any:
    """Pixels at mean 0 and deviation 1, by the statistics of ImageNet."""
    return Normalization(
        mean=[255 * each for each in _MEAN],
        variance=[(255 * each) ** 2 for each in _DEVIATION],
        name="prestem_normalization",
    )(x)


def _rescaling(scale: float) -> Callable[[Any], Any]:
    def rescaled(x: Any) -> Any:
        return Rescaling(scale, offset=-1.0, name="rescaling")(x)

    return rescaled


_LAYERS: dict[str, Callable[[Any], Any]] = {
    "mobilenet_v3_large": _rescaling(1 / 127.5),
    "mobilenet_v3_small": _rescaling(1 / 127.5),
    "efficientnet_v2_s": _rescaling(1 / 128),
    "convnext_tiny": _by_statistics,
}
"""Architecture -> the layers, where they do not depend on the weights."""
