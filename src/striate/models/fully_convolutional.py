"""to_fully_convolutional: a classifier that takes pictures of any size, and answers by position."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

import torch
from torch import Tensor

from .. import _check, structure
from ..layers import AdaptiveAveragePooling2D
from ..layers.base import Layer
from ..layers.shape_inference import map_shapes
from ..layers.symbolic import Call, SymbolicTensor
from ..shapes import Shape
from ..train.step import device_of
from .backbone import Backbone
from .costs import inference_calls
from .graph import Chain
from .head_layers import STARTS, Laid, NotByPosition, as_convolution, as_window
from .inputs import Input
from .loading import rebuild
from .model import Model
from .network import Network
from .saving import describe
from .sequential import Sequential

__all__ = ["to_fully_convolutional"]

_PLACE = "to_fully_convolutional"


def to_fully_convolutional(net: Model) -> Model:
    """A copy of a classifier for pictures of any size, which answers at each position of a map.

    At the size of the given net it answers the same, as a map of 1 x 1. On a larger picture it
    answers at each place what the given net would answer for the window there, one net's stride
    after the other, in one run: exactly, but for rounding, where no layer pads the picture or its
    maps; else nearly so, since inside the picture there is no border to pad. Nets with gates that
    look at the whole map (squeeze-and-excitation) then look at the larger one.

    A Dense layer behind a Flatten becomes a convolution whose window is the whole map that it
    saw, further ones become 1 x 1 convolutions, and a global pooling a pooling with a window of
    that size and a stride of 1. Names, stages and origin stay; auxiliary outputs, which exist only
    in training, are left out.

    Args:
        net: functional or a built Sequential, on one picture (n, h, w, c) of known size; it stays
            as it is, and its weights are copied.

    Raises:
        NotBuiltError: a Sequential without an input shape.
        ArgumentError: a net with another input, or with a layer that cannot be asked by position;
            the message says which.
        ShapeError: a layer that is bound to one size of picture.
        WeightsError: a layer that is not registered, so that it cannot be copied.

    Example:
        >>> import torch, striate
        >>> net = striate.recipes.mnist_net()
        >>> anywhere = to_fully_convolutional(net)
        >>> anywhere(torch.zeros(1, 28, 28, 1)).shape, anywhere(torch.zeros(1, 60, 44, 1)).shape
        (torch.Size([1, 1, 1, 10]), torch.Size([1, 9, 5, 10]))

    Reference:
        Long, Shelhamer, Darrell, "Fully convolutional networks for semantic segmentation",
        CVPR 2015, arXiv 1411.4038, section 3.1.
    """
    shapes = [tensor.shape for tensor in net.inputs]
    if len(shapes) != 1 or len(shapes[0]) != 4 or None in shapes[0][1:]:
        texts = ", ".join(map(_check.shape_text, shapes))
        fix = "Build the net for the size that it was trained at."
        rule = "take one picture (n, h, w, c) of known size"
        _check.fail(_PLACE, "net", rule, f"{net.place}, which takes {texts}", fix)
    work = _Conversion(net)
    with torch.device(device_of(net)):
        twin, results = work.network(net, [Laid(shapes[0][1:])])
    for one in results:
        if one.order is not None and not one.is_by_position:
            work.refuse("the answer is the numbers of a whole map")
    state = net.state_dict(keep_vars=True)
    tensors = {name: work.kernels.get(id(old), old.detach()) for name, old in state.items()}
    wanted = twin.state_dict()
    twin.load_state_dict({name: tensors[name].clone() for name in wanted}, assign=True)
    return twin


@dataclass(frozen=True)
class _Step:
    """A call of the given net, and what it becomes.

    Args:
        call: of the given net.
        layer: its twin; None where nothing has to be done.
        is_gate: whether it stands between a pooling and the map that this weighs.
    """

    call: Call
    layer: Layer | None
    is_gate: bool


@dataclass
class _Conversion:
    """A net on its way to its twin.

    Args:
        net: the whole, for the messages.
        kernels: id of a Dense layer's weight -> the kernel that takes its place.
        twins: id of a layer -> what it was called on, its twin, and what that makes.
    """

    net: Model
    kernels: dict[int, Tensor] = field(default_factory=dict)
    twins: dict[int, tuple[list[Laid], Layer | None, list[Laid]]] = field(default_factory=dict)

    def network(self, net: Network, given: Sequence[Laid]) -> tuple[Model, list[Laid]]:
        """The twin of a net, not yet with its weights, and how its outputs lie."""
        graph: Any = net._graph
        calls = inference_calls(net)
        laid = dict(zip(map(id, structure.leaves(graph.inputs)), given, strict=True))
        gates = _gates(calls, laid)
        ends = [[tensor] for tensor in structure.leaves(graph.outputs)]
        ends += [call.inputs for call in calls if id(call) not in gates]
        if any(all(id(tensor.call) in gates for tensor in end) for end in ends):
            self.refuse("one pooling serves both an answer and a map")
        names = dict(zip(map(id, net.layers), net.layer_names, strict=True))
        steps: list[_Step] = []
        for call in calls:
            is_gate = id(call) in gates
            layer, results = self.twin(call, [laid[id(t)] for t in call.inputs], is_gate)
            if layer is not None:
                layer._name = names[id(call.layer)]
            steps.append(_Step(call, layer, is_gate))
            laid |= zip(map(id, structure.leaves(call.outputs)), results, strict=True)
        twin = _joined(net, steps, [one.shape[2] for one in given])
        return twin, [laid[id(end)] for end in structure.leaves(graph.outputs)]

    def twin(self, call: Call, given: list[Laid], is_gate: bool) -> tuple[Layer | None, list[Laid]]:
        """The twin of a call's layer, and how the results of the call lie."""
        layer = call.layer
        if id(layer) not in self.twins:
            found = self.made(call, given, is_gate)
            self.twins[id(layer)] = (given, *found)
            return found
        before, twin, results = self.twins[id(layer)]
        if not all(a.lies_like(b) for a, b in zip(before, given, strict=True)):
            if isinstance(layer, Network) or any(one.order is not None for one in given):
                self.refuse(f"{layer.place} is called on maps of several sizes or orders")
            results = _results(call, given)
        return twin, results

    def made(self, call: Call, given: list[Laid], is_gate: bool) -> tuple[Layer | None, list[Laid]]:
        """The twin of a layer that is met for the first time."""
        layer = call.layer
        is_row = any(one.order is not None for one in given)
        if not is_gate and isinstance(layer, Network) and layer._graph is not None:
            return self.network(layer, given)
        if is_gate or not (is_row or _begins(layer, given)):
            return rebuild(describe(layer)), _results(call, given)
        try:
            found = as_convolution(layer, given) if is_row else as_window(layer, given[0])
        except NotByPosition as why:
            self.refuse(f"{layer.place} is in the way: {why}")
        if found.kernel is not None:
            self.kernels[id(layer.weight)] = found.kernel
        return found.layer, [found.result]

    def refuse(self, why: str) -> NoReturn:
        """Says what stands in the way."""
        rule = "end in layers that can be asked at each position of a map"
        _check.fail(_PLACE, "net", rule, f"{self.net.place}, where {why}")


