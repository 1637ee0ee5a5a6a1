"""Arrays out of the pickles in which MNIST and CIFAR-10 are handed on, without executing them.

A pickle is a program that may call anything. This reader gives it five names, and each is a
stand-in of ours that only writes down what it is given: no function of NumPy or of anyone else is
called. Everything else that a pickle asks for is refused.
"""

from __future__ import annotations

import io
import math
import pickle
from typing import Any, ClassVar, NoReturn

import numpy as np
import numpy.typing as npt

from striate import _check
from striate.datasets.refusal import Refused

__all__ = ["PickledArray", "read_pickle"]

_TYPES = {"u1": "u1", "i1": "i1", "i4": "i4", "i8": "i8", "f4": "f4", "f8": "f8", "b1": "?"}


class _Dtype:
    """Stands in for numpy.dtype: remembers a code such as "f4" and its byte order."""

    def __init__(self, code: str, *_: object) -> None:
        self.code = _TYPES[code]
        self.order = "|"

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        order = state[1]
        if order not in ("<", ">", "|", "="):
            raise Refused("a type of other bytes")
        self.order = order


class PickledArray:
    """Stands in for numpy.ndarray and its rebuilder: remembers shape, type and bytes."""

    def __init__(self, *_: object) -> None:
        self._state: tuple[Any, ...] = ()

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self._state = state

    def array(self) -> npt.NDArray[Any]:
        """The array, built from its bytes alone.

        Raises:
            Refused, ValueError, TypeError: shape, type and bytes do not fit each other.
        """
        _, shape, dtype, by_columns, data = self._state
        raw = data.encode("latin1") if isinstance(data, str) else data
        if not isinstance(raw, bytes):
            raise Refused("an array without bytes")
        kind = np.dtype(dtype.order + dtype.code)
        if not all(type(n) is int and n >= 0 for n in shape):
            raise Refused("an array of no shape")
        if math.prod(shape) * kind.itemsize != len(raw):
            raise Refused(f"an array {shape} of {len(raw):,} bytes")
        return np.frombuffer(raw, kind).reshape(shape, order="F" if by_columns else "C")


class _Latin1:
    """Stands in for codecs.encode, by which Python 3 writes bytes into old pickles."""

    def __new__(cls, text: str, encoding: str = "latin1") -> Any:
        """The bytes themselves."""
        if encoding != "latin1":
            raise Refused(f"text in {encoding!r}")
        return text.encode("latin1")

    def __setstate__(self, state: object) -> NoReturn:
        raise Refused("a changed function")


_KNOWN: dict[tuple[str, str], type] = {
    ("numpy.core.multiarray", "_reconstruct"): PickledArray,
    ("numpy._core.multiarray", "_reconstruct"): PickledArray,
    ("numpy", "ndarray"): PickledArray,
    ("numpy", "dtype"): _Dtype,
    ("_codecs", "encode"): _Latin1,
}


class _Reader(pickle._Unpickler):
    """The unpickler written in Python: its memory grows with the file, not with its claims."""

    def find_class(self, module: str, name: str) -> type:
        """One of our stand-ins, or a refusal."""
        if (module, name) not in _KNOWN:
            raise Refused(f"a call of {module}.{name}")
        return _KNOWN[module, name]

    def persistent_load(self, pid: object) -> NoReturn:
        raise Refused("a reference to something outside")

    def refuse_claim(self) -> NoReturn:
        """Refuses an array of bytes for which memory would be taken before they are there."""
        raise Refused("bytes that may change")

    dispatch: ClassVar[Any] = {
        **pickle._Unpickler.dispatch,
        pickle.BYTEARRAY8[0]: refuse_claim,
    }


def read_pickle(data: bytes, place: str) -> Any:
    """The tuples, lists, dicts, texts and numbers of a pickle; arrays are `PickledArray`.

    Text of Python 2 is read as latin-1.

    Args:
        data: the pickle.
        place: what the messages begin with.

    Raises:
        DataError: it asks for anything but arrays, or is damaged.
    """
    try:
        return _Reader(io.BytesIO(data), encoding="latin1").load()
    except Exception as error:  # a damaged pickle raises nearly every built-in type
        reason = str(error) or type(error).__name__
        fix = "Do not use a file from an unknown source; fetch the data set again."
        _check.data_fail(place, "be a pickle of plain arrays", reason[:200], fix)
