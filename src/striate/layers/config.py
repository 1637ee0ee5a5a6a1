"""Layers to and from JSON, through closed tables only: names, never code or import paths."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import fields
from typing import Any, NoReturn

from .. import _check
from .._registry import Registry
from ..errors import StriateError
from .activations import activation_functions
from .base import Layer, layer_types
from .function import lambda_functions
from .initializers import Initializer, initializer_types
from .regularizers import Regularizer, regularizer_types
from .state import BASE_ARGUMENTS, own_arguments

__all__ = ["from_json", "to_json"]

_DEEPEST = 16
"""Levels of lists and dicts that a configuration may hold."""

_OBJECTS: dict[str, tuple[type, Registry[Any]]] = {
    "initializer": (Initializer, initializer_types),
    "regularizer": (Regularizer, regularizer_types),
}
"""Key under which an object's name stands in JSON -> its class and its table."""


def to_json(layer: Layer) -> dict[str, Any]:
    """What JSON keeps of a layer: {"type": registered name, "config": {argument: plain value}}.

    Activation functions, initialisers, regularisers and functions become their registered names;
    tuples become lists. Weights are not part of it.

    Raises:
        WeightsError: the layer's class, or a function or object among its arguments, is not
            registered, so that no other program could load it.

    Example:
        >>> from striate.layers import Dropout
        >>> to_json(Dropout(0.5))
        {'type': 'Dropout', 'config': {'rate': 0.5, 'seed': None, 'name': None, 'trainable': True}}
    """
    name = layer_types.name_of(type(layer))
    if name is None:
        kind = type(layer).__name__
        rule = "be of a registered class to be saved"
        fix = f'Write @striate.layers.register_layer("{kind}") above the class.'
        _check.weights_fail(layer.place, rule, kind, fix)
    config = {
        argument: _encode(value, layer, argument, _DEEPEST)
        for argument, value in layer.get_config().items()
    }
    return {"type": name, "config": config}


def from_json(entry: Any) -> Layer:
    """The layer, not yet built, that `to_json` described.

    Raises:
        WeightsError: an unknown type or argument, an unknown name of a function or object, or a
            value that the constructor refuses.

    Example:
        >>> from_json({"type": "Dense", "config": {"units": 3, "activation": "relu"}}).units
        3
    """
    if not isinstance(entry, dict) or set(entry) != {"type", "config"}:
        rule = 'be an object with "type" and "config"'
        _refuse("layer entry", rule, entry)
    name, config = entry["type"], entry["config"]
    if not isinstance(name, str) or name not in layer_types:
        near = ", ".join(f'"{each}"' for each in _check.nearest(name, layer_types))
        fix = f"Nearest: {near}. Register your own classes before loading."
        _check.weights_fail("layer entry", "have the type of a registered layer", repr(name), fix)
    place = f'layer entry "{name}"'
    if not isinstance(config, dict):
        _refuse(place, 'hold an object as "config"', config)
    return _construct(layer_types.get(name), config, place)


def _construct(kind: type[Layer], config: dict[str, Any], place: str) -> Layer:
    known = [*own_arguments(kind), *BASE_ARGUMENTS]
    for key in config:
        if key not in known:
            near = ", ".join(_check.nearest(key, known))
            _refuse(place, f"hold only arguments of {kind.__name__}, such as {near}", key)
    values = {key: _decode(value, place, _DEEPEST) for key, value in config.items()}
    taken = inspect.signature(kind).parameters
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in taken.values()):
        layer: Layer = _made(kind, values, place)
        return layer
    layer = _made(kind, {key: value for key, value in values.items() if key in taken}, place)
    common = _made(Layer, {key: values[key] for key in values if key in BASE_ARGUMENTS}, place)
    for attribute in ("_name", "named_by_user", "_input_shape"):
        setattr(layer, attribute, getattr(common, attribute))
    layer.trainable = common.trainable
    return layer


def _made(kind: type, values: dict[str, Any], place: str) -> Any:
    """The new object; whatever a constructor raises becomes one kind of error."""
    try:
        return kind(**values)
    except (StriateError, TypeError, ValueError, AttributeError, OverflowError) as error:
        _refuse(place, "hold values that its constructor takes", error)


