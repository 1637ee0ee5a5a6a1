"""The parameters of an optimizer in groups: what decays, and at what part of the learning rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor

from .. import _check

__all__ = ["grouped"]


def grouped(
    entries: Sequence[Any],
    undecayed: Sequence[Tensor],
    scales: Mapping[Tensor, float],
    *,
    place: str,
) -> list[dict[str, Any]]:
    """Torch's groups: one for each factor of the learning rate, with and without weight decay.

    The whole rate comes first. A group of no parameter is left out.

    Args:
        entries: tensors or (name, tensor) pairs.
        undecayed: those that do not decay.
        scales: those that have a part of the learning rate, and which.
        place: the optimizer, for the messages.

    Raises:
        ArgumentError: `entries` are groups already, or a named tensor is not among them.

    Example:
        >>> import torch
        >>> kernel, bias = torch.zeros(2, 2), torch.zeros(2)
        >>> [sorted(group) for group in grouped([kernel, bias], [bias], {kernel: 0.1}, place="SGD")]
        [['params', 'weight_decay'], ['lr_scale', 'params']]
    """
    asked = "exclude_from_weight_decay" if undecayed else "scale_learning_rate"
    if any(isinstance(entry, dict) for entry in entries):
        key = '"weight_decay": None' if undecayed else '"lr_scale": 0.1'
        fix = f"Write {key} into the groups themselves."
        rule = f"be tensors where `{asked}` was called"
        _check.fail(place, "parameters", rule, "groups", fix)
    tensors = [entry[1] if isinstance(entry, tuple) else entry for entry in entries]
    _require_known([*undecayed, *scales], tensors, place)
    spared = {id(tensor) for tensor in undecayed}
    groups: dict[tuple[float, bool], dict[str, Any]] = {}
    for entry, tensor in zip(entries, tensors, strict=True):
        scale, decays = scales.get(tensor, 1.0), id(tensor) not in spared
        group = groups.setdefault((scale, decays), _group(scale, decays))
        group["params"].append(entry)
    order = sorted(groups, key=lambda key: (key[0] != 1.0, -key[0], not key[1]))
    return [groups[key] for key in order]


def _group(scale: float, decays: bool) -> dict[str, Any]:
    """An empty group with what sets it apart from the optimizer's own settings."""
    own: dict[str, Any] = {} if scale == 1.0 else {"lr_scale": scale}
    return {"params": [], **own} if decays else {"params": [], **own, "weight_decay": None}


def _require_known(named: Sequence[Tensor], tensors: Sequence[Tensor], place: str) -> None:
    known = {id(tensor) for tensor in tensors}
    for tensor in named:
        if id(tensor) not in known:
            fix = "Ask the model for them after it is built."
            got = f"a tensor of shape {tuple(tensor.shape)}"
            _check.fail(place, "var_list", "hold parameters of the model", got, fix)
