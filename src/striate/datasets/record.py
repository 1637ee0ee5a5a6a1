"""The facts of a named data set: what it is, where it comes from, how it is recognised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

__all__ = ["ARRAYS", "Record", "RemoteFile", "Split", "UInt8Array"]

UInt8Array = npt.NDArray[np.uint8]
Split = tuple[tuple[UInt8Array, UInt8Array], tuple[UInt8Array, UInt8Array]]

ARRAYS = ("x_train", "y_train", "x_test", "y_test")
"""The names of the four arrays, in the order of a Split; also the names in an .npz file."""


@dataclass(frozen=True)
class RemoteFile:
    """One file of the official distribution.

    Args:
        name: its name, also in our cache.
        urls: the same file at several addresses, in the order of trying.
        sha256: of the file as it is sent.
        size_bytes: of the file as it is sent.
    """

    name: str
    urls: tuple[str, ...]
    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class Record:
    """What is known about a data set.

    Args:
        name: as in `striate.datasets`.
        title: for people.
        shapes: of the four arrays, by their names in `ARRAYS`.
        class_names: the name of each label, in order.
        files: what is downloaded; for idx in the order of `ARRAYS`.
        licence: terms of use.
        reference: whom to cite.
        sha256: of the four arrays' bytes, by their names; a copy in any container must have them.
        md5: of the members of the official archive, in their order, where it is an archive.
        keras: its folder in Keras' folder of data sets, where it has one.
        folders: other places where systems install it.
    """

    name: str
    title: str
    shapes: Mapping[str, tuple[int, ...]]
    class_names: tuple[str, ...]
    files: tuple[RemoteFile, ...]
    licence: str
    reference: str
    sha256: Mapping[str, str] = field(default_factory=dict)
    md5: Mapping[str, str] = field(default_factory=dict)
    keras: str = ""
    folders: tuple[str, ...] = ()
