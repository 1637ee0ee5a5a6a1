"""InferenceRun: the steps of a functional model in inference, several calls in one."""

from __future__ import annotations

import math
import weakref
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple

import torch
from torch import Tensor

from ... import structure
from ...layers.base import Layer
from ...layers.dense import Dense
from ...layers.symbolic import SymbolicTensor
from ..costs import inference_calls
from ..hooks import is_hooked
from ..network import Network
from .chains import CONVOLVING, Link, chains
from .convolution import Convolution
from .link_function import link_function
from .product import Product

__all__ = ["InferenceRun", "can_run"]

_GRAPH_CALLS = ("striate.models.network", "striate.models.sequential")
"""Where the `call` of models is written that does nothing but run their graph."""


class _Step(NamedTuple):
    """A function, the places of what it is called on, of what it makes, and what it frees.

    `layer` is the first that it computes.
    """

    layer: Layer
    run: Callable[..., Any]
    args: Any
    kwargs: dict[str, Any]
    only: int | None
    results: tuple[int, ...]
    frees: tuple[int, ...]


class _Place(int):
    """The place of a value among the values of a run."""


def can_run(model: Network, devices: Sequence[str] = ("cpu",)) -> bool:
    """Whether a model has such a run: joined from layers, in float32, and nothing hooks into it.

    Args:
        model: any.
        devices: on which its weights may be.
    """
    runs_its_graph = type(model).call.__module__ in _GRAPH_CALLS
    if not runs_its_graph or model._graph is None or not model.built or is_hooked(model.modules()):
        return False
    for tensor in (*model.parameters(), *model.buffers()):
        if type(tensor.data) is not Tensor or tensor.device.type not in devices:
            return False
        if tensor.is_inference() or (
            tensor.is_floating_point() and tensor.dtype is not torch.float32
        ):
            return False
    inside = set(map(id, model.modules()))
    return all(id(call.layer) in inside for call in inference_calls(model))


class InferenceRun:
    """What a functional model gives in inference, within rounding, by fewer and faster calls.

    Normalisations are folded into the convolutions before them, and functions and sums after a
    convolution are computed with it. It is of the weights that the model has when it first runs.

    Args:
        model: that `can_run`.

    Example:
        >>> import striate
        >>> net = striate.Sequential([striate.layers.Dense(2, input_shape=(3,))])
        >>> with torch.inference_mode():
        ...     InferenceRun(net)(torch.zeros(1, 3))
        tensor([[0., 0.]])
    """

    def __init__(self, model: Network) -> None:
        graph: Any = model._graph
        self._model, self.graph = weakref.ref(model), weakref.ref(graph)
        self._checks = getattr(model, "_size_is_declared", True)
        links = chains(inference_calls(model), graph.outputs)
        joined = [link for link in links if type(link.head) in _READ or link.activation]
        self.joined = list(dict.fromkeys(call.layer for link in joined for call in link.calls))
        places: dict[int, _Place] = {}
        for tensor in structure.leaves(graph.inputs):
            places.setdefault(id(tensor), _Place(len(places)))
        self._inputs = [places[id(tensor)] for tensor in structure.leaves(graph.inputs)]
        self._steps = _steps(links, places, graph.outputs)
        self._outputs = structure.map_leaves(lambda tensor: places[id(tensor)], graph.outputs)
        self._size = len(places)
        self._numbers = [math.prod(t.shape[1:]) for t in _known(links)]

    @property
    def runs(self) -> list[InferenceRun]:
        """This run, and those of the models inside of the model."""
        inside = [step.run for step in self._steps if isinstance(step.run, InferenceRun)]
        return [self, *(run for one in inside for run in one.runs)]

    def has_its_graph(self) -> bool:
        """Whether the model has the graph still of which this was made."""
        model = self._model()
        return model is not None and model._graph is self.graph()

    def batch_in_cache(self) -> int:
        """Samples of which the largest map stays in a processor's cache: 8 at least.

        On a processor a batch that is greater takes longer for each of its samples.
        """
        largest = max(self._numbers, default=1)
        return max(8, _CACHE_BYTES // (4 * max(1, largest)))

    def __call__(
        self,
        images: Any,
        *,
        watch: Callable[[Layer], AbstractContextManager[Any]] | None = None,
    ) -> Any:
        """The outputs for inputs.

        Args:
            images: a tensor, or a structure as of the model's inputs.
            watch: gives a context for each step, by its first layer. Default None.

        Raises:
            ShapeError, ArgumentError: other inputs than the model has.
        """
        graph: Any = self.graph()
        if self._checks:
            graph.check_inputs(images)
        values: list[Any] = [None] * self._size
        _put(values, self._inputs, [_floating(tensor) for tensor in graph._given(images)])

        def take(leaf: Any) -> Any:
            return values[leaf] if type(leaf) is _Place else leaf

        for layer, run, args, kwargs, only, results, frees in self._steps:
            with watch(layer) if watch is not None else _NOTHING:
                if only is not None:
                    result = run(values[only])
                else:
                    result = _called(run, *structure.map_leaves(take, (args, kwargs)))
            if isinstance(result, Tensor):
                values[results[0]] = result
            else:
                _put(values, results, structure.leaves(result))
            for place in frees:
                values[place] = None
        return structure.map_leaves(take, self._outputs)

    def tensors(self) -> list[Tensor]:
        """What the run keeps beside the weights of the model: folded and packed kernels."""
        runs = [step.run for step in self._steps]
        kept = [one.tensors() for one in runs if isinstance(one, _KEEPING)]
        return [tensor for tensors in kept for tensor in tensors]


_CACHE_BYTES = 2**23
_NOTHING = nullcontext()
_KEEPING = (Convolution, Product, InferenceRun)
_READ = (*CONVOLVING, Dense)
"""Layers of which the settings are read when the run is made."""


def _known(links: Sequence[Link]) -> list[SymbolicTensor]:
    """What the links make, where its size is known."""
    made = [tensor for link in links for tensor in structure.leaves(link.made)]
    return [tensor for tensor in made if None not in tensor.shape[1:]]


def _floating(tensor: Tensor) -> Tensor:
    return tensor if tensor.is_floating_point() else tensor.to(torch.float32)


def _called(run: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    """What a function gives; the run itself keeps no hold of what it gets."""
    return run(*args, **kwargs)


def _put(values: list[Any], places: Sequence[int], tensors: Sequence[Any]) -> None:
    for place, tensor in zip(places, tensors, strict=True):
        values[place] = tensor


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
        drafts.append((link.head, _function(link), given, named, only, tuple(made)))
    kept = {places[id(tensor)] for tensor in structure.leaves(outputs)}
    frees: dict[int, list[int]] = {}
    for place, number in last.items():
        if place not in kept:
            frees.setdefault(number, []).append(place)
    return [_Step(*draft, tuple(frees.get(n, ()))) for n, draft in enumerate(drafts)]


def _function(link: Link) -> Callable[..., Any]:
    layer = link.head
    is_plain = not link.calls[0].kwargs and isinstance(layer, Network) and can_run(layer, _ANY)
    return InferenceRun(layer) if is_plain else link_function(link)


_ANY = ("cpu", "meta")
