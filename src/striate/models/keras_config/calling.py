"""The layers of a Keras model called in the order in which their inputs come to be."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from typing import Any

from ... import structure
from ...layers.base import Layer
from .lines import Refusal
from .nodes import Node, Source

__all__ = ["Results", "call_layers", "tensors_of"]

Results = dict[tuple[str, int], list[Any]]
"""(layer, number of the call) -> the symbolic tensors that it gave."""

_FIX = "The file is not as Keras writes it: save the model again."


def call_layers(
    layers: Mapping[str, Layer],
    nodes: Mapping[str, list[Node]],
    results: Results,
    *,
    count: Callable[[Layer], None],
    refuse: Refusal,
) -> None:
    """Calls the layers in their order, each call as soon as its inputs are there.

    Args:
        layers: by name, in the order of the configuration.
        nodes: name of each -> its calls.
        results: of the inputs; those of the calls are added.
        count: told of each call before it is made.
        refuse: raises, told what must hold, what was found and the way out.

    Raises:
        WeightsError: a call that waits forever, or has other arguments than inputs and `training`.
    """
    calls = {(name, number): node for name in layers for number, node in enumerate(nodes[name])}
    missing = {key: _keys(node) - results.keys() for key, node in calls.items()}
    users: dict[tuple[str, int], list[tuple[str, int]]] = {}
    for key, needed in missing.items():
        for source in needed:
            users.setdefault(source, []).append(key)
    place = {name: number for number, name in enumerate(layers)}
    ready = [(place[name], number, name) for (name, number), keys in missing.items() if not keys]
    heapq.heapify(ready)
    while ready:
        _, number, name = heapq.heappop(ready)
        count(layers[name])
        node = calls.pop((name, number))
        results[name, number] = _called(name, layers[name], node, results, refuse)
        for user in users.get((name, number), ()):
            missing[user].discard((name, number))
            if not missing[user]:
                heapq.heappush(ready, (place[user[0]], user[1], user[0]))
    if calls:
        rule = "join its layers without a circle, each to layers that are there"
        refuse(rule, f"{ascii(next(iter(calls))[0])[:80]} without its input", _FIX)


def tensors_of(value: Any, results: Results) -> Any:
    """A structure with the tensors in the place of their Sources."""

    def tensor(leaf: Any) -> Any:
        return results[_key(leaf)][leaf.leaf] if isinstance(leaf, Source) else leaf

    return structure.map_leaves(tensor, value)


def _called(name: str, layer: Layer, node: Node, results: Results, refuse: Refusal) -> list[Any]:
    told = {key: value for key, value in node.kwargs.items() if _is_told(value)}
    training = told.pop("training", None)
    args = node.args or (told.pop("inputs", None),)
    if told:
        rule = f"call {ascii(name)[:80]} on its inputs and `training` alone"
        refuse(rule, ", ".join(told)[:100], "Leave the rest out in Keras, and save again.")
    return _in_order(layer(*tensors_of(args, results), training=training))


def _is_told(value: Any) -> bool:
    """Whether an argument of a call says anything."""
    return any(leaf is not None for leaf in structure.leaves(value))


def _key(source: Source) -> tuple[str, int]:
    return source.layer, source.call


def _keys(node: Node) -> set[tuple[str, int]]:
    """The calls whose results a call needs."""
    found = structure.leaves([node.args, node.kwargs])
    return {_key(leaf) for leaf in found if isinstance(leaf, Source)}


def _in_order(found: Any) -> list[Any]:
    """The results of a call as Keras counts them: those of a dict by their sorted names."""
    if isinstance(found, dict):
        return [leaf for key in sorted(found) for leaf in _in_order(found[key])]
    if isinstance(found, tuple | list):
        return [leaf for part in found for leaf in _in_order(part)]
    return [found]
