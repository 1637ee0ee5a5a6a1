"""The state of any optimizer by the names of its parameters, and back in the same layout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from .. import _check

__all__ = ["load_optimizer", "optimizer_state"]


def optimizer_state(model: nn.Module, optimizer: torch.optim.Optimizer) -> dict[str, Any]:
    """What the optimizer keeps for each parameter, and the numbers of its groups.

    Args:
        model: whose names the parameters get; one of another origin is named by its place.
        optimizer: one of ours that has its parameters, or any of torch.

    Example:
        >>> net = nn.Linear(1, 1)
        >>> adam = torch.optim.Adam(net.parameters())
        >>> _ = net(torch.ones(1, 1)).sum().backward(), adam.step()
        >>> sorted(optimizer_state(net, adam)["state"]["weight"])
        ['exp_avg', 'exp_avg_sq', 'step']
    """
    saved = optimizer.state_dict()
    names = _names(model, optimizer)
    groups = [
        {key: value for key, value in group.items() if not key.startswith("param")}
        for group in saved["param_groups"]
    ]
    return {
        "parameters": names,
        "state": {names[place]: entry for place, entry in saved["state"].items()},
        "groups": groups,
    }


def load_optimizer(
    model: nn.Module, optimizer: torch.optim.Optimizer, state: Mapping[str, Any], *, place: str
) -> None:
    """Gives an optimizer what `optimizer_state` wrote down; it comes to lie as its parameters do.

    Args:
        model, optimizer: like those of the saved run.
        state: to be taken over.
        place: the checkpoint, for the message.

    Raises:
        WeightsError: other parameters or groups than this optimizer's.
    """
    names = _names(model, optimizer)
    mine = optimizer.state_dict()["param_groups"]
    if list(state["parameters"]) != names or len(state["groups"]) != len(mine):
        odd = sorted(set(names) ^ set(state["parameters"])) or ["their order, or the groups"]
        rule = "hold the state of this optimizer's parameters"
        fix = "Give the model and the optimizer of the saved run."
        _check.weights_fail(place, rule, f"a difference in {odd[0]}", fix)
    groups = [
        {**{key: own[key] for key in own if key.startswith("param")}, **saved}
        for own, saved in zip(mine, state["groups"], strict=True)
    ]
    places = {name: number for number, name in enumerate(names)}
    entries = {places[name]: entry for name, entry in state["state"].items()}
    optimizer.load_state_dict({"state": entries, "param_groups": groups})
    for parameter, entry in optimizer.state.items():
        for key, value in entry.items() if isinstance(parameter, Tensor) else ():
            if isinstance(value, Tensor) and _lies_otherwise(value, parameter):
                entry[key] = torch.empty_like(parameter, dtype=value.dtype).copy_(value)


def _lies_otherwise(value: Tensor, parameter: Tensor) -> bool:
    return value.shape == parameter.shape and value.stride() != parameter.stride()


def _names(model: nn.Module, optimizer: torch.optim.Optimizer) -> list[str]:
    """A name for each parameter, in the order in which state_dict numbers them."""
    known = {id(tensor): name for name, tensor in model.named_parameters()}
    held = [p for group in optimizer.param_groups for p in group["params"]]
    return [known.get(id(tensor), f"parameter {place}") for place, tensor in enumerate(held)]
