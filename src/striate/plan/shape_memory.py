"""ShapeMemory: an operation on stand-ins is asked for its result's shape once, not each time.

A net repeats its blocks, and to find out a shape takes longer than to remember it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import torch
from torch._subclasses.fake_tensor import FakeTensor

from .known_shapes import RULES
from .operations import Work, work_of

__all__ = ["ShapeMemory"]

_PLAIN = (int, float, bool, str, torch.dtype, torch.device, torch.layout, torch.memory_format)

Make = Callable[[tuple[Any, ...]], Any]
"""Makes the result of an operation from its arguments."""


class ShapeMemory:
    """Runs operations; those on stand-ins of the same shapes, strides and types only once.

    New tensors, views of the first argument and changes of it in place are remembered.
    `work` is what the operation that ran last had to do; None where it was none.
    """

    def __init__(self) -> None:
        self._known: dict[Any, tuple[Make | None, Work | None]] = {}
        self.work: Work | None = None

    def run(self, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The result of an operation, as func(*args, **kwargs) gives it."""
        if _is_many_in_place(func) and isinstance(args[0][0], FakeTensor):
            self.work = work_of(func, args, None)
            return _change_constants(func, args, kwargs)
        first = args[0] if args else None
        if isinstance(first, FakeTensor) and first.constant is not None and _is_in_place(func):
            self.work = None
            _change_constants(func, args, kwargs)
            return first
        key = _key_of(func, args, kwargs) if isinstance(first, FakeTensor | list | tuple) else None
        if key is None:
            result = func(*args, **kwargs)
            self.work = work_of(func, args, result)
            return result
        if key in self._known:
            make, self.work = self._known[key]
            return func(*args, **kwargs) if make is None else make(args)
        before = _key(first)
        result = RULES.get(func, func)(*args, **kwargs)
        self.work = work_of(func, args, result)
        self._known[key] = _maker(first, result, before), self.work
        return result


def _key_of(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What the result's shape depends on; None where that cannot be told."""
    try:
        return func, *map(_key, args), *((name, _key(kwargs[name])) for name in kwargs)
    except _NotPlain:
        return None


def _change_constants(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Changes in place what stand-ins have of numbers, such as the step of torch's optimizers."""
    try:
        known = [_constant(value) for value in args]
    except _NotPlain:
        return
    with torch._C._DisableTorchDispatch():
        func(*known, **kwargs)


def _constant(value: Any) -> Any:
    if isinstance(value, FakeTensor):
        if value.constant is None:
            raise _NotPlain
        return value.constant
    return [_constant(part) for part in value] if isinstance(value, list | tuple) else value


class _NotPlain(Exception):
    """An argument that cannot be part of a key."""


def _key(value: Any) -> Any:
    if isinstance(value, FakeTensor):
        if value.layout is not torch.strided:
            raise _NotPlain
        shape, strides, offset = tuple(value.shape), value.stride(), value.storage_offset()
        return shape, strides, offset, value.dtype, value.fake_device
    if value is None:
        return None
    if isinstance(value, _PLAIN):
        return type(value), value
    if isinstance(value, list | tuple):
        return tuple([_key(part) for part in value])
    raise _NotPlain


def _maker(first: Any, result: Any, before: Any) -> Make | None:
    """What makes such a result again; None where that is not known."""
    if result is first and isinstance(first, FakeTensor):
        return _the_first if _key(first) == before else None
    given = first if isinstance(first, list | tuple) else [first]
    held = {id(t.untyped_storage()) for t in given if isinstance(t, FakeTensor)}
    if isinstance(result, tuple | list):
        parts = [_new_maker(part, held) for part in result]
        if None in parts:
            return None
        kind = type(result)
        return lambda args: kind([part(args) for part in parts if part])
    if isinstance(first, FakeTensor) and isinstance(result, FakeTensor):
        if id(result.untyped_storage()) in held:
            return _view_maker(result)
    return _new_maker(result, held)


def _the_first(args: tuple[Any, ...]) -> Any:
    return args[0]


def _new_maker(result: Any, held: set[int]) -> Make | None:
    """What makes a tensor whose storage is none of those held; or nothing, as there was nothing."""
    if result is None:
        return lambda args: None
    if not isinstance(result, FakeTensor) or result.constant is not None:
        return None
    storage = result.untyped_storage()
    if id(storage) in held:
        return None
    shape, strides, dtype = tuple(result.shape), result.stride(), result.dtype
    mode, device, size = result.fake_mode, result.fake_device, storage.nbytes()

    def make(args: tuple[Any, ...]) -> Any:
        with torch._C._DisableTorchDispatch():
            empty = torch.empty_strided(shape, strides, dtype=dtype, device="meta")
            return FakeTensor(mode, empty, device)

    return make if make(()).untyped_storage().nbytes() == size else None


def _view_maker(result: Any) -> Make:
    shape, strides, offset = tuple(result.shape), result.stride(), result.storage_offset()
    mode, device, dtype = result.fake_mode, result.fake_device, result.dtype

    def make(args: tuple[Any, ...]) -> Any:
        with torch._C._DisableTorchDispatch():
            empty = torch.empty(0, dtype=dtype, device="meta")
            empty.set_(args[0].untyped_storage(), offset, shape, strides)
            return FakeTensor(mode, empty, device)

    return make


@functools.cache
def _is_many_in_place(func: Any) -> bool:
    """Whether an operation changes a list of tensors in place: on stand-ins nothing is to do."""
    name: str = func._schema.name.removeprefix("aten::")
    return name.startswith(("_foreach_", "_amp_foreach_")) and name.endswith("_")


@functools.cache
def _is_in_place(func: Any) -> bool:
    """Whether an operation changes its first argument, and gives it back."""
    name: str = func._schema.name
    return name.endswith("_") and not name.endswith("__")
