"""What a net says of one picture of noise: by this a change of its weights is seen."""

from __future__ import annotations

import torch
from torch import Tensor

from .. import structure
from ..errors import StriateError
from ..layers.mode import mode
from .network import Network

__all__ = ["answers", "moved"]

_FREE_PX = 96  # for a height or width that is not given


def answers(model: Network) -> list[Tensor] | None:
    """The outputs of inference on noise that is the same each time.

    None for a model without graph, and for one that refuses noise: a Normalization without
    statistics does.

    Args:
        model: built; it is left as it is.
    """
    if model._graph is None:
        return None
    weight = next((w for w in model.state_dict().values() if w.is_floating_point()), None)
    if weight is None or weight.is_meta:
        return None
    draw = torch.Generator().manual_seed(0)
    inputs = [
        torch.rand(
            [1, *(_FREE_PX if size is None else size for size in tensor.shape[1:])], generator=draw
        )
        for tensor in model.inputs
    ]
    inputs = [each.to(weight.device, weight.dtype) for each in inputs]
    given = structure.pack_like(model._graph.inputs, iter(inputs))
    try:
        with torch.no_grad(), mode(model, False):
            return [leaf.float().cpu() for leaf in structure.leaves(model(given))]
    except StriateError:
        return None


def moved(before: list[Tensor] | None, after: list[Tensor] | None) -> float | None:
    """The largest change of an output as a fraction of the largest output.

    Example:
        >>> moved([torch.tensor([1.0, 2.0])], [torch.tensor([1.0, 4.0])])
        0.5
    """
    if before is None or after is None:
        return None
    change = max(float((b - a).abs().max()) for a, b in zip(before, after, strict=True))
    largest = max(float(tensor.abs().max()) for tensor in (*before, *after))
    return change / largest if largest else 0.0
