"""The list of tensors: all that the library writes, and nothing that is odd in any way."""

import json
import random
import struct

import pytest
import safetensors.torch
import torch
from hypothesis import given
from hypothesis import strategies as st

from striate.io import safetensors_header, tensors
from striate.io.damage import Damaged
from striate.io.safetensors_header import check_header
from tests.io.hostile_headers import TENSORS


def written(**named):
    return safetensors.torch.save({name: tensor.contiguous() for name, tensor in named.items()})


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=5).filter(lambda name: name != "__metadata__"),
        st.tuples(
            st.lists(st.integers(0, 3), max_size=5),
            st.sampled_from([torch.float32, torch.int64, torch.bool, torch.bfloat16]),
        ),
        max_size=5,
    ),
    st.dictionaries(st.text(max_size=4), st.text(max_size=4), max_size=2),
)
def test_what_the_library_writes_is_taken(shapes, notes):
    made = {name: torch.zeros(shape).to(dtype) for name, (shape, dtype) in shapes.items()}
    assert check_header(safetensors.torch.save(made, metadata=notes or None)) == notes


def test_every_type_that_is_written_is_read():
    assert set(safetensors_header._ITEM_BYTES) == set(tensors._TYPES.values())
    for dtype, name in tensors._TYPES.items():
        assert safetensors_header._ITEM_BYTES[name] == torch.empty(0, dtype=dtype).element_size()
        check_header(written(a=torch.ones(3).to(dtype)))


ODD = {name: case for name, case in TENSORS.items() if "other names" not in case[1]}


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_is_refused(name):
    data, words = ODD[name]
    with pytest.raises(Damaged, match=words):
        check_header(data)


@pytest.mark.parametrize("name", ["a name twice", "an address", "1000 dimensions"])
def test_what_the_library_would_take(name):
    """These are why the list is read here first; when the library refuses them, this can go."""
    safetensors.torch.load(TENSORS[name][0])


def test_changed_headers_are_refused_or_read_the_same_by_the_library():
    """5,000 changed lists of tensors: what passes here, the library reads, or refuses in words."""
    draw, good = random.Random(2), written(a=torch.ones(2, 3), b=torch.zeros(4).long())
    length = int.from_bytes(good[:8], "little")
    passed = 0
    for _ in range(5000):
        text = bytearray(good[8 : 8 + length])
        for _ in range(draw.randint(1, 3)):
            text[draw.randrange(length)] = draw.choice(b'0123456789"[]{},:abFI-. ')
        data = struct.pack("<Q", length) + bytes(text) + good[8 + length :]
        try:
            check_header(data)
        except Damaged:
            continue
        passed += 1
        listed = json.loads(bytes(text))
        listed.pop("__metadata__", None)
        found = safetensors.torch.load(data)
        assert {name: list(t.shape) for name, t in found.items()} == {
            name: entry["shape"] for name, entry in listed.items()
        }
    assert 10 < passed < 2500
