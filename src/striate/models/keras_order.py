"""In which order Keras lists the layers of a model: by their depth, then as a walk meets them."""

from __future__ import annotations

from collections.abc import Iterator

from .. import structure
from ..layers.base import Layer
from ..layers.symbolic import Call, SymbolicTensor
from .graph import Chain, Graph
from .network import Network

__all__ = ["keras_order"]


def keras_order(model: Network) -> list[Layer]:
    """The layers of a model, without its inputs, as `model.layers` of Keras lists them.

    A Sequential's stand as they were added. Those of a functional model are sorted by how many
    calls lie between them and the outputs on the longest way, the farthest first; where that is
    the same, as a walk meets them that goes from the outputs back, depth first.

    Args:
        model: built.

    Example:
        >>> import striate
        >>> from striate.layers import Add, Conv2D
        >>> x = striate.Input((8, 8, 3))
        >>> one, two = Conv2D(3, 1, name="one")(x), Conv2D(3, 1, name="two")(x)
        >>> net = striate.Model(x, Add()([one, Conv2D(3, 1, name="end")(two)]))
        >>> [layer.name for layer in keras_order(net)]
        ['two', 'one', 'end', 'add']
    """
    graph = model._graph
    if graph is None or isinstance(graph, Chain):
        return model.layers
    met, finished = _walked(graph)
    depths = _depths(finished)
    return sorted(met, key=lambda layer: (-depths[layer], met[layer]))


def _walked(graph: Graph) -> tuple[dict[Layer, int], list[Call]]:
    """The turn at which each layer is met, and the calls, each after those that it needs."""
    given = {id(tensor) for tensor in structure.leaves(graph.inputs)}
    met: dict[Layer, int] = {}
    finished: dict[Call, None] = {}
    open_calls: list[tuple[Call | None, Iterator[SymbolicTensor]]] = [
        (None, iter(structure.leaves(graph.outputs)))
    ]
    while open_calls:
        owner, tensors = open_calls[-1]
        tensor = next((t for t in tensors if id(t) not in given and t.call not in finished), None)
        if tensor is not None and tensor.call is not None:
            met.setdefault(tensor.call.layer, len(met))
            open_calls.append((tensor.call, iter(tensor.call.inputs)))
        else:
            open_calls.pop()
            if owner is not None:
                finished[owner] = None
    return met, list(finished)


def _depths(finished: list[Call]) -> dict[Layer, int]:
    """How far each layer is from the outputs, where one that is used twice is at its farthest."""
    of_calls: dict[Call, int] = {}
    of_layers: dict[Layer, int] = {}
    for call in reversed(finished):
        depth = max(of_calls.get(call, 0), of_layers.get(call.layer, 0))
        of_layers[call.layer] = depth
        for tensor in call.inputs:
            if tensor.call is not None:
                of_calls[tensor.call] = max(depth + 1, of_calls.get(tensor.call, 0))
    return of_layers
