"""What one answer of a model costs: its multiply-adds, by the formulas of its layers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .. import structure
from ..layers.base import Layer
from ..layers.shape_inference import map_shapes
from ..layers.symbolic import Call
from .graph import Graph
from .network import Network
from .planning.counted import layer_multiply_adds

__all__ = ["inference_calls", "multiply_adds"]


def multiply_adds(model: Network) -> int | None:
    """How many multiply-adds a model needs for one sample: a product and its addition are one.

    They are added up by the formulas of the layers; those of a subclass with `call`, or of a layer
    that writes no formula, are counted in a run without numbers. Auxiliary outputs, which exist
    only in training, do not count. An open height or width has no cost: then it is None.

    Raises:
        NotBuiltError: the input shape is not known yet.

    Example:
        >>> import striate
        >>> net = striate.Sequential([striate.layers.Dense(10, input_shape=(784,))])
        >>> multiply_adds(net)
        7840
    """
    model._require_built("multiply_adds")
    if model._graph is None:
        return layer_multiply_adds(model, _one_sample(model.built_for or model.layers[0].built_for))
    found = [_of_layer(layer, shape) for layer, shape in _input_shapes(model)]
    known = [count for count in found if count is not None]
    return sum(known) if len(known) == len(found) else None


def _of_layer(layer: Layer, shape: Any) -> int | None:
    if isinstance(layer, Network):
        return multiply_adds(layer)
    each = shape if isinstance(shape, list) else [shape]
    if any(size is None for one in each for size in one):
        return None
    return layer_multiply_adds(layer, shape)


def _one_sample(shapes: Any) -> Any:
    return map_shapes(lambda shape: (1, *shape[1:]), shapes)


def inference_calls(model: Network) -> list[Call]:
    """The layer calls of a functional model in inference; none of a model that has no graph."""
    graph = model._graph
    if graph is None:
        return []
    return Graph(model, graph.inputs, graph.outputs).calls


def _input_shapes(model: Network) -> Iterator[tuple[Layer, Any]]:
    """Each layer of a run with the shape of one sample, or a list of them, that it gets."""
    for call in inference_calls(model):
        found = [(1, *leaf.shape[1:]) for leaf in structure.leaves(call.args)]
        yield call.layer, found[0] if len(found) == 1 else found
