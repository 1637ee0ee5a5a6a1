"""The parameters of an optimizer in two groups: those that decay, and those that do not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from .. import _check

__all__ = ["without_decay"]


def without_decay(
    entries: Sequence[Any], spared: Sequence[Tensor], *, place: str
) -> list[dict[str, Any]]:
    """Torch's groups, the second with no weight decay; a group of no parameter is left out.

    Args:
        entries: tensors or (name, tensor) pairs.
        spared: those that do not decay.
        place: the optimizer, for the messages.

    Raises:
        ArgumentError: `entries` are groups already, or a spared tensor is not among them.

    Example:
        >>> import torch
        >>> kernel, bias = torch.zeros(2, 2), torch.zeros(2)
        >>> [sorted(group) for group in without_decay([kernel, bias], [bias], place="SGD")]
        [['params'], ['params', 'weight_decay']]
    """
    if any(isinstance(entry, dict) for entry in entries):
        fix = 'Write "weight_decay": None into the groups that do not decay.'
        rule = "be tensors where `exclude_from_weight_decay` was called"
        _check.fail(place, "parameters", rule, "groups", fix)
    tensors = [entry[1] if isinstance(entry, tuple) else entry for entry in entries]
    known, left_out = {id(tensor) for tensor in tensors}, {id(tensor) for tensor in spared}
    for tensor in spared:
        if id(tensor) not in known:
            fix = "Ask the model for them after it is built."
            got = f"a tensor of shape {tuple(tensor.shape)}"
            _check.fail(place, "var_list", "hold parameters of the model", got, fix)
    pairs = list(zip(entries, tensors, strict=True))
    decayed = [entry for entry, tensor in pairs if id(tensor) not in left_out]
    others = [entry for entry, tensor in pairs if id(tensor) in left_out]
    groups: list[dict[str, Any]] = [
        {"params": decayed},
        {"params": others, "weight_decay": None},
    ]
    return [group for group in groups if group["params"]]
