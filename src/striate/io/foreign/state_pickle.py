"""What the pickle of a state dict says, read by stand-ins: nothing that it names is called.

A pickle is a program. `torch.save` writes state dicts with two dozen instructions and a few names;
anything else is refused before the first instruction is followed. What remains is followed with
stand-ins of ours under those names, which only write down what they are given.
"""

from __future__ import annotations

import io
import math
import pickle
import pickletools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from striate.io.damage import Damaged

__all__ = ["Storage", "StoredTensor", "read_pickle", "require_plain_pickle"]

_INSTRUCTIONS = frozenset(
    "PROTO STOP MARK NONE NEWTRUE NEWFALSE BININT BININT1 BININT2 LONG1 BINFLOAT BINUNICODE "
    "SHORT_BINSTRING EMPTY_TUPLE TUPLE TUPLE1 TUPLE2 TUPLE3 EMPTY_LIST APPEND APPENDS EMPTY_DICT "
    "SETITEM SETITEMS BINPUT LONG_BINPUT BINGET LONG_BINGET GLOBAL REDUCE BUILD BINPERSID".split()
)
_KINDS = {
    "DoubleStorage": ("float64", 8),
    "FloatStorage": ("float32", 4),
    "HalfStorage": ("float16", 2),
    "BFloat16Storage": ("bfloat16", 2),
    "LongStorage": ("int64", 8),
    "IntStorage": ("int32", 4),
    "ShortStorage": ("int16", 2),
    "CharStorage": ("int8", 1),
    "ByteStorage": ("uint8", 1),
    "BoolStorage": ("bool", 1),
}
_MOST_DIMENSIONS = 64


class _Sealed:
    """What a pickle's instruction BUILD cannot change."""

    def __setstate__(self, state: object) -> None:
        raise Damaged("a pickle that changes what it has made")


@dataclass(frozen=True)
class _Kind(_Sealed):
    """Stands in for a class of storages."""

    dtype: str
    item_bytes: int


@dataclass(frozen=True)
class Storage(_Sealed):
    """A row of numbers that the file holds beside the pickle.

    Args:
        key: under which it lies.
        dtype: of the numbers, as torch writes it without "torch.".
        item_bytes: of one number.
        count: of the numbers.
    """

    key: str
    dtype: str
    item_bytes: int
    count: int


@dataclass(frozen=True)
class StoredTensor(_Sealed):
    """A tensor as the pickle describes it.

    Args:
        storage: that holds its numbers.
        shape: its sizes.
    """

    storage: Storage
    shape: tuple[int, ...]

    @property
    def size_bytes(self) -> int:
        """Of the numbers, each counted as often as the tensor shows it."""
        return math.prod(self.shape) * self.storage.item_bytes


@dataclass(frozen=True)
class _Function(_Sealed):
    """Stands in for a function."""

    does: Callable[..., Any]

    def __call__(self, *arguments: Any) -> Any:
        return self.does(*arguments)


class _Dict(dict[Any, Any]):
    """Stands in for OrderedDict; what torch notes beside its entries is dropped."""

    def __setstate__(self, state: object) -> None:
        """Keeps nothing."""


def _tensor(storage: Any, offset: Any, shape: Any, strides: Any, *_: Any) -> StoredTensor:
    """Stands in for torch's rebuilding of a tensor: checks that it stays inside its storage."""
    if type(storage) is not Storage:
        raise Damaged("a tensor without a storage")
    for numbers in (shape, strides):
        if type(numbers) is not tuple or not all(type(n) is int and n >= 0 for n in numbers):
            raise Damaged("a tensor whose shape or strides are not whole numbers")
    if len(shape) != len(strides) or len(shape) > _MOST_DIMENSIONS:
        raise Damaged(f"a tensor of other than up to {_MOST_DIMENSIONS} dimensions")
    if type(offset) is not int or offset < 0:
        raise Damaged("a tensor that begins before its storage")
    last = sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True))
    if 0 not in shape and offset + last >= storage.count:
        raise Damaged(f"a tensor {shape} that reaches beyond its {storage.count:,} numbers")
    return StoredTensor(storage, shape)


def _parameter(data: Any, *_: Any) -> StoredTensor:
    """Stands in for torch's rebuilding of a parameter."""
    if type(data) is not StoredTensor:
        raise Damaged("a parameter without a tensor")
    return data


_NAMES: dict[str, Any] = {
    "collections OrderedDict": _Dict,
    "torch._utils _rebuild_tensor": _Function(_tensor),
    "torch._utils _rebuild_tensor_v2": _Function(_tensor),
    "torch._utils _rebuild_parameter": _Function(_parameter),
    **{f"torch {name}": _Kind(*kind) for name, kind in _KINDS.items()},
}


def require_plain_pickle(file: io.BytesIO) -> None:
    """Goes over one pickle, following nothing, and leaves the file behind it.

    Raises:
        Damaged: an instruction or a name that a state dict does not need.
    """
    count = 0
    try:
        for instruction, argument, _ in pickletools.genops(file):
            count += 1
            if instruction.name not in _INSTRUCTIONS:
                raise Damaged(f"a pickle with the instruction {instruction.name}")
            if instruction.name == "GLOBAL" and argument not in _NAMES:
                raise Damaged(f"a pickle that asks for {str(argument).replace(' ', '.')[:120]}")
            if instruction.name == "LONG_BINPUT" and int(str(argument)) > count:
                raise Damaged("a pickle that counts further than it is long")
    except (ValueError, IndexError, OverflowError) as error:
        raise Damaged(f"no whole pickle: {error}") from None


def read_pickle(file: io.BytesIO) -> tuple[Any, dict[str, Storage]]:
    """What one pickle holds, with stand-ins for tensors, and the storages that it names.

    Args:
        file: at the beginning of the pickle; left behind it.

    Raises:
        Damaged: the reason.
    """
    begin = file.tell()
    require_plain_pickle(file)
    end = file.tell()
    file.seek(begin)
    reader = _Reader(io.BytesIO(file.read(end - begin)), encoding="utf-8")
    try:
        return reader.load(), reader.storages
    except Damaged:
        raise
    except Exception as error:  # stand-ins called in ways that torch's own are not
        raise Damaged(f"a pickle that is no state dict: {error}") from None


class _Reader(pickle.Unpickler):
    """Follows a pickle that was gone over, with the stand-ins alone."""

    def __init__(self, file: io.BytesIO, *, encoding: str) -> None:
        super().__init__(file, encoding=encoding)
        self.storages: dict[str, Storage] = {}

    def find_class(self, module: str, name: str) -> Any:
        """The stand-in; there is no other way to a name."""
        if f"{module} {name}" not in _NAMES:
            raise Damaged(f"a pickle that asks for {module}.{name}"[:150])
        return _NAMES[f"{module} {name}"]

    def persistent_load(self, said: Any) -> Storage:
        """A storage: ("storage", kind, key, device, count), and None in the older format."""
        good = type(said) is tuple and len(said) in (5, 6) and said[0] == "storage"
        if not good or said[5:] not in ((), (None,)):
            raise Damaged("a pickle with another reference than to a storage")
        _, kind, key, _, count = said[:5]
        if type(kind) is not _Kind or type(key) is not str or type(count) is not int or count < 0:
            raise Damaged("a storage without kind, key and count")
        found = Storage(key, kind.dtype, kind.item_bytes, count)
        if self.storages.setdefault(key, found) != found:
            raise Damaged(f"two storages of one key, {key[:40]!r}")
        return found
