"""GraphRun: the layer calls of a graph in order, with a place for each value between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from torch import Tensor, nn

from .. import structure
from ..layers.base import Layer
from ..layers.symbolic import Call, SymbolicTensor
from .exchange import commute, pooled_first

__all__ = ["GraphRun"]


@dataclass(frozen=True)
class _Slot:
    """The place of a tensor in the run's list of values."""

    index: int


@dataclass(frozen=True)
class _Step:
    """One layer call of the run: whom, on what, where the results go, what may be freed after.

    `only` is the slot of the argument, where that is one tensor and nothing else; `pool` the key of
    a pooling that runs with the call, see `exchange`.
    """

    key: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    only: int | None
    results: tuple[int, ...]
    reads: frozenset[int]
    frees: tuple[int, ...] = ()
    pool: str | None = None


class GraphRun:
    """A run from inputs to outputs; each value is dropped after its last use.

    Args:
        inputs, outputs: structures of symbolic tensors.
        calls: between them, in the order of the run.
        keys: of the layers, under which the modules are found.
    """

    def __init__(
        self, inputs: Any, outputs: Any, calls: Sequence[Call], keys: dict[Layer, str]
    ) -> None:
        slots: dict[int, _Slot] = {}
        for tensor in structure.leaves(inputs):
            slots.setdefault(id(tensor), _Slot(len(slots)))
        steps = [_step(call, keys[call.layer], slots) for call in calls]
        kept = {slots[id(tensor)].index for tensor in structure.leaves(outputs)}
        self._steps = _freeing(_with_pools(steps, calls, kept), kept)
        self._size = len(slots)
        self._inputs = [slots[id(tensor)].index for tensor in structure.leaves(inputs)]
        self._outputs = structure.map_leaves(lambda tensor: slots[id(tensor)], outputs)

    def __call__(self, given: Sequence[Any], modules: dict[str, nn.Module | None]) -> Any:
        """The outputs for input tensors, by the modules under the keys of the layers."""
        values: list[Any] = [None] * self._size
        _put(values, self._inputs, given)

        def take(leaf: Any) -> Any:
            return values[leaf.index] if isinstance(leaf, _Slot) else leaf

        for step in self._steps:
            layer: Any = modules[step.key]
            if step.only is None:
                result = _called(layer, *structure.map_leaves(take, (step.args, step.kwargs)))
            elif step.pool is None:
                result = layer(values[step.only])
            else:
                result = pooled_first(layer, modules[step.pool], values[step.only])
            if isinstance(result, Tensor):
                values[step.results[0]] = result
            else:
                _put(values, step.results, structure.leaves(result))
            for slot in step.frees:
                values[slot] = None
        return structure.map_leaves(take, self._outputs)


def _called(layer: Any, args: Any, kwargs: Any) -> Any:
    """What a layer gives; the run itself keeps no hold of what it gets."""
    return layer(*args, **kwargs)


def _put(values: list[Any], slots: Sequence[int], tensors: Sequence[Any]) -> None:
    for slot, tensor in zip(slots, tensors, strict=True):
        values[slot] = tensor


def _step(call: Call, key: str, slots: dict[int, _Slot]) -> _Step:
    reads = frozenset(slots[id(tensor)].index for tensor in call.inputs)
    made = structure.leaves(call.outputs)
    results = tuple([slots.setdefault(id(t), _Slot(len(slots))).index for t in made])
    args, kwargs = structure.map_leaves(
        lambda leaf: slots[id(leaf)] if isinstance(leaf, SymbolicTensor) else leaf,
        (call.args, call.kwargs),
    )
    plain = len(args) == 1 and not kwargs and isinstance(args[0], _Slot)
    return _Step(key, args, kwargs, args[0].index if plain else None, results, reads)


def _with_pools(steps: Sequence[_Step], calls: Sequence[Call], kept: set[int]) -> list[_Step]:
    """The steps, each pooling joined to the call before it where the two commute.

    What the call makes must be read by the pooling alone, and be no output.
    """
    readers = Counter(slot for step in steps for slot in step.reads)
    found: list[_Step] = []
    for number, step in enumerate(steps):
        before = found[-1] if found else None
        alone = step.only is not None and readers[step.only] == 1 and step.only not in kept
        if before is not None and alone and before.only is not None:
            pair = calls[number - 1].layer, calls[number].layer
            if before.results == (step.only,) and before.pool is None and commute(*pair):
                found[-1] = replace(before, results=step.results, pool=step.key)
                continue
        found.append(step)
    return found


def _freeing(steps: Sequence[_Step], kept: set[int]) -> list[_Step]:
    """The steps, each with what is read in it for the last time."""
    last = {slot: number for number, step in enumerate(steps) for slot in step.reads - kept}
    frees: dict[int, list[int]] = {}
    for slot, number in last.items():
        frees.setdefault(number, []).append(slot)
    return [replace(step, frees=tuple(frees.get(n, ()))) for n, step in enumerate(steps)]
