"""How the layers of a Keras model are joined, from the two forms in which Keras writes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ... import structure
from .arguments import plain
from .layer_rules import MODELS

__all__ = ["Joints", "Node", "Source", "read_joints"]


@dataclass(frozen=True)
class Source:
    """A tensor of a net: one of the results of a call of a layer.

    Args:
        layer: its name.
        call: number of the call, from 0.
        leaf: number of the result, from 0.
    """

    layer: str
    call: int
    leaf: int


@dataclass(frozen=True)
class Node:
    """One call of a layer: structures with Sources among their leaves."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]


@dataclass(frozen=True)
class Joints:
    """How a net is joined.

    Args:
        nodes: name of each layer -> its calls.
        inputs, outputs: structures of Sources.
    """

    nodes: dict[str, list[Node]]
    inputs: Any
    outputs: Any


def read_joints(config: dict[str, Any]) -> Joints:
    """The calls and the ends of a net, the calls of each layer counted from 0.

    Keras 3 writes a call as {"args", "kwargs"}, Keras 2 as a list of tensors [layer, call, result,
    further arguments]. A net within a net has a call of its own, before those that join it: Keras 2
    counts it everywhere, Keras 3 at the ends only.

    Args:
        config: of a functional model.

    Example:
        >>> layer = {"name": "a", "class_name": "ReLU", "inbound_nodes": [[["x", 0, 0, {}]]]}
        >>> ends = {"input_layers": [["x", 0, 0]], "output_layers": [["a", 0, 0]]}
        >>> joints = read_joints({"layers": [layer], **ends})
        >>> joints.nodes["a"]
        [Node(args=(Source(layer='x', call=0, leaf=0),), kwargs={})]
        >>> joints.outputs
        Source(layer='a', call=0, leaf=0)
    """
    entries = config["layers"]
    written = {entry["name"]: entry["inbound_nodes"] for entry in entries}
    nets = {entry["name"]: MODELS.get(entry["class_name"]) for entry in entries}
    is_keras_3 = any(_is_new(node) for nodes in written.values() for node in nodes)
    nodes = {name: [_node(node) for node in found] for name, found in written.items()}
    inputs, outputs = _ends(config["input_layers"]), _ends(config["output_layers"])
    if is_keras_3:
        early = dict.fromkeys((name for name, net in nets.items() if net == "Functional"), 1)
        return Joints(nodes, _counted(inputs, early), _counted(outputs, early))
    early = _first_calls([nodes, inputs, outputs], [name for name, net in nets.items() if net])
    counted = {
        name: [_counted_node(node, early) for node in found] for name, found in nodes.items()
    }
    return Joints(counted, _counted(inputs, early), _counted(outputs, early))


def _is_new(node: Any) -> bool:
    return isinstance(node, dict) and set(node) == {"args", "kwargs"}


def _node(node: Any) -> Node:
    if _is_new(node):
        args, kwargs = _new(node["args"]), _new(node["kwargs"])
        if kwargs.get("training") is True:  # of Random layers always; predict of Keras 3 forgets it
            del kwargs["training"]
        return Node(tuple(args), kwargs)
    if isinstance(node, dict):
        return Node(({name: _old(each) for name, each in node.items()},), {})
    tensors = [node] if isinstance(node[0], str) else node
    kwargs = {}
    for tensor in tensors:
        kwargs.update(tensor[3] if len(tensor) > 3 else {})
    joined = [_old(tensor) for tensor in tensors]
    first = joined[0] if len(joined) == 1 else joined
    return Node((first,), {name: _old_argument(each) for name, each in kwargs.items()})


def _new(value: Any) -> Any:
    value = plain(value)
    if isinstance(value, list):
        return [_new(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("class_name") == "__keras_tensor__":
        return Source(*value["config"]["keras_history"])
    return {key: _new(item) for key, item in value.items()}


def _old(tensor: list[Any]) -> Any:
    """A tensor of Keras 2, or the number that stands in its place."""
    return tensor[2] if tensor[0] == "_CONSTANT_VALUE" else Source(*tensor[:3])


def _old_argument(value: Any) -> Any:
    if isinstance(value, list) and len(value) >= 3 and isinstance(value[0], str):
        return _old(value)
    return plain(value)


def _ends(written: Any) -> Any:
    """The inputs or outputs; one that stands alone in a list stands alone."""
    if isinstance(written, dict):
        return {name: _ends(each) for name, each in written.items()}
    if isinstance(written[0], str):
        return Source(*written[:3])
    found = [_ends(each) for each in written]
    return found[0] if len(found) == 1 else found


def _sources(value: Any) -> Iterator[Source]:
    for leaf in structure.leaves(value):
        if isinstance(leaf, Node):
            yield from _sources([leaf.args, leaf.kwargs])
        elif isinstance(leaf, Source):
            yield leaf


def _first_calls(joined: Any, nets: Iterable[str]) -> dict[str, int]:
    """The least number under which each net is named: every call of it is named somewhere."""
    named: dict[str, int] = {}
    for source in _sources(joined):
        named[source.layer] = min(source.call, named.get(source.layer, source.call))
    return {name: named[name] for name in nets if name in named}


def _counted(value: Any, early: dict[str, int]) -> Any:
    def count(leaf: Any) -> Any:
        if not isinstance(leaf, Source):
            return leaf
        return Source(leaf.layer, leaf.call - early.get(leaf.layer, 0), leaf.leaf)

    return structure.map_leaves(count, value)


def _counted_node(node: Node, early: dict[str, int]) -> Node:
    return Node(_counted(node.args, early), _counted(node.kwargs, early))
