"""An HDF5 file in memory, gone over with suspicion before a number is read.

HDF5 can name other files, load programs that unpack, and promise numbers that are not there. Here
only the plain part is taken: groups and arrays that are where they say, each once.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO

import h5py
import numpy as np
from h5py import h5a, h5d, h5f, h5g, h5l, h5o, h5s, h5t, h5z

from striate.io.damage import Damaged
from striate.io.foreign.array_tree import Folder, StoredArray
from striate.io.foreign.keras_contents import HDF5_START

__all__ = ["read_hdf5", "warm_up", "write_hdf5"]

_WITHOUT_COPY = 0x2 | 0x4  # the library neither copies the file nor frees it
_MOST_DEEP, _MOST_OBJECTS, _NAME_LETTERS = 24, 100_000, 300
_MOST_TEXTS, _MOST_TEXT_BYTES = 20_000, 1 << 22
_MOST_TIMES, _SLACK_BYTES = 8, 1 << 20
_UNPACKERS = {h5z.FILTER_DEFLATE, h5z.FILTER_SHUFFLE, h5z.FILTER_FLETCHER32}
_LINKS = {h5l.TYPE_SOFT: "a soft link", h5l.TYPE_EXTERNAL: "a link to another file"}
_FLOAT_BITS = {  # places of sign, exponent and fraction, and the widths of the latter two
    (15, 10, 5, 0, 10): "float16",
    (15, 7, 8, 0, 7): "bfloat16",
    (31, 23, 8, 0, 23): "float32",
    (63, 52, 11, 0, 52): "float64",
}


def read_hdf5(data: bytes) -> Folder:
    """The tree of an HDF5 file.

    Args:
        data: the whole file.

    Raises:
        Damaged: the reason; also later, when an array or an attribute is read.
    """
    if not data.startswith(HDF5_START):
        raise Damaged("no HDF5 file")
    with _reading("/"):
        root = h5g.open(h5f.open_file_image(data, flags=_WITHOUT_COPY), b"/")
    return _Walk(data).folder(root, "")


def write_hdf5(
    file: BinaryIO, arrays: Iterable[tuple[str, np.ndarray[Any, Any]]], *, names: Mapping[str, str]
) -> None:
    """Writes an HDF5 file.

    Args:
        file: an empty one that can be read, too.
        arrays: path and numbers of each.
        names: path of a folder -> its attribute "name".
    """
    with h5py.File(file, "w") as written:
        for path, name in names.items():
            written.require_group(path).attrs["name"] = name
        for path, array in arrays:
            written[path] = array


def warm_up() -> None:
    """Has h5py import all that it imports when it first reads, before importing is forbidden."""
    memory = io.BytesIO()
    with h5py.File(memory, "w") as file:
        file["a/b"] = np.ones((2, 2), np.float32)
        file.create_dataset("c", data=np.ones(4), compression="gzip", chunks=(2,))
        file.attrs["fixed"], file.attrs["free"] = np.array([b"x"]), ["y"]
    folder = read_hdf5(memory.getvalue())
    for array in (folder.folders["a"].arrays["b"], folder.arrays["c"]):
        array.read()
    for name in ("fixed", "free", "none"):
        folder.texts(name)


class _Walk:
    """Goes over a file, and counts what it claims to hold."""

    def __init__(self, data: bytes) -> None:
        self.data = data  # is read from as long as any part of the tree stands
        self.left_bytes = _MOST_TIMES * len(data) + _SLACK_BYTES
        self.seen: set[int] = set()

    def folder(self, group: h5g.GroupID, path: str) -> Folder:
        """A group with all that is in it."""
        if path.count("/") > _MOST_DEEP:
            raise Damaged(f"groups in groups, more than {_MOST_DEEP}")
        with _reading(path or "/"):
            self.see(h5o.get_info(group).addr, path or "/")
            names = list(group)
        folders: dict[str, Folder] = {}
        arrays: dict[str, StoredArray] = {}
        for raw in names:
            name = _word(raw)
            here = f"{path}/{name}"
            with _reading(here):
                found = self.follow(group, raw, here)
            if isinstance(found, h5g.GroupID):
                folders[name] = self.folder(found, here)
            else:
                with _reading(here):
                    arrays[name] = self.array(found, here)
        return Folder(folders, arrays, lambda name: self.texts(group, name))

    def see(self, address: int, here: str) -> None:
        """Counts what lies at an address, where nothing else may lie."""
        if address in self.seen:
            raise Damaged(f"one thing at two places, at {here[:80]!r}")
        self.seen.add(address)
        if len(self.seen) > _MOST_OBJECTS:
            raise Damaged(f"more than {_MOST_OBJECTS:,} groups and arrays")

    def follow(self, group: h5g.GroupID, name: bytes, here: str) -> h5g.GroupID | h5d.DatasetID:
        """What a name leads to, which must be a group or an array in this file."""
        link = group.links.get_info(name).type
        if link != h5l.TYPE_HARD:
            raise Damaged(f"{_LINKS.get(link, 'a link of another kind')}, at {here[:80]!r}")
        kind = h5o.get_info(group, name).type
        if kind == h5o.TYPE_GROUP:
            return h5g.open(group, name)
        if kind == h5o.TYPE_DATASET:
            return h5d.open(group, name)
        raise Damaged(f"something else than a group or an array, at {here[:80]!r}")

    def array(self, stored: h5d.DatasetID, here: str) -> StoredArray:
        """An array whose numbers are all in this file."""
        self.see(h5o.get_info(stored).addr, here)
        plan = stored.get_create_plist()
        layout = plan.get_layout()  # to ask for the shape of a virtual one opens other files
        if layout == h5d.VIRTUAL or plan.get_external_count():
            raise Damaged(f"numbers in another file, at {here[:80]!r}")
        packed = {plan.get_filter(index)[0] for index in range(plan.get_nfilters())}
        if packed - _UNPACKERS:
            raise Damaged(f"numbers packed by another method than gzip, at {here[:80]!r}")
        space, kind = stored.get_space(), stored.get_type()
        if space.get_simple_extent_type() == h5s.NULL:
            raise Damaged(f"an array without a shape, at {here[:80]!r}")
        shape = tuple(int(size) for size in space.get_simple_extent_dims())
        claimed = math.prod(shape) * kind.get_size()
        chunk = math.prod(plan.get_chunk()) * kind.get_size() if layout == h5d.CHUNKED else 0
        self.left_bytes -= max(claimed, chunk)
        if self.left_bytes < 0:
            raise Damaged(f"far more numbers than fit into its {len(self.data):,} bytes")
        if stored.get_storage_size() < (min(1, claimed) if packed else claimed):
            raise Damaged(f"an array {shape} whose numbers are not there, at {here[:80]!r}")
        return StoredArray(_dtype(kind), shape, lambda: self.numbers(stored, shape, here))

    def numbers(self, stored: h5d.DatasetID, shape: tuple[int, ...], here: str) -> bytes:
        """The bytes of an array, the lowest first."""
        with _reading(here):
            kind = stored.get_type()
            numbers = np.empty(shape, f"u{kind.get_size()}")
            if numbers.size:
                stored.read(h5s.ALL, h5s.ALL, numbers, kind)
            if _of_numbers(kind) and kind.get_order() == h5t.ORDER_BE:
                numbers = numbers.byteswap()
            return numbers.tobytes()

    def texts(self, group: h5g.GroupID, name: str) -> tuple[str, ...] | None:
        """The texts of an attribute: one, or a row of them; () where the row is empty."""
        with _reading(f"the attribute {name}"):
            if not h5a.exists(group, name.encode()):
                return None
            stored = h5a.open(group, name.encode())
            kind, count = stored.get_type(), math.prod(stored.shape)
            if count == 0:
                return ()
            if not isinstance(kind, h5t.TypeStringID):
                raise Damaged(f"an attribute {name} that is no text")
            size = 1 if kind.is_variable_str() else kind.get_size()
            if count > _MOST_TEXTS or count * size > _MOST_TEXT_BYTES:
                raise Damaged(f"an attribute {name} of too many texts")
            found = np.empty(stored.shape, stored.dtype)
            stored.read(found)
            return tuple(_text(each, name) for each in found.ravel().tolist())


@contextmanager
def _reading(here: str) -> Iterator[None]:
    """Whatever the library raises is damage."""
    try:
        yield
    except (Damaged, MemoryError):
        raise
    except Exception as error:
        reason = " ".join(str(error).split())[:200]
        raise Damaged(f"a file that HDF5 does not read, at {here[:80]!r}: {reason}") from None


def _word(raw: bytes) -> str:
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Damaged(f"a name that is no UTF-8: {raw[:80]!r}") from None
    if not 0 < len(name) <= _NAME_LETTERS or not name.isprintable():
        raise Damaged(f"a name that is no word: {name[:80]!r}")
    return name


def _of_numbers(kind: h5t.TypeID) -> bool:
    return isinstance(kind, h5t.TypeFloatID | h5t.TypeIntegerID)


def _dtype(kind: h5t.TypeID) -> str:
    """The name of a kind of number; "" of anything else."""
    bits = 8 * kind.get_size()
    if isinstance(kind, h5t.TypeOpaqueID):
        return "bfloat16" if bits == 16 else ""  # as Keras writes it
    whole = _of_numbers(kind) and (kind.get_offset(), kind.get_precision()) == (0, bits)
    if not whole or kind.get_order() not in (h5t.ORDER_LE, h5t.ORDER_BE):
        return ""
    if isinstance(kind, h5t.TypeIntegerID):
        sign = "" if kind.get_sign() == h5t.SGN_2 else "u"
        return f"{sign}int{bits}" if bits in (8, 16, 32, 64) else ""
    usual = (kind.get_norm(), kind.get_ebias()) == (
        h5t.NORM_IMPLIED,
        (1 << kind.get_fields()[2] - 1) - 1,
    )
    return _FLOAT_BITS.get(kind.get_fields(), "") if usual else ""


def _text(raw: object, name: str) -> str:
    data = raw if isinstance(raw, bytes) else str(raw).encode("utf-8", "surrogateescape")
    try:
        if len(data) <= _MOST_TEXT_BYTES:
            return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    raise Damaged(f"an attribute {name} that is no text of UTF-8, or a long one")
