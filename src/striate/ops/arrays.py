"""NumPy arrays where the texts pass them to TensorFlow's functions."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import numpy as np
import torch
from torch import Tensor

__all__ = ["takes_arrays"]

P = ParamSpec("P")
R = TypeVar("R")


def takes_arrays(function: Callable[P, R]) -> Callable[P, R]:
    """The function, which then takes NumPy arrays as well and returns tensors.

    As in a layer, an array of floating point becomes torch's default type, and so do whole numbers
    where they stand first, as pictures do; elsewhere whole numbers stay whole.

    Example:
        >>> @takes_arrays
        ... def double(x): return 2 * x
        >>> double(np.ones(2, np.uint8))
        tensor([2., 2.])
    """

    @functools.wraps(function)
    def taking(*args: P.args, **kwargs: P.kwargs) -> R:
        for value in (*args, *kwargs.values()):
            if isinstance(value, np.ndarray):
                return function(*_tensors(args), **_named(kwargs))
        return function(*args, **kwargs)

    return taking


def _tensors(args: tuple[Any, ...]) -> list[Any]:
    return [_tensor(value, first=position == 0) for position, value in enumerate(args)]


def _named(kwargs: dict[str, Any]) -> dict[str, Any]:
    return {name: _tensor(value, first=name == "images") for name, value in kwargs.items()}


def _tensor(value: Any, *, first: bool) -> Any:
    if not isinstance(value, np.ndarray):
        return value
    tensor: Tensor = torch.as_tensor(value if value.flags.writeable else value.copy())
    return tensor.to(torch.get_default_dtype()) if first or tensor.is_floating_point() else tensor
