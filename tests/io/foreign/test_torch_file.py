"""Hostile files under an audit hook, good ones in every kind of number."""

import dataclasses
import io
import warnings

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from striate.io.damage import Damaged
from striate.io.foreign.take import plain_tensors
from striate.io.foreign.torch_file import read_contents
from tests import audited
from tests.io.foreign.hostile_files import CASES


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    found = audited.results("tests.io.foreign.hostile_files", folder)
    assert not (folder / "touched").exists()
    return found


def test_there_are_enough():
    assert len(CASES) >= 160


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_file_is_refused_and_nothing_happens(results, name):
    audited.require_refusal(results[name], CASES[name][1])


KINDS = [
    torch.float64,
    torch.float32,
    torch.float16,
    torch.bfloat16,
    torch.int64,
    torch.int32,
    torch.int16,
    torch.int8,
    torch.uint8,
    torch.bool,
]


@st.composite
def states(draw):
    """A state dict of views, parameters and shared tensors in every kind of number."""
    found = {}
    for number in range(draw(st.integers(1, 4))):
        dtype = draw(st.sampled_from(KINDS))
        shape = draw(st.lists(st.integers(0, 3), max_size=4))
        tensor = torch.randn(shape).mul(9).to(dtype)
        form = draw(st.sampled_from(["plain", "turned", "part", "parameter", "twice"]))
        if form == "turned" and shape:
            tensor = tensor.permute(*reversed(range(len(shape))))
        elif form == "part" and shape and shape[0]:
            tensor = tensor[shape[0] - 1 :]
        elif form == "parameter" and dtype.is_floating_point:
            tensor = torch.nn.Parameter(tensor)
        elif form == "twice":
            found[f"shared.{number}"] = tensor
        found[f"layer.{number}.ü"] = tensor
    return found


@settings(max_examples=40)
@given(states(), st.booleans(), st.sampled_from(["", "state_dict", "model"]))
def test_what_torch_saved_is_what_is_read(state, newer, nest):
    file = io.BytesIO()
    whole = {"epoch": 3, nest: state} if nest else state
    torch.save(whole, file, _use_new_zipfile_serialization=newer)
    contents = read_contents(file)
    assert contents.format == ("zip" if newer else "legacy")
    assert contents.left_out == (("epoch",) if nest else ())
    file.seek(0)
    found = plain_tensors(file, contents)
    assert set(found) == set(state)
    for name, tensor in state.items():
        assert found[name].dtype == tensor.dtype
        assert found[name].equal(tensor.detach())
        assert found[name].is_contiguous()


def test_a_state_dict_of_a_module_with_its_notes():
    net = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4))
    for newer in (True, False):
        file = io.BytesIO()
        torch.save(net.state_dict(), file, _use_new_zipfile_serialization=newer)
        assert set(read_contents(file).tensors) == set(net.state_dict())


def test_real_archives_of_code_are_refused():
    net = torch.nn.Linear(2, 2)
    script = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.save(torch.jit.script(net), script)
    with pytest.raises(Damaged, match="a TorchScript archive, which is code"):
        read_contents(script)
    whole = io.BytesIO()
    torch.save(net, whole)
    with pytest.raises(Damaged, match=r"asks for torch\.nn\.modules\.linear\.Linear"):
        read_contents(whole)


def test_a_real_exported_program_is_refused():
    program = torch.export.export(torch.nn.Linear(2, 2), (torch.ones(1, 2),))
    file = io.BytesIO()
    torch.export.save(program, file)
    with pytest.raises(Damaged, match="a PT2 archive, which is a program"):
        read_contents(file)


def test_every_flipped_bit_of_a_zip_is_found():
    file = io.BytesIO()
    torch.save({"weight": torch.arange(5.0)}, file)
    good = file.getvalue()
    same = 0
    for at in range(0, len(good), 3):
        data = bytearray(good)
        data[at] ^= 1 << at % 8
        changed = io.BytesIO(bytes(data))
        try:
            contents = read_contents(changed)
            changed.seek(0)
            assert plain_tensors(changed, contents)["weight"].equal(torch.arange(5.0))
            same += 1  # a bit that nothing reads: a date, the padding before the numbers
        except Damaged:
            continue
    assert same < len(good) / 3


def test_torch_must_find_what_was_read():
    file = io.BytesIO()
    torch.save({"weight": torch.ones(2)}, file)
    contents = read_contents(file)
    (tensor,) = contents.tensors.values()
    other = dataclasses.replace(tensor, shape=(1, 2))
    for tensors, words in (
        ({"bias": tensor}, "other tensors than the file says"),
        ({"weight": other}, "another tensor 'weight' than the file says"),
    ):
        file.seek(0)
        with pytest.raises(Damaged, match=words):
            plain_tensors(file, dataclasses.replace(contents, tensors=tensors))
