"""checkpointed: a model's run in segments, each of which keeps its ends alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from torch.utils.checkpoint import checkpoint

from ... import structure
from ...layers.symbolic import Call, SymbolicTensor
from ..backbone import Backbone
from ..graph import Graph
from ..graph_run import GraphRun
from ..network import Network

__all__ = ["checkpointed"]

Run = Callable[[Any], Any]


def checkpointed(model: Network) -> Run | None:
    """The run of a model in training that keeps the ends of its segments and makes the rest again.

    A segment is a stage; where there are no stages, as many layers as there are then segments. The
    last one, which the backward pass enters first, keeps all. It is for a plan: what a run changes
    beside its outputs, such as moving statistics, is changed twice.

    Args:
        model: built.

    Returns:
        Images -> outputs; None for a model that no graph joins, or of one segment.
    """
    graph = model._graph
    if graph is None:
        return None
    segments = _cut(graph.calls, _ends(model, graph.calls))
    return _Segments(graph, segments).run if len(segments) > 1 else None


def _ends(model: Network, calls: Sequence[Call]) -> list[int]:
    """After how many calls a segment ends."""
    if isinstance(model, Backbone) and model.stages:
        made = [id(tensor.call) for tensor in model._stages.values()]
        return [place + 1 for place, call in enumerate(calls) if id(call) in made]
    each = max(1, round(len(calls) ** 0.5))
    return list(range(each, len(calls), each))


def _cut(calls: Sequence[Call], ends: Sequence[int]) -> list[Sequence[Call]]:
    bounds = sorted({0, *ends, len(calls)})
    return [calls[start:end] for start, end in pairwise(bounds)]


class _Segments:
    """The calls of a graph, one segment after the other."""

    def __init__(self, graph: Graph, segments: Sequence[Sequence[Call]]) -> None:
        layers = {call.layer for calls in segments for call in calls}
        keys = {layer: str(number) for number, layer in enumerate(layers)}
        self._modules: Any = {key: layer for layer, key in keys.items()}
        self._graph = graph
        self._parts: list[tuple[list[SymbolicTensor], list[SymbolicTensor], GraphRun]] = []
        needed = _by_id(structure.leaves(graph.training_outputs))
        for calls in reversed(segments):
            made = _by_id(leaf for call in calls for leaf in structure.leaves(call.outputs))
            read = _by_id(tensor for call in calls for tensor in call.inputs)
            outputs = [tensor for key, tensor in made.items() if key in needed]
            inputs = [tensor for key, tensor in read.items() if key not in made]
            needed = {key: t for key, t in {**needed, **read}.items() if key not in made}
            run = GraphRun(inputs, tuple(outputs), calls, keys)
            self._parts.insert(0, (inputs, outputs, run))

    def run(self, images: Any) -> Any:
        """The outputs for images."""
        symbols = structure.leaves(self._graph.inputs)
        values = dict(zip(map(id, symbols), structure.leaves(images), strict=True))
        for place, (inputs, outputs, run) in enumerate(self._parts):
            given = [values[id(symbol)] for symbol in inputs]
            made = self._made(run, given, is_last=place == len(self._parts) - 1)
            values.update(zip(map(id, outputs), made, strict=True))
        return structure.map_leaves(lambda symbol: values[id(symbol)], self._graph.training_outputs)

    def _made(self, run: GraphRun, given: Sequence[Any], *, is_last: bool) -> Any:
        def segment(*tensors: Any) -> Any:
            return run(tensors, self._modules)

        if is_last:
            return segment(*given)
        return checkpoint(segment, *given, use_reentrant=False, preserve_rng_state=False)


def _by_id(tensors: Any) -> dict[int, SymbolicTensor]:
    return {id(tensor): tensor for tensor in tensors}
