"""The weights of a layer as Keras speaks of them: one list of arrays, kernels in HWIO order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from .. import _check

__all__ = ["get_arrays", "keyed_tensors", "set_arrays"]


def keyed_tensors(module: nn.Module) -> Iterator[tuple[str, Tensor, tuple[int, ...]]]:
    """(state name, tensor, permutation to Keras' order) of all weights, in Keras' order.

    Own parameters come first, then own moving statistics, then those of the layers inside; a
    layer that stands in two places is listed once.
    """
    seen: set[int] = set()
    for prefix, part in module.named_modules():
        layout: dict[str, tuple[int, ...]] = getattr(part, "keras_weights", {})
        own = {**part._parameters, **part._buffers}
        names = [*layout, *(name for name in own if name not in layout)]
        for name in names:
            tensor = own.get(name)
            if tensor is None or name in part._non_persistent_buffers_set or id(tensor) in seen:
                continue
            seen.add(id(tensor))
            yield f"{prefix}.{name}".lstrip("."), tensor, layout.get(name, ())


def get_arrays(layer: nn.Module) -> list[np.ndarray[Any, Any]]:
    """Copies of all weights in Keras' order and layout."""
    return [
        (tensor.detach().permute(order) if order else tensor.detach()).cpu().numpy().copy()
        for _, tensor, order in keyed_tensors(layer)
    ]


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
    for (key, tensor, order), array in zip(entries, arrays, strict=True):
        wanted = tuple(tensor.permute(order).shape) if order else tuple(tensor.shape)
        given = torch.as_tensor(np.asarray(array))
        if tuple(given.shape) != wanted:
            rule = f"have shape {wanted}"
            _check.fail(place, f"weights[{len(ready)}] ({key})", rule, tuple(given.shape))
        inverse = sorted(range(len(order)), key=order.__getitem__)
        ready.append((tensor, given.permute(inverse) if order else given))
    with torch.no_grad():
        for tensor, given in ready:
            tensor.copy_(given)
