"""Which instructions and names are followed: a closed list, by stand-ins that cannot be changed."""

import io
import pickletools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from striate.io.damage import Damaged
from striate.io.foreign import state_pickle
from striate.io.foreign.state_pickle import Storage, StoredTensor, read_pickle
from tests.io.hostile_pickles import TORCH, plain, rebuilt, stored, unicode

ALLOWED = 32
ARGUMENTS = {
    None: b"",
    "stringnl": b"'a'\n",
    "stringnl_noescape": b"a\n",
    "stringnl_noescape_pair": b"a\nb\n",
    "unicodestringnl": b"a\n",
    "decimalnl_short": b"1\n",
    "decimalnl_long": b"1L\n",
    "floatnl": b"1.5\n",
    "float8": bytes(8),
    "uint1": b"\1",
    "uint2": b"\1\0",
    "int4": b"\1\0\0\0",
    "uint4": b"\1\0\0\0",
    "uint8": b"\1" + bytes(7),
    "long1": b"\1\1",
    "long4": b"\1\0\0\0\1",
    "string1": b"\1a",
    "string4": b"\1\0\0\0a",
    "bytes1": b"\1a",
    "bytes4": b"\1\0\0\0a",
    "bytes8": b"\1" + bytes(7) + b"a",
    "bytearray8": b"\1" + bytes(7) + b"a",
    "unicodestring1": b"\1a",
    "unicodestring4": b"\1\0\0\0a",
    "unicodestring8": b"\1" + bytes(7) + b"a",
}
OTHERS = [op for op in pickletools.opcodes if op.name not in state_pickle._INSTRUCTIONS]


def read(data):
    return read_pickle(io.BytesIO(data))


def test_a_closed_list_of_instructions():
    assert len(state_pickle._INSTRUCTIONS) == ALLOWED
    assert len(OTHERS) == len(pickletools.opcodes) - ALLOWED


@pytest.mark.parametrize("op", OTHERS, ids=lambda op: op.name)
def test_every_other_instruction_is_refused_before_anything_is_followed(op):
    argument = ARGUMENTS[op.arg.name if op.arg else None]
    with pytest.raises(Damaged, match=f"a pickle with the instruction {op.name}$"):
        read(b"\x80\x02N" + op.code.encode("latin1") + argument + b".")


@given(st.text("abcdefst._", min_size=1), st.text("abcdefst._", min_size=1))
def test_every_other_name_is_refused(module, name):
    with pytest.raises(Damaged, match="a pickle that asks for "):
        read(b"\x80\x02c" + f"{module}\n{name}\n".encode() + b".")


@pytest.mark.parametrize(
    "name", ["os.system", "builtins.eval", "collections.Counter", "torch.Size"]
)
def test_there_is_no_other_way_to_a_name(name):
    """Also where nobody went over the pickle before."""
    reader = state_pickle._Reader(io.BytesIO(), encoding="utf-8")
    with pytest.raises(Damaged, match=f"a pickle that asks for {name}"):
        reader.find_class(*name.split("."))
    assert reader.find_class("collections", "OrderedDict") is state_pickle._Dict


def test_a_memo_is_no_longer_than_the_pickle():
    assert read(b"\x80\x02Nr\x01\0\0\0.")[0] is None
    with pytest.raises(Damaged, match="a pickle that counts further than it is long"):
        read(b"\x80\x02Nr\x09\0\0\0.")


def test_the_names_are_stand_ins():
    for name, stand_in in state_pickle._NAMES.items():
        kind = stand_in if isinstance(stand_in, type) else type(stand_in)
        assert kind.__module__ == state_pickle.__name__, name


def test_a_tensor_is_written_down():
    content, storages = read(rebuilt(stored(count=9), offset=1, shape=(2, 2), strides=(4, 2)))
    storage = Storage("0", "float32", 4, 9)
    assert content == {"weight": StoredTensor(storage, (2, 2))}
    assert storages == {"0": storage}
    assert content["weight"].size_bytes == 16


def test_a_parameter_is_its_tensor():
    tensor = rebuilt()[2:-2]
    made = b"\x80\x02}" + unicode("p") + b"ctorch._utils\n_rebuild_parameter\n"
    inner = tensor.partition(TORCH)[2]
    content, _ = read(made + TORCH + inner + b"\x88}\x87Rs.")
    assert type(content["p"]) is StoredTensor
    with pytest.raises(Damaged, match="a parameter without a tensor"):
        read(made + b"N\x88}\x87Rs.")


@pytest.mark.parametrize(
    "made",
    [
        b"ctorch\nFloatStorage\n",
        TORCH,
        stored(),
        rebuilt()[2:-2].partition(unicode("weight"))[2],
    ],
    ids=["kind", "function", "storage", "tensor"],
)
@pytest.mark.parametrize(
    "state",
    [b"}" + unicode("shape") + b"K\x01s", b"N}" + unicode("does") + b"Ns\x86", b"N", b"]"],
)
def test_nothing_that_was_made_can_be_changed(made, state):
    with pytest.raises(Damaged, match="a pickle that changes what it has made"):
        read(b"\x80\x02" + made + state + b"b.")


def test_what_torch_notes_beside_a_dict_is_dropped():
    made = b"\x80\x02ccollections\nOrderedDict\n)R}" + unicode("items") + b"K\x01sb."
    content, _ = read(made)
    assert content == {}
    assert vars(content) == {}


def test_only_one_pickle_is_read_and_the_file_stands_behind_it():
    file = io.BytesIO(b"\x80\x02K\x07.\x80\x02K\x08.")
    assert [read_pickle(file)[0] for _ in range(2)] == [7, 8]
    with pytest.raises(Damaged, match="no whole pickle"):
        read_pickle(file)


@pytest.mark.parametrize("value", [None, True, 5, -70000, 2**40, 1.5, "ü", (1, 2), [3], {"a": ()}])
def test_plain_values(value):
    assert read(b"\x80\x02" + plain(value) + b".")[0] == value


@pytest.mark.filterwarnings("ignore:invalid escape")
def test_every_change_of_a_byte_is_read_or_refused():
    """5,000 pickles with changed, lost and added bytes: one kind of error, or a state."""
    draw, good = random.Random(1), rebuilt()
    refused = 0
    for _ in range(5000):
        data = bytearray(good)
        for _ in range(draw.randint(1, 3)):
            at = draw.randrange(len(data))
            act = draw.randrange(3)
            if act == 0:
                data[at] = draw.randrange(256)
            elif act == 1:
                del data[at]
            else:
                data.insert(at, draw.randrange(256))
        try:
            read(bytes(data))
        except Damaged:
            refused += 1
    assert refused > 3000


def test_names_are_refused_before_anything_is_followed():
    with pytest.raises(Damaged, match=r"a pickle that asks for os\.system"):
        state_pickle.require_plain_pickle(io.BytesIO(b"\x80\x02cos\nsystem\n."))
