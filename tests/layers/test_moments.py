import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from striate.data import Loader
from striate.data.source import ArraySource
from striate.errors import ArgumentError
from striate.layers import moments
from striate.layers.moments import Moments, parts_of
from striate.records import Batch, Preprocess
from tests.oracle import norm as oracle


def numbers(shape, seed=0):
    return torch.from_numpy(np.random.default_rng(seed).normal(size=shape))


@given(st.lists(st.integers(1, 5), min_size=1, max_size=5), st.sampled_from([0.0, 1e3, 1e6]))
def test_joined_parts_are_the_whole(rows, offset):
    data = numbers((sum(rows), 3, 2)) + offset
    total = None
    for part in data.split(rows):
        here = Moments.of(part, [0, 1])
        total = here if total is None else total.merge(here)
    mean, variance = oracle.moments(data.numpy(), (2,))
    assert total.count == sum(rows) * 3
    np.testing.assert_allclose(total.mean.numpy(), mean, rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(total.variance.numpy(), variance, rtol=1e-9, atol=1e-13)


def test_whole_numbers_and_halves_are_summed_in_float64():
    pixels = torch.randint(0, 256, (4, 9, 9, 3), dtype=torch.uint8)
    found = Moments.of(pixels, [0, 1, 2])
    assert found.mean.dtype == torch.float64
    assert found.mean.allclose(pixels.double().mean((0, 1, 2)), rtol=1e-14)
    halves = torch.randn(500).half()
    assert Moments.of(halves, [0]).mean.item() == pytest.approx(halves.double().mean().item())


ARRAY = np.arange(12.0).reshape(6, 2)


@pytest.mark.parametrize(
    "data",
    [
        ARRAY,
        torch.tensor(ARRAY),
        [ARRAY[:4], torch.tensor(ARRAY[4:])],
        ((ARRAY[i : i + 2], np.zeros(2)) for i in (0, 2, 4)),
        [(ARRAY,)],
        [Batch(torch.tensor(ARRAY[:3]), torch.zeros(3)), Batch(torch.tensor(ARRAY[3:]))],
        Loader(ArraySource(torch.tensor(ARRAY)), 4),
        ARRAY[::-1][::-1],
    ],
    ids=["array", "tensor", "list", "pairs", "only images", "batches", "loader", "view"],
)
def test_every_kind_of_data_gives_its_numbers(data):
    parts = list(parts_of(data, place="it"))
    assert torch.cat(parts).tolist() == ARRAY.tolist()


def test_a_loader_is_read_as_the_step_sees_it():
    pixels = torch.tensor([[0.0], [255.0]])
    loader = Loader(ArraySource(pixels), 1, preprocess=Preprocess(scale=1 / 255, mean=(0.5,)))
    assert torch.cat(list(parts_of(loader, place="it"))).tolist() == [[-0.5], [0.5]]
    assert next(iter(loader))[0].tolist() == [[0.0]]


def test_a_large_array_is_read_in_pieces(monkeypatch):
    monkeypatch.setattr(moments, "_PART", 4)
    assert [len(part) for part in parts_of(ARRAY, place="it")] == [2, 2, 2]
    assert [len(part) for part in parts_of(np.zeros((2, 9)), place="it")] == [1, 1]


@pytest.mark.parametrize(
    ("data", "got"),
    [(3, "int"), ([3.0], "float"), ("words", "str"), ([["a"]], "str"), (None, "NoneType"),
     (np.array(["a"]), "<U1"), ([{}], "dict"), ([[]], "list")],
)  # fmt: skip
def test_error_words_of_other_things(data, got):
    words = rf"^it: `data` must be an array or tensor of numbers, a loader, or .* Got data='{got}'"
    with pytest.raises(ArgumentError, match=words):
        list(parts_of(data, place="it"))


@pytest.mark.parametrize("data", [np.zeros((0, 3)), torch.tensor(3.0), [np.zeros((2, 0))]])
def test_error_words_of_no_sample(data):
    with pytest.raises(ArgumentError, match=r"^it: `data` must hold samples, along the first axis"):
        list(parts_of(data, place="it"))
