"""Copies of a net that need less memory: with a larger stride, with a layer less."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import torch

from ... import optimizers
from ...errors import ShapeError, WeightsError
from ...plan.plan import Plan
from ..loading import rebuild
from ..network import Network
from ..saving import describe

__all__ = ["costliest_layer", "optimizer_for", "with_stride", "without_layer"]

_CONVOLUTIONS = ("Conv2D", "SeparableConv2D")

Description = dict[str, Any]


def with_stride(model: Network) -> Network | None:
    """A net on the meta device whose first convolution takes twice the steps.

    None where there is no convolution, or the picture is too small, or the net cannot be copied.
    """
    return _changed(model, _stride_two)


def without_layer(model: Network, name: str) -> Network | None:
    """A net on the meta device without a layer; None where the net cannot be copied so."""
    return _changed(model, lambda description: _leave_out(description, name))


def costliest_layer(model: Network, found: Plan) -> str | None:
    """The layer with weights that makes most, among those that leave the shape as it is."""
    best, most = None, 0
    shapes = dict(zip(model.layer_names, (layer.built_for for layer in model.layers), strict=True))
    for row in found.rows:
        made = row.kept_bytes if found.mode == "train" else row.output_bytes or 0
        given = shapes.get(row.name)
        if row.parameters and isinstance(given, tuple) and _same(given[1:], row.output_shape):
            if made > most:
                best, most = row.name, made
    return best


def optimizer_for(model: Network, given: Any) -> Any:
    """An optimizer like another that holds another net's weights; a name or None is left as it is.

    Args:
        model: the other net.
        given: a name, an optimizer in any state, or None.
    """
    if isinstance(given, optimizers.Optimizer):
        config = given.get_config() | {"learning_rate": given.learning_rate}
        return type(given)(**config)
    if isinstance(given, torch.optim.Optimizer):
        known = inspect.signature(type(given)).parameters
        settings = {name: value for name, value in given.defaults.items() if name in known}
        return type(given)([p for p in model.parameters() if p.requires_grad], **settings)
    return given


def _changed(model: Network, change: Callable[[Description], bool]) -> Network | None:
    try:
        description = describe(model)
        if not change(description):
            return None
        with torch.device("meta"):
            twin: Any = rebuild(description)
    except (ShapeError, WeightsError):
        return None
    if hasattr(model, "compiled"):
        twin.compiled = model.compiled
    return twin  # type: ignore[no-any-return]


def _stride_two(description: Description) -> bool:
    for part in description["layers"]:
        if part["type"] in _CONVOLUTIONS:
            steps = part["config"]["strides"]
            both = steps if isinstance(steps, list | tuple) else (steps, steps)
            part["config"]["strides"] = [2 * step for step in both]
            return True
    return False


def _leave_out(description: Description, name: str) -> bool:
    """Puts a layer that does nothing in the place of one."""
    for part in description["layers"]:
        if part.get("name") == name:
            part |= {"type": "Activation", "config": {"activation": "linear"}}
            return True
    return False


def _same(given: Sequence[Any], made: Sequence[Any]) -> bool:
    """Whether two shapes are alike where both are known."""
    both = zip(given, made, strict=False)
    return len(given) == len(made) and all(a in (None, b) for a, b in both)
