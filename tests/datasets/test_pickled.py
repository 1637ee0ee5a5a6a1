import os
import pickle
import pickletools
import random
import subprocess
import tracemalloc

import numpy as np
import pytest

from striate.datasets.pickled import PickledArray, read_pickle
from striate.datasets.refusal import Refused
from striate.errors import DataError


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("dtype", ["u1", "<f4", ">f8", "<i8", ">i4", "?"])
def test_arrays_come_back(rng, protocol, dtype):
    array = rng.integers(0, 2, (3, 4)).astype(dtype)
    data = pickle.dumps({"data": array, "labels": [1, 2], "name": "x"}, protocol)
    found = read_pickle(data, "here")
    assert found["labels"] == [1, 2]
    out = found["data"].array()
    assert out.dtype == array.dtype
    np.testing.assert_array_equal(out, array)


def test_columns_first(rng):
    array = np.asfortranarray(rng.integers(0, 256, (3, 4), dtype=np.uint8))
    np.testing.assert_array_equal(read_pickle(pickle.dumps(array, 2), "here").array(), array)


def test_pickle_of_python_2():
    """As Python 2 and NumPy 1 wrote them: byte strings, numpy.core."""
    data = (
        b"\x80\x02cnumpy.core.multiarray\n_reconstruct\nq\x01cnumpy\nndarray\nq\x02K\x00\x85U\x01b"
        b"\x87Rq\x03(K\x01K\x03\x85cnumpy\ndtype\nq\x04U\x02u1K\x00K\x01\x87Rq\x05(K\x03U\x01|NNN"
        b"J\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89U\x03\x00\x80\xfftb."
    )
    assert read_pickle(data, "here").array().tolist() == [0, 128, 255]


class Malicious:
    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize(
    "call",
    [
        (os.system, "touch {}"),
        (eval, "open({!r}, 'w')"),
        (subprocess.getoutput, "touch {}"),
        (getattr, "x", "upper"),
        (np.load, "{}"),
        (np.frombuffer, b"1"),
    ],
)
@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_calls_are_refused_and_not_made(tmp_path, call, protocol):
    sentinel = tmp_path / "made"
    function, *arguments = call
    filled = [a.format(str(sentinel)) if isinstance(a, str) else a for a in arguments]
    data = pickle.dumps({"data": Malicious(function, *filled), "labels": []}, protocol)
    with pytest.raises(DataError, match=r"here: must be a pickle of plain arrays. Got a call of "):
        read_pickle(data, "here")
    assert not sentinel.exists()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text",
        pickle.dumps(np.arange(3))[:-5],
        b"\x80\x02Pid\n.",
        b"c__builtin__\neval\n.",
        b"\x80\x02c_codecs\nencode\nX\x01\x00\x00\x00aX\x04\x00\x00\x00utf8\x86R.",
        b"\x80\x02c_codecs\nencode\n}X\x01\x00\x00\x00aK\x01sb.",
        b"\x80\x02cnumpy\ndtype\nX\x01\x00\x00\x00O\x85R.",
        b"\x80\x02cnumpy\ndtype\n}b.",
        b"\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\x7f.",
        b"\x80\x02K\x01r\xff\xff\xff\xff0h\x00.",
    ],
)
def test_damage_is_one_sentence(data):
    with pytest.raises(DataError, match=r"^here: must be a pickle of plain arrays. Got "):
        read_pickle(data, "here")


@pytest.mark.parametrize(
    "state",
    [
        (1, (10**12,), "u1", False, b"1"),
        (1, (-1,), "u1", False, b""),
        (1, (True,), "u1", False, b"1"),
        (1, ("a",), "u1", False, b""),
        (1, (1,), "f8", False, b"1"),
        (1, (9,), "u1", False, 9),
    ],
)
def test_shape_type_and_bytes_must_fit(state):
    kind = read_pickle(pickle.dumps(np.dtype(state[2]), 2), "here")
    array = PickledArray()
    array.__setstate__((*state[:2], kind, *state[3:]))
    with pytest.raises((Refused, ValueError, TypeError)):
        array.array()


def test_no_memory_is_taken_for_bytes_that_are_only_claimed():
    data = pickle.PROTO + b"\5" + pickle.BYTEARRAY8 + (1 << 28).to_bytes(8, "little")
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match="Got bytes that may change"):
            read_pickle(data, "here")
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_mutated_pickles_are_arrays_or_one_sentence():
    draw = random.Random(2)
    good = pickle.dumps({"data": np.arange(40, dtype=np.uint8), "labels": [3, 4]}, 2)
    assert any(op.name == "BUILD" for op, *_ in pickletools.genops(good))
    refused = 0
    for _ in range(3000):
        bad = bytearray(good)
        for _ in range(draw.randint(1, 4)):
            bad[draw.randrange(len(bad))] = draw.randrange(256)
        try:
            read_pickle(bytes(bad), "here")
        except DataError:
            refused += 1
    assert 500 < refused < 3000
