"""Predictor: a functional model's run in inference, made once and used while nothing changes."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from operator import itemgetter
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from ..hooks import is_hooked
from ..network import Network
from .inference_run import InferenceRun, can_run

__all__ = ["Predictor", "fastest", "predictor_of"]

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
_made: weakref.WeakKeyDictionary[nn.Module, Predictor] = weakref.WeakKeyDictionary()


def predictor_of(model: Network) -> Predictor | None:
    """The predictor of a model, made anew where anything in it has changed; None where it has none.

    A model has one if it is joined from layers, on the processor, in float32, and nothing hooks
    into it; under autocast none has.
    """
    if torch.is_autocast_enabled("cpu"):
        return None
    found = _made.get(model)
    if found is not None and found.is_current(model):
        return found
    _made.pop(model, None)
    if not can_run(model):
        return None
    found = _made[model] = Predictor(model)
    return found


def fastest(model: Network) -> Callable[[Any], Any]:
    """What gives a model's outputs in inference: its predictor, or the model where it has none."""
    faster = predictor_of(model)
    if faster is None:
        return model

    def run(images: Any) -> Any:
        try:
            return faster(images)
        except RuntimeError:
            return model(images)  # which says in words what is wrong

    return run


class _Held(NamedTuple):
    """A tensor that was read: its place, version and address, and the number in its middle.

    PyTorch counts the versions, but not where numbers are changed through `.data`: of these only a
    change that reaches the number in the middle is seen.
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


class Predictor(InferenceRun):
    """The run of a model as it was when this was made: `is_current` says whether it is so still.

    Args:
        model: functional, built, on the processor.
    """

    def __init__(self, model: Network) -> None:
        super().__init__(model)
        self._children = list(model.modules())[1:]
        self._held = [
            _Held.of(table, name)
            for module in self._children
            for table in (module._parameters, module._buffers)
            for name, tensor in table.items()
            if tensor is not None
        ]
        self._absent = [
            (table, name)
            for module in self._children
            for table in (module._parameters, module._buffers)
            for name, tensor in table.items()
            if tensor is None
        ]
        self._parts = self.runs
        found = [_Settings.of(layer) for run in self._parts for layer in run.joined]
        self._settings = [settings for settings in found if settings is not None]

    def is_current(self, model: Network) -> bool:
        """Whether the model is as it was when this was made of it."""
        for part in self._parts:
            if not part.has_its_graph():
                return False
        if is_hooked((model, *self._children)):
            return False
        for held in self._held:
            if not held.is_there():
                return False
        for table, name in self._absent:
            if table.get(name) is not None:
                return False
        return all(read(own) == kept for own, read, kept in self._settings)

    def trains(self, model: Network) -> bool:
        """Whether the model or a part of it is in training mode."""
        return model.training or any(child.training for child in self._children)


class _Settings(NamedTuple):
    """What of a layer was read when a predictor was made of it, and how to read it again."""

    own: dict[str, Any]
    read: Callable[[dict[str, Any]], Any]
    kept: Any

    @classmethod
    def of(cls, layer: Any) -> _Settings | None:
        """Of a layer; None where it has none."""
        own = vars(layer)
        names = [name for name in _SETTINGS if name in own]
        if not names:
            return None
        read = itemgetter(*names)
        return cls(own, read, read(own))
