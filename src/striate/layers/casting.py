"""What a layer is given becomes tensors of the number type of its parameters."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from .. import structure
from .state import State

__all__ = ["are_tensors", "cast_to", "to_tensors"]


def cast_to(layer: State, x: Tensor) -> torch.dtype:
    """The number type in which a layer's `call` is given x.

    Whole numbers become floating point; floating point becomes the type of the layer's own
    parameters, but under autocast, which has rules of its own.
    """
    if not layer.casts_input or x.is_complex():
        return x.dtype
    if not x.is_floating_point():
        return layer._dtype()
    own = next((p for p in layer._parameters.values() if p is not None), None)
    if own is None or (not x.is_meta and torch.is_autocast_enabled(x.device.type)):
        return x.dtype
    return own.dtype


def to_tensors(layer: State, value: Any) -> Any:
    """Arrays become tensors where the parameters are, tensors are cast; the rest stays."""
    if isinstance(value, Tensor):
        return value.to(cast_to(layer, value))
    if isinstance(value, np.ndarray):
        tensor = torch.as_tensor(value if value.flags.writeable else value.copy())
        first = layer._first_parameter()
        if first is not None:
            tensor = tensor.to(first.device)
        return tensor.to(layer._dtype()) if layer.casts_input else tensor
    if isinstance(value, list | tuple | dict):
        return structure.map_leaves(lambda leaf: to_tensors(layer, leaf), value)
    return value


def are_tensors(value: Any) -> bool:
    """Whether a structure holds tensors and nothing else."""
    return all(isinstance(leaf, Tensor) for leaf in structure.leaves(value))
