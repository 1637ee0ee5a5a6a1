"""A state, nested as it comes, as JSON and named tensors, and back: nothing but data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from torch import Tensor

from .. import _check
from .as_written import NotAsWritten

__all__ = ["put_together", "take_apart"]


def take_apart(place: str, state: Any) -> tuple[Any, dict[str, Tensor]]:
    """A state as what JSON can hold, and the tensors that it names.

    A state is made of None, truth values, numbers, text, lists, tuples, dicts and tensors. No
    tensor is copied.

    Args:
        place: whose state it is, for the message.
        state: to be written down.

    Raises:
        ArgumentError: something else is in it.

    Example:
        >>> import torch
        >>> form, tensors = take_apart("fit", {"rate": 0.5, "best": torch.zeros(1)})
        >>> form, list(tensors)
        ({'record': {'rate': 0.5, 'best': {'tensor': 'best'}}}, ['best'])
    """
    tensors: dict[str, Tensor] = {}
    return _apart(place, state, (), tensors), tensors


def put_together(form: Any, tensors: Mapping[str, Tensor]) -> Any:
    """The state that `take_apart` took apart.

    Args:
        form: from JSON.
        tensors: by name.

    Raises:
        NotAsWritten: another form than `take_apart` gives, or a tensor that is not there.

    Example:
        >>> put_together({"tuple": [1, {"float": "inf"}]}, {})
        (1, inf)
    """
    if form is None or isinstance(form, bool | int | float | str):
        return form
    if isinstance(form, list):
        return [put_together(each, tensors) for each in form]
    if not isinstance(form, dict) or len(form) != 1:
        raise NotAsWritten("a state of an unknown form")
    ((kind, content),) = form.items()
    if kind == "tensor" and isinstance(content, str) and content in tensors:
        return tensors[content]
    if kind == "float" and content in ("inf", "-inf", "nan"):
        return float(content)
    if kind == "tuple" and isinstance(content, list):
        return tuple(put_together(each, tensors) for each in content)
    if kind == "record" and isinstance(content, dict):
        return {key: put_together(each, tensors) for key, each in content.items()}
    if kind == "pairs" and isinstance(content, list):
        return dict(_pair(each, tensors) for each in content)
    raise NotAsWritten(f"a state of an unknown form: {str(kind)[:40]}")


def _pair(form: Any, tensors: Mapping[str, Tensor]) -> tuple[Any, Any]:
    if not isinstance(form, list) or len(form) != 2 or not isinstance(form[0], bool | int | float):
        raise NotAsWritten("a state with a key of an unknown form")
    return form[0], put_together(form[1], tensors)


def _apart(place: str, value: Any, path: tuple[str, ...], tensors: dict[str, Tensor]) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"float": str(value)}
    if isinstance(value, Tensor):
        name = "/".join(path) or "value"
        while name in tensors:
            name += "'"
        tensors[name] = value.detach()
        return {"tensor": name}
    if isinstance(value, list | tuple):
        parts = [
            _apart(place, each, (*path, str(number)), tensors) for number, each in enumerate(value)
        ]
        return parts if isinstance(value, list) else {"tuple": parts}
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        rows = value.items()
        return {"record": {k: _apart(place, v, (*path, k), tensors) for k, v in rows}}
    if isinstance(value, Mapping) and all(isinstance(key, bool | int | float) for key in value):
        rows = value.items()
        return {"pairs": [[k, _apart(place, v, (*path, str(k)), tensors)] for k, v in rows]}
    where = "/".join(path) or "itself"
    rule = "be made of numbers, text, lists, dicts and tensors, so that it can be saved"
    _check.fail(place, "state", rule, f"{where}: {type(value).__name__}")