def _refuse(place: str, rule: str, got: object) -> NoReturn:
    text = str(got) if isinstance(got, Exception) else repr(got)
    short = text if len(text) <= 200 else f"{text[:200]}…"
    fix = "The file is damaged, or of another version: save the model again."
    _check.weights_fail(place, rule, short, fix)


def _encode(value: Any, layer: Layer, argument: str, levels: int) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if levels and isinstance(value, list | tuple):
        return [_encode(item, layer, argument, levels - 1) for item in value]
    if levels and isinstance(value, dict) and all(isinstance(key, str) for key in value):
        if not _is_tagged(value):
            return {k: _encode(item, layer, argument, levels - 1) for k, item in value.items()}
    for key, (base, table) in _OBJECTS.items():
        if isinstance(value, base):
            return _encode_object(value, key, table, layer, argument)
    if callable(value):
        return _encode_function(value, layer, argument)
    rule = f"hold numbers, words, lists and registered objects only in `{argument}` to be saved"
    fix = f"Keep a plain value in self.{argument}, or override get_config."
    _check.weights_fail(layer.place, rule, type(value).__name__, fix)


def _encode_object(
    value: Any, key: str, table: Registry[Any], layer: Layer, argument: str
) -> dict[str, Any]:
    name = table.name_of(type(value))
    if name is None:
        kind = type(value).__name__
        rule = f"have a registered {key} as `{argument}` to be saved"
        fix = f'Write @striate.layers.{key}s.{key}_types.register("{kind}") above the class.'
        _check.weights_fail(layer.place, rule, kind, fix)
    parts = {
        field.name: _encode(getattr(value, field.name), layer, argument, _DEEPEST)
        for field in fields(value)
    }
    return {key: name, **parts}


def _encode_function(value: Callable[..., Any], layer: Layer, argument: str) -> Any:
    name = activation_functions.name_of(value)
    if name is not None:
        return name if argument == "activation" else {"activation": name}
    name = lambda_functions.name_of(value)
    if name is not None:
        return {"function": name}
    title = getattr(value, "__name__", "function")
    rule = f"have a registered function as `{argument}` to be saved"
    fix = 'Write @striate.layers.register_function("a_name") above a function of its own.'
    _check.weights_fail(layer.place, rule, title, fix)


def _is_tagged(value: dict[str, Any]) -> bool:
    """Whether a dict stands for an object or a function of a table."""
    return any(key in value for key in (*_OBJECTS, "activation", "function"))


def _decode(value: Any, place: str, levels: int) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if levels and isinstance(value, list):
        return [_decode(item, place, levels - 1) for item in value]
    if levels and isinstance(value, dict):
        if _is_tagged(value):
            return _decode_tagged(value, place)
        return {str(key): _decode(item, place, levels - 1) for key, item in value.items()}
    _refuse(place, f"hold finite plain values, at most {_DEEPEST} levels deep", value)


def _decode_tagged(value: dict[str, Any], place: str) -> Any:
    for key, table in (("activation", activation_functions), ("function", lambda_functions)):
        if set(value) == {key}:
            return _named(table, value[key], place)
    for key, (_, table) in _OBJECTS.items():
        if key in value:
            kind = _named(table, value[key], place)
            parts = {name: part for name, part in value.items() if name != key}
            known = {field.name for field in fields(kind)}
            if not set(parts) <= known or not all(
                isinstance(part, int | float | str) for part in parts.values()
            ):
                _refuse(place, f'hold only the fields of the {key} "{value[key]}"', value)
            return _made(kind, parts, place)
    _refuse(place, "name one activation or one function", value)


def _named(table: Registry[Any], name: Any, place: str) -> Any:
    if not isinstance(name, str) or name not in table:
        near = ", ".join(f'"{each}"' for each in _check.nearest(name, table))
        fix = f"Nearest: {near}." if near else ""
        fix = f"{fix} Register your own before loading.".lstrip()
        _check.weights_fail(place, f"name a registered {table.kind}", repr(name), fix)
    return table.get(name)
