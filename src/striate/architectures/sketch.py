"""sketch: an architecture without numbers, for its shapes and its costs."""

from __future__ import annotations

import torch

from ..models import Backbone
from .registry import ARCHITECTURES

__all__ = ["sketch"]


def sketch(
    name: str,
    input_shape: tuple[int | None, int | None, int] | None = None,
    *,
    classes: int | None = None,
    dialect: str = "paper",
) -> Backbone:
    """A net that needs no memory: its weights are on the meta device, so it cannot be run.

    Args:
        name: of an architecture.
        input_shape: (h, w, c). Default None: the paper's.
        classes: how many there are. Default None: the paper's.
        dialect: "paper", or where there is one "keras", "torchvision" or "timm".

    Raises:
        ArgumentError: no architecture has the name, or as of `Architecture`.

    Example:
        >>> sum(weight.numel() for weight in sketch("vgg16").parameters())
        138357544
    """
    architecture = ARCHITECTURES.get(name, place="sketch", argument="name")
    with torch.device("meta"):
        return architecture(input_shape, classes, dialect=dialect)
