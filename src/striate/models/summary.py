"""The table of a model as the books print it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .. import structure
from ..layers.base import Layer
from ..layers.weights import keyed_tensors
from .inputs import InputLayer
from .network import Network

__all__ = ["counts", "table"]

_COLUMNS = (29, 55, 65)
_CONNECTED_COLUMNS = (32, 53, 65, 98)


def table(model: Network) -> list[str]:
    """The lines of the summary.

    Layers one after the other have three columns; a graph with branches has a fourth that says
    which layers each one is connected to. The last lines count parameters and moving statistics.

    Raises:
        NotBuiltError: the input shape is not known yet.
    """
    model._require_built("summary")
    columns = _COLUMNS if _is_chain(model) else _CONNECTED_COLUMNS
    head = ["Layer (type)", "Output Shape", "Param #", "Connected to"][: len(columns)]
    thin, thick = "_" * columns[-1], "=" * columns[-1]
    lines = [f'Model: "{model.name}"', thin, _row(head, columns), thick]
    for cells, sources in _layer_cells(model):
        if len(columns) == 3:
            lines += [_row(cells, columns), thin]
            continue
        lines.append(_row([*cells, next(iter(sources), "")], columns))
        lines += [_row(["", "", "", source], columns) for source in sources[1:]]
        lines.append(thin)
    if lines[-1] == thin:
        lines[-1] = thick
    total, trainable = counts(model)
    lines += [
        f"Total params: {total:,}",
        f"Trainable params: {trainable:,}",
        f"Non-trainable params: {total - trainable:,}",
        thin,
    ]
    return lines


def counts(model: Layer) -> tuple[int, int]:
    """(all, trainable) numbers that a model holds."""
    tensors = [tensor for _, tensor, _ in keyed_tensors(model)]
    return sum(t.numel() for t in tensors), sum(t.numel() for t in tensors if t.requires_grad)


def _layer_cells(model: Network) -> Iterator[tuple[list[str], list[str]]]:
    names = dict(zip(map(id, model.layers), model.layer_names, strict=True))
    members = set(names)
    for layer in model.layers:
        calls = [call for call in layer._calls if _belongs(call, members, model)]
        shapes = structure.map_leaves(lambda t: t.shape, calls[0].outputs) if calls else None
        if shapes is None and layer.built_for is not None:
            shapes = layer.output_shape(layer.built_for)
        text = f"[{shapes}]" if isinstance(layer, InputLayer) else str(shapes or "?")
        sources = [
            f"{names[id(tensor.call.layer)]}[0][0]"
            for call in calls[:1]
            for tensor in call.inputs
            if tensor.call and id(tensor.call.layer) in names
        ]
        kind = f"{names[id(layer)]} ({type(layer).__name__})"
        yield [kind, text, str(layer.count_params())], sources


def _belongs(call: Any, members: set[int], model: Network) -> bool:
    """Whether a call is one of this model's graph, and not of another that shares the layer."""
    if model._graph is None:
        return True
    starts = [t.call for t in structure.leaves(model._graph.inputs)]
    return call in model._graph.calls or call in starts


def _is_chain(model: Network) -> bool:
    graph = model._graph
    if graph is None:
        return True
    one_each = all(len(call.inputs) == 1 for call in graph.calls)
    uses = [id(tensor) for call in graph.calls for tensor in call.inputs]
    return one_each and len(uses) == len(set(uses)) and len(structure.leaves(graph.inputs)) == 1


def _row(cells: list[str], columns: tuple[int, ...]) -> str:
    """One line; a cell that is too long is cut, as in the books."""
    line = ""
    for number, (cell, end) in enumerate(zip(cells, columns, strict=True)):
        if number:
            line = line[:-1] + " "
        line = (line + cell)[:end].ljust(end)
    return line