def _begins(layer: Layer, given: Sequence[Laid]) -> bool:
    """Whether a head begins here, or a pooling that is bound to the map's size."""
    is_map = len(given) == 1 and len(given[0].shape) == 3
    return is_map and isinstance(layer, (*STARTS, AdaptiveAveragePooling2D))


def _gates(calls: Sequence[Call], laid: Mapping[int, Laid]) -> set[int]:
    """Calls between a pooling and the map that it weighs: they stay as they are."""
    above: dict[int, set[int]] = {t: set() for t, one in laid.items() if one.order is not None}
    gates: set[int] = set()
    for call in calls:
        parts = [id(tensor) for tensor in call.inputs]
        behind = {one for part in parts for one in above.get(part, ())}
        if isinstance(call.layer, STARTS) or all(part in above for part in parts):
            ways = behind | {id(call)}
            above |= {id(tensor): ways for tensor in structure.leaves(call.outputs)}
        else:  # a map is among them
            gates |= behind
    return gates


def _results(call: Call, given: Sequence[Laid]) -> list[Laid]:
    """How the results of a layer that stays as it is lie: as they are."""
    values = iter([(1, *one.sample_shape) for one in given])
    args = structure.map_leaves(
        lambda leaf: next(values) if isinstance(leaf, SymbolicTensor) else leaf, call.args
    )
    found: list[Shape] = []
    map_shapes(found.append, call.layer.output_shape(*args))
    return [Laid(tuple(shape[1:])) for shape in found]


def _joined(net: Network, steps: Sequence[_Step], channels: Sequence[int]) -> Model:
    """The twins joined as the layers of a net are, for pictures of any size."""
    graph: Any = net._graph
    starts = structure.leaves(graph.inputs)
    inputs = [
        Input((None, None, c), name=start.call.layer.name if start.call else start.name)
        for start, c in zip(starts, channels, strict=True)
    ]
    made: dict[int, Any] = dict(zip(map(id, starts), inputs, strict=True))
    found: Model
    if isinstance(graph, Chain):
        layers = [step.layer for step in steps if step.layer is not None]
        found = Sequential([*inputs, *layers], name=net._name)
        for layer in layers:
            _check_any_size(layer, layer.output)
    else:
        for step in steps:
            _recall(step, made)
        found = _rejoined(net, made)
    if not net.trainable:
        found._trainable = False
    return found


def _recall(step: _Step, made: dict[int, Any]) -> None:
    """Calls a twin on what took the place of its layer's arguments."""
    call, layer = step.call, step.layer
    if layer is None:
        made[id(call.outputs)] = made[id(call.inputs[0])]
        return
    args, kwargs = structure.map_leaves(
        lambda leaf: made[id(leaf)] if isinstance(leaf, SymbolicTensor) else leaf,
        (call.args, call.kwargs),
    )
    results = layer(*args, **kwargs)
    if not step.is_gate:
        _check_any_size(layer, results)
    old, new = structure.leaves(call.outputs), structure.leaves(results)
    made |= zip(map(id, old), new, strict=True)


def _check_any_size(layer: Layer, results: Any) -> None:
    for tensor in structure.leaves(results):
        if len(tensor.shape) != 4 or tensor.shape[1:3] != (None, None):
            rule = "hold no layer that gives pictures of every size one size"
            _check.fail(_PLACE, "net", rule, f"{layer.place}, {_check.shape_text(tensor.shape)}")


def _rejoined(net: Network, made: Mapping[int, Any]) -> Model:
    graph: Any = net._graph
    ends = structure.map_leaves(lambda t: made[id(t)], (graph.inputs, graph.outputs))
    if isinstance(net, Backbone):
        stages = {name: made[id(t)] for name, t in net._stages.items()}
        return Backbone(*ends, stages=stages, name=net._name, origin=net.origin)
    return Model(*ends, name=net._name)
