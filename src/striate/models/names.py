"""Names of layers in a model: given ones are kept, the others are counted per model."""

from __future__ import annotations

from collections.abc import Container

from .. import _check
from ..layers.base import Layer

__all__ = ["free_name", "name_in"]


def free_name(stem: str, taken: Container[str]) -> str:
    """conv2d, conv2d_1, conv2d_2, …; inputs count from 1 as the books print them: input_1.

    Example:
        >>> free_name("conv2d", {"conv2d"}), free_name("input", ())
        ('conv2d_1', 'input_1')
    """
    if stem != "input" and stem not in taken:
        return stem
    number = 1
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"


def name_in(model: Layer, layer: Layer, taken: Container[str]) -> str:
    """The name of a layer in a model; an unnamed layer takes it for its own.

    Raises:
        ArgumentError: two layers of the model were given the same name.
    """
    if layer.named_by_user:
        if layer.name in taken:
            _check.fail(
                model.place,
                "name",
                "be different for each layer of a model",
                layer.name,
                "Give one of the two layers another name.",
            )
        return layer.name
    name = layer.name if layer._name and layer.name not in taken else ""
    name = name or free_name(layer.default_name, taken)
    if layer._name is None:
        layer._name = name
    return name
