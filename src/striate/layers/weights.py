"""The weights of a layer as Keras speaks of them: one list of arrays, kernels in HWIO order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from .. import _check

__all__ = ["from_keras", "get_arrays", "keyed_tensors", "set_arrays", "to_keras"]


def to_keras(tensor: Tensor, order: Sequence[int], multiplier: int | None = None) -> Tensor:
    """A view of a weight with the axes in Keras' order.

    Args:
        tensor: as PyTorch has it.
        order: the permutation; empty for none.
        multiplier: filters a channel of a depthwise kernel (c m, 1, h, w), which is permuted as
            (c, m, h, w). Default None: no such kernel.

    Example:
        >>> to_keras(torch.zeros(6, 1, 5, 7), (2, 3, 0, 1), multiplier=2).shape
        torch.Size([5, 7, 3, 2])
    """
    if multiplier is not None:
        tensor = tensor.squeeze(1).unflatten(0, (-1, multiplier))
    return tensor.permute(*order) if order else tensor


def from_keras(data: Tensor, order: Sequence[int], multiplier: int | None = None) -> Tensor:
    """The way back from `to_keras`: a new tensor, a kernel in channels-last memory."""
    if order:
        data = data.permute(sorted(range(len(order)), key=order.__getitem__))
    if multiplier is not None:
        data = data.flatten(0, 1).unsqueeze(1)
    # `contiguous` would keep strides that hide the layout where a size is 1, and torch's gradient
    # of a convolution with one filter then fails.
    layout = torch.channels_last if data.dim() == 4 else torch.contiguous_format
    return torch.empty_like(data, memory_format=layout).copy_(data)


def keyed_tensors(module: nn.Module) -> Iterator[tuple[str, Tensor, Tensor]]:
    """(state name, tensor, view of it in Keras' layout) of all weights, in Keras' order.

    Own parameters come first, then own moving statistics, then those of the layers inside; a
    layer that stands in two places is listed once.
    """
    seen: set[int] = set()
    for prefix, part in module.named_modules():
        layout: dict[str, tuple[int, ...]] = getattr(part, "keras_weights", {})
        multipliers: dict[str, str] = getattr(part, "keras_multipliers", {})
        own = {**part._parameters, **part._buffers}
        names = [*layout, *(name for name in own if name not in layout)]
        for name in names:
            tensor = own.get(name)
            if tensor is None or name in part._non_persistent_buffers_set or id(tensor) in seen:
                continue
            seen.add(id(tensor))
            many = getattr(part, multipliers[name]) if name in multipliers else None
            view = to_keras(tensor.detach(), layout.get(name, ()), many)
            yield f"{prefix}.{name}".lstrip("."), tensor, view


def get_arrays(layer: nn.Module) -> list[np.ndarray[Any, Any]]:
    """Copies of all weights in Keras' order and layout."""
    return [view.cpu().numpy().copy() for _, _, view in keyed_tensors(layer)]


def set_arrays(layer: nn.Module, arrays: Sequence[Any], *, place: str) -> None:
    """Copies arrays in Keras' order and layout into the weights.

    Raises:
        ArgumentError: another number of arrays, or an array of another shape.
    """
    entries = list(keyed_tensors(layer))
    if len(arrays) != len(entries):
        rule = f"hold {len(entries)} arrays: {', '.join(key for key, _, _ in entries)}"
        _check.fail(place, "weights", rule, len(arrays))
    ready: list[tuple[Tensor, Tensor]] = []
    for (key, _, view), array in zip(entries, arrays, strict=True):
        wanted = tuple(view.shape)
        given = torch.as_tensor(np.asarray(array, order="C"))
        if tuple(given.shape) != wanted:
            rule = f"have shape {wanted}"
            _check.fail(place, f"weights[{len(ready)}] ({key})", rule, tuple(given.shape))
        ready.append((view, given))
    for view, given in ready:
        view.copy_(given)
