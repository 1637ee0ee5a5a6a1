import numpy as np
import pytest
import safetensors.torch
import torch

from striate.errors import ArgumentError
from striate.io import tensors as tensors_of_a_file
from striate.io.damage import Damaged
from striate.io.tensors import pack, unpack


def round_trip(tensors):
    packed = pack("here", "w", tensors)
    data = b"".join(packed.pieces())
    assert len(data) == packed.size
    return unpack(data, packed.formats)


@pytest.mark.parametrize(
    "dtype",
    [
        torch.float64,
        torch.float32,
        torch.bfloat16,
        torch.float16,
        torch.int64,
        torch.uint8,
        torch.bool,
    ],
)
def test_every_type_comes_back_bit_for_bit(dtype):
    tensor = torch.randn(3, 4).mul(9).to(dtype)
    out = round_trip({"w": tensor})["w"]
    assert out.dtype == dtype
    assert torch.equal(out, tensor)


def test_special_values_and_shapes():
    odd = torch.tensor([float("nan"), float("inf"), -0.0])
    out = round_trip({"a": odd, "scalar": torch.tensor(3), "empty": torch.empty(0, 4)})
    assert out["a"].view(torch.int32).equal(odd.view(torch.int32))
    assert out["scalar"].shape == ()
    assert out["empty"].shape == (0, 4)


@pytest.mark.parametrize("shape", [(8, 3, 5, 5), (8, 3, 1, 1), (8, 1, 5, 5), (1, 1, 1, 1)])
@pytest.mark.parametrize("memory_format", [torch.channels_last, torch.contiguous_format])
def test_strides_come_back(shape, memory_format):
    tensor = torch.empty(shape, memory_format=memory_format).normal_()
    out = round_trip({"w": tensor})["w"]
    assert out.stride() == tensor.stride()
    assert torch.equal(out, tensor)


def test_shared_and_partial_storages_are_separate_copies():
    base = torch.arange(12.0).reshape(3, 4)
    out = round_trip({"a": base, "tied": base, "part": base[1], "turned": base.T})
    assert torch.equal(out["tied"], base)
    assert torch.equal(out["part"], base[1])
    assert torch.equal(out["turned"], base.T)
    assert out["a"].data_ptr() != out["tied"].data_ptr()


def test_arrays_and_parameters_are_taken():
    array = np.arange(6.0, dtype=np.float32)[::2]
    array.setflags(write=False)
    out = round_trip({"a": array, "b": array[::-1], "p": torch.nn.Parameter(torch.ones(2))})
    assert torch.equal(out["a"], torch.tensor([0.0, 2.0, 4.0]))
    assert torch.equal(out["b"], torch.tensor([4.0, 2.0, 0.0]))
    assert not out["p"].requires_grad


def test_what_cannot_be_stored_is_named():
    for value in (torch.eye(3).to_sparse(), "text", None, np.array(["a"]), torch.ones(1).cfloat()):
        with pytest.raises(ArgumentError, match=r"here: `files` must hold dense tensors .* for w"):
            pack("here", "w", {"x": value})


def test_formats_must_fit_the_tensors():
    packed = pack("here", "w", {"x": torch.ones(2)})
    data, formats = b"".join(packed.pieces()), packed.formats
    with pytest.raises(Damaged, match="other names than the manifest lists"):
        unpack(data, {})
    with pytest.raises(Damaged, match="a memory format 'rows'"):
        unpack(data, {"x": "rows"})
    with pytest.raises(Damaged, match="7 bytes of tensors where 8 are listed"):
        unpack(data[:-1], formats)
    with pytest.raises(RuntimeError, match="channels_last"):
        unpack(data, {"x": "channels_last"})


def test_the_bytes_are_those_of_the_library():
    """Every type at once, odd names, shared, empty and scalar tensors."""
    tensors = {
        f"{n}.{dtype}": torch.randn(3, n + 1).mul(9).to(dtype)
        for n, dtype in enumerate(tensors_of_a_file._TYPES)
    }
    tensors |= {
        "é\n\"x/'\x7f": torch.ones(5),
        "": torch.zeros(0, 3),
        "s": torch.tensor(2.0),
    }
    packed = pack("here", "w", tensors)
    assert b"".join(packed.pieces()) == safetensors.torch.save(tensors)
    assert b"".join(pack("here", "w", {}).pieces()) == safetensors.torch.save({})


def test_what_is_in_order_is_not_copied():
    plain = torch.ones(1000)
    pieces = list(pack("here", "w", {"plain": plain}).pieces())
    plain[0] = 7.0  # read when the pieces are taken: they share its memory
    assert np.frombuffer(pieces[1], np.float32)[0] == 7.0
