"""HDF5 as h5py writes it, in every kind of number and every place; what is hostile is elsewhere."""

import io

import h5py
import ml_dtypes
import numpy as np
import pytest
from h5py import h5d, h5s, h5t
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from striate.io.damage import Damaged
from striate.io.foreign import hdf5
from striate.io.foreign.hdf5 import read_hdf5

KINDS = [
    f"{order}{kind}"
    for order in "<>"
    for kind in ("f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8")
]
PACKED = [
    {},
    {"chunks": True},
    {"compression": 4},
    {"compression": 9, "shuffle": True, "fletcher32": True},
    {"maxshape": (None, None)},
]


def written(change, **how):
    memory = io.BytesIO()
    with h5py.File(memory, "w", **how) as file:
        change(file)
    return memory.getvalue()


@st.composite
def numbers(draw):
    kind = np.dtype(draw(st.sampled_from(KINDS)))
    shape = draw(st.lists(st.integers(1, 5), min_size=2, max_size=2))
    raw = draw(arrays(np.uint8, (*shape, kind.itemsize)))
    return raw.view(kind)[..., 0]


@settings(max_examples=60)
@given(numbers(), st.sampled_from(PACKED), st.sampled_from(["earliest", "latest"]))
def test_numbers_come_bit_for_bit(array, packed, version):
    data = written(lambda f: f.create_dataset("a/b", data=array, **packed), libver=version)
    found = read_hdf5(data).folders["a"].arrays["b"]
    assert (found.dtype, found.shape) == (array.dtype.name, array.shape)
    assert found.read() == array.astype(array.dtype.newbyteorder("<")).tobytes()
    assert found.read() == found.read()


@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2), (1,) * 32])
def test_every_shape(shape):
    data = written(lambda file: file.create_dataset("a", data=np.ones(shape, np.float32)))
    found = read_hdf5(data).arrays["a"]
    assert (found.shape, found.read()) == (shape, np.ones(shape, np.float32).tobytes())


def test_bfloat16_as_keras_writes_it_and_as_a_float_of_its_own():
    values = np.array([1.5, -2, np.inf, 3e38], ml_dtypes.bfloat16)
    kind = h5t.IEEE_F32LE.copy()
    kind.set_fields(15, 7, 8, 0, 7)
    kind.set_size(2)
    kind.set_ebias(127)

    def change(file):
        file.create_dataset("a", data=values)
        array = h5d.create(file.id, b"b", kind, h5s.create_simple((4,)))
        array.write(h5s.ALL, h5s.ALL, values.view("u2"), kind)

    found = read_hdf5(written(change)).arrays
    assert [found[name].dtype for name in "ab"] == ["bfloat16", "bfloat16"]
    assert [found[name].read() for name in "ab"] == [values.tobytes()] * 2


def test_texts_of_attributes():
    def change(file):
        file.attrs["one"], file.attrs["two"] = "ü", ["a", "b"]
        file.attrs["fixed"], file.attrs["bytes"] = np.array([b"a", b"bc"]), b"x"
        file.attrs["none"] = []  # as Keras writes a layer without variables

    root = read_hdf5(written(change))
    expected = {"one": ("ü",), "two": ("a", "b"), "fixed": ("a", "bc"), "bytes": ("x",), "none": ()}
    assert {name: root.texts(name) for name in expected} == expected
    assert root.texts("other") is None


def test_a_text_has_a_most_length():
    root = read_hdf5(written(lambda file: file.attrs.__setitem__("a", "x" * (5 << 20))))
    with pytest.raises(Damaged, match="an attribute a that is no text of UTF-8, or a long one"):
        root.texts("a")


def test_the_tree_holds_the_file():
    """The bytes are gone for everyone else."""
    data = bytearray(written(lambda file: file.create_dataset("a", data=np.arange(9, dtype="f4"))))
    array = read_hdf5(bytes(data)).arrays["a"]
    rubbish = [bytes(len(data)) for _ in range(100)]
    assert array.read() == np.arange(9, dtype="f4").tobytes()
    assert len(rubbish) == 100


def test_groups_and_arrays_are_counted(monkeypatch):
    data = written(lambda file: [file.create_group(f"g/{number}") for number in range(9)])
    assert len(read_hdf5(data).folders["g"].folders) == 9
    monkeypatch.setattr(hdf5, "_MOST_OBJECTS", 10)
    with pytest.raises(Damaged, match="more than 10 groups and arrays"):
        read_hdf5(data)


def test_what_is_no_hdf5():
    for data in (b"", b"GIF89a", bytes(600)):
        with pytest.raises(Damaged, match="no HDF5 file"):
            read_hdf5(data)


def test_the_warm_up_reads_what_it_wrote():
    hdf5.warm_up()
