"""Lists, tuples and dicts of layers assigned to an attribute become registered containers.

torch registers a module only when it is assigned itself; in `self.blocks = [Conv2D(8, 3)]` the
convolution would hold no place in `parameters()` and silently never train. Here such a list
becomes a `ModuleList`, such a dict a `ModuleDict`; an empty one changes when it gets its first
layer. A function among layers, as in `[Conv2D(8, 3), self.activation]`, takes its place in the
order and holds no parameter.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any, SupportsIndex

from torch import nn

from .. import _check

__all__ = ["LayerDict", "register"]


class LayerDict(nn.Module):
    """Modules under names of any kind but "."; a name that torch keeps for itself gets a "_".

    torch's own ModuleDict refuses "train", "type", "forward" and the like.
    """

    def __init__(self) -> None:
        super().__init__()
        self.training = False  # as every new layer
        self._taken = frozenset(dir(self))

    def key(self, name: str) -> str:
        """The state name under which a layer of this name stands."""
        return f"{name}_" if name in self._taken else name

    def __setitem__(self, name: str, module: nn.Module) -> None:
        self._modules[self.key(name)] = module

    def __getitem__(self, name: str) -> nn.Module:
        module = self._modules[self.key(name)]
        if module is None:
            raise KeyError(name)
        return module

    def __delitem__(self, name: str) -> None:
        del self._modules[self.key(name)]

    def named(self) -> Iterator[tuple[str, nn.Module]]:
        """(name, module) in order, the names as given."""
        given = {self.key(name): name for name in self._taken}
        for key, module in self._modules.items():
            if module is not None:
                yield given.get(key, key), module

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.key(name) in self._modules

    def __len__(self) -> int:
        return len(self._modules)


class _Function(nn.Module):
    """A function in a container of layers."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__()
        self.function = function

    def forward(self, *args: Any) -> Any:
        return self.function(*args)


class _EmptyList(list[Any]):
    """An empty list of an owner that becomes a ModuleList with its first layer."""

    def __init__(self, owner: nn.Module, name: str) -> None:
        super().__init__()
        self._owner, self._attribute = owner, name

    def _settle(self) -> None:
        if any(isinstance(item, nn.Module) for item in self):
            setattr(self._owner, self._attribute, list(self))

    def append(self, item: Any) -> None:
        super().append(item)
        self._settle()

    def extend(self, items: Iterable[Any]) -> None:
        super().extend(items)
        self._settle()

    def insert(self, index: SupportsIndex, item: Any) -> None:
        super().insert(index, item)
        self._settle()

    def __iadd__(self, items: Iterable[Any]) -> _EmptyList:  # type: ignore[misc]
        self.extend(items)
        return self


class _EmptyDict(dict[Any, Any]):
    """An empty dict of an owner that becomes a ModuleDict with its first layer."""

    def __init__(self, owner: nn.Module, name: str) -> None:
        super().__init__()
        self._owner, self._attribute = owner, name

    def __setitem__(self, key: Any, item: Any) -> None:
        super().__setitem__(key, item)
        if isinstance(item, nn.Module):
            setattr(self._owner, self._attribute, dict(self))


def register(owner: nn.Module, name: str, value: Any) -> Any:
    """What is to be kept for `owner.<name> = value`: a container if the value holds modules.

    Raises:
        ArgumentError: layers are mixed with other things.
    """
    if isinstance(value, nn.Module):
        return value
    if isinstance(value, dict):
        return _register_dict(owner, name, value)
    if not isinstance(value, list | tuple) or hasattr(value, "_fields"):
        return value
    if not value:
        return _EmptyList(owner, name) if type(value) is list else value
    if not any(_holds_module(item) for item in value):
        return value
    _require_all(owner, name, value)
    return nn.ModuleList(_part(owner, name, item) for item in value)


def _register_dict(owner: nn.Module, name: str, value: dict[Any, Any]) -> Any:
    if not value:
        return _EmptyDict(owner, name) if type(value) is dict else value
    if not any(_holds_module(item) for item in value.values()):
        return value
    _require_all(owner, name, value.values())
    table = nn.ModuleDict()
    for key, item in value.items():
        table[str(key)] = _part(owner, name, item)
    return table


def _part(owner: nn.Module, name: str, item: Any) -> Any:
    return _Function(item) if inspect.isroutine(item) else register(owner, name, item)


def _holds_module(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_holds_module(item) for item in value.values())
    if isinstance(value, list | tuple):
        return any(_holds_module(item) for item in value)
    return isinstance(value, nn.Module)


def _require_all(owner: nn.Module, name: str, items: Iterable[Any]) -> None:
    for item in items:
        if not (_holds_module(item) or inspect.isroutine(item)):
            _check.fail(
                f"{type(owner).__name__}.{name}",
                name,
                "hold layers and functions only, or no layer",
                item,
                "Keep other things in an attribute of their own.",
            )
