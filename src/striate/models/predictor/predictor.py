"""Predictor: a functional model's run in inference, made once and used while nothing changes."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.modules import module as torch_module

from ... import structure
from ...layers.activations import linear
from ...layers.separable import SeparableConv2D
from ...layers.symbolic import SymbolicTensor
from ..costs import inference_calls
from ..network import Network
from .chains import CONVOLVING, Link, chains
from .convolution import Convolution
from .folding import fold_norm

__all__ = ["Predictor", "predictor_of"]

_SETTINGS = (
    "activation",
    "strides",
    "dilation_rate",
    "groups",
    "_sides",
    "epsilon",
    "threshold",
    "negative_slope",
    "max_value",
)
_GRAPH_CALLS = ("striate.models.network", "striate.models.sequential")
"""Where the `call` of models is written that does nothing but run their graph."""

_made: weakref.WeakKeyDictionary[nn.Module, Predictor] = weakref.WeakKeyDictionary()


def predictor_of(model: Network) -> Predictor | None:
    """The predictor of a model, made anew where anything in it has changed; None where it has none.

    A model has one if it is joined from layers, on the processor, in float32, and nothing hooks
    into it.
    """
    found = _made.get(model)
    if found is not None and found.is_current(model):
        return found
    _made.pop(model, None)
    if not _can_have_one(model):
        return None
    found = _made[model] = Predictor(model)
    return found


class _Held(NamedTuple):
    """A tensor that was read: its place, version and address, and the number in its middle.

    PyTorch counts the versions, but not where numbers are changed through `.data`.
    """

    table: dict[str, Any]
    name: str
    tensor: Tensor
    version: int
    address: int
    numbers: Any
    middle: Any

    @classmethod
    def of(cls, table: dict[str, Any], name: str) -> _Held:
        """What stands in a table of parameters or buffers."""
        tensor = table[name]
        numbers = tensor.detach().numpy()
        middle = numbers.item(numbers.size // 2) if numbers.size else None
        version, address = tensor._version, tensor.data_ptr()
        return cls(table, name, tensor, version, address, numbers, middle)

    def is_there(self) -> bool:
        """Whether the same tensor stands there, unchanged."""
        tensor, numbers = self.table.get(self.name), self.numbers
        if tensor is not self.tensor or tensor._version != self.version:
            return False
        if tensor.data_ptr() != self.address:
            return False
        return not numbers.size or numbers.item(numbers.size // 2) == self.middle


class _Step(NamedTuple):
    """A function, the places of what it is called on, of what it makes, and what it frees."""

    run: Callable[..., Any]
    args: Any
    kwargs: dict[str, Any]
    only: int | None
    results: tuple[int, ...]
    frees: tuple[int, ...]


class _Place(int):
    """The place of a value among the values of a run."""


class Predictor:
    """What a functional model gives in inference, within rounding, by fewer and faster calls.

    Normalisations are folded into the convolutions before them, and functions and sums after a
    convolution are computed with it. It is called with tensors in inference mode, and is of the
    model as it was when it was made: `is_current` says whether that is so still.

    Args:
        model: functional, built.

    Example:
        >>> import striate
        >>> net = striate.Sequential([striate.layers.Dense(2, input_shape=(3,))])
        >>> with torch.inference_mode():
        ...     Predictor(net)(torch.zeros(1, 3))
        tensor([[0., 0.]])
    """

    def __init__(self, model: Network) -> None:
        graph: Any = model._graph
        calls = inference_calls(model)
        self._graph = weakref.ref(graph)
        self._checks = getattr(model, "_size_is_declared", True)
        self._children = list(model.modules())[1:]
        self._held = [
            _Held.of(table, name)
            for module in self._children
            for table in (module._parameters, module._buffers)
            for name, tensor in table.items()
            if tensor is not None
        ]
        places: dict[int, _Place] = {}
        for tensor in structure.leaves(graph.inputs):
            places.setdefault(id(tensor), _Place(len(places)))
        self._inputs = [places[id(tensor)] for tensor in structure.leaves(graph.inputs)]
        links = chains(calls, graph.outputs)
        joined = [link for link in links if type(link.head) in CONVOLVING or link.activation]
        read = dict.fromkeys(call.layer for link in joined for call in link.calls)
        self._settings = [(layer, _settings(layer)) for layer in read]
        self._steps = _steps(links, places, graph.outputs)
        self._outputs = structure.map_leaves(lambda tensor: places[id(tensor)], graph.outputs)
        self._size = len(places)

    def is_current(self, model: Network) -> bool:
        """Whether the model is as it was when this was made of it."""
        if model._graph is not self._graph() or _is_hooked((model, *self._children)):
            return False
        if not all(held.is_there() for held in self._held):
            return False
        return all(_settings(layer) == kept for layer, kept in self._settings)

    def __call__(self, images: Any) -> Any:
        """The outputs for inputs.

        Raises:
            ShapeError, ArgumentError: other inputs than the model has.
        """
        graph: Any = self._graph()
        if self._checks:
            graph.check_inputs(images)
        values: list[Any] = [None] * self._size
        for start, tensor in zip(self._inputs, graph._given(images), strict=True):
            values[start] = tensor if tensor.is_floating_point() else tensor.to(torch.float32)

        def take(leaf: Any) -> Any:
            return values[leaf] if type(leaf) is _Place else leaf

        for run, args, kwargs, only, results, frees in self._steps:
            if only is not None:
                result = run(values[only])
            else:
                given, named = structure.map_leaves(take, (args, kwargs))
                result = run(*given, **named)
                del given, named  # else they would keep what is freed
            if isinstance(result, Tensor):
                values[results[0]] = result
            else:
                for place, tensor in zip(results, structure.leaves(result), strict=True):
                    values[place] = tensor
            for place in frees:
                values[place] = None
        return structure.map_leaves(take, self._outputs)


def _can_have_one(model: Network) -> bool:
    runs_its_graph = type(model).call.__module__ in _GRAPH_CALLS and "call" not in vars(model)
    if not runs_its_graph or model._graph is None or not model.built or _is_hooked(model.modules()):
        return False
    for tensor in (*model.parameters(), *model.buffers()):
        plain = type(tensor.data) is Tensor and tensor.device.type == "cpu"
        if not plain or tensor.is_inference():
            return False
        if tensor.is_floating_point() and tensor.dtype is not torch.float32:
            return False
    inside = set(map(id, model.modules()))
    return all(id(call.layer) in inside for call in inference_calls(model))


def _is_hooked(modules: Any) -> bool:
    if torch_module._has_any_global_hook():
        return True
    return any(module._forward_hooks or module._forward_pre_hooks for module in modules)


def _settings(layer: Any) -> list[Any]:
    """What of a layer is read when a predictor is made of it."""
    own = vars(layer)
    return [own.get(name) for name in _SETTINGS]


def _steps(links: Sequence[Link], places: dict[int, _Place], outputs: Any) -> list[_Step]:
    drafts = []
    last: dict[int, int] = {}
    for number, link in enumerate(links):
        call = link.calls[0]
        args = call.args if link.other is None else (*call.args, link.other)
        for tensor in structure.leaves((args, call.kwargs)):
            if isinstance(tensor, SymbolicTensor):
                last[places[id(tensor)]] = number
        made = [places.setdefault(id(t), _Place(len(places))) for t in structure.leaves(link.made)]
        given, named = structure.map_leaves(
            lambda leaf: places[id(leaf)] if isinstance(leaf, SymbolicTensor) else leaf,
            (args, call.kwargs),
        )
        plain = len(given) == 1 and not named and type(given[0]) is _Place
        only = given[0] if plain else None
        drafts.append((_function(link), given, named, only, tuple(made)))
    kept = {places[id(tensor)] for tensor in structure.leaves(outputs)}
    frees: dict[int, list[int]] = {}
    for place, number in last.items():
        if place not in kept:
            frees.setdefault(number, []).append(place)
    return [_Step(*draft, tuple(frees.get(n, ()))) for n, draft in enumerate(drafts)]


def _function(link: Link) -> Callable[..., Any]:
    """What computes a link in inference."""
    layer = link.head
    if link.calls[0].kwargs:
        return layer  # type: ignore[no-any-return]
    if type(layer) in CONVOLVING:
        return _convolution(link)
    if isinstance(layer, Network) and _can_have_one(layer):
        return Predictor(layer)
    run = layer.forward if type(layer).__module__.startswith("striate.layers.") else layer
    after = link.activation
    if after is None:
        return run  # type: ignore[no-any-return]
    return lambda x: after(run(x))


def _convolution(link: Link) -> Callable[..., Tensor]:
    layer = link.head
    separable = type(layer) is SeparableConv2D
    kernel = layer.pointwise_weight if separable else layer.weight

    def weights() -> tuple[Tensor, Tensor | None]:
        own = kernel.detach(), None if layer.bias is None else layer.bias.detach()
        return own if link.norm is None else fold_norm(*own, link.norm)

    activation = link.activation or layer.activation
    window: dict[str, Any] = {
        "strides": layer.strides,
        "sides": layer._sides,
        "dilation": layer.dilation_rate,
        "groups": getattr(layer, "groups", layer.built_for[-1]),
    }
    last = None if activation is linear else activation
    if not separable:
        return Convolution(weights, kernel.shape, **window, activation=last)
    depthwise = layer.depthwise_weight.detach()
    first = Convolution(lambda: (depthwise, None), depthwise.shape, **window)
    second = Convolution(weights, kernel.shape, activation=last)
    return lambda x, other=None: second(first(x), other)
