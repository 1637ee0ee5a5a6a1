"""One look finds every value that is not finite, and changes no bit of the others."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from striate.train.finiteness import all_finite, is_finite, weights_are_finite

ONE = torch.tensor(1.0)
TYPES = [torch.float64, torch.float32, torch.bfloat16, torch.float16]


@given(
    sizes=st.lists(st.integers(1, 70), min_size=1, max_size=6),
    bad=st.sampled_from([None, float("nan"), float("inf"), -float("inf")]),
    seed=st.integers(0, 10_000),
    dtype=st.sampled_from(TYPES),
)
def test_a_bad_number_is_found_wherever_it_stands(sizes, bad, seed, dtype):
    rng = torch.Generator().manual_seed(seed)
    gradients = [torch.randn(3, size, generator=rng).to(dtype).T for size in sizes]
    before = [gradient.clone() for gradient in gradients]
    if bad is not None:
        chosen = gradients[seed % len(gradients)]
        chosen[seed % len(chosen), seed % 3] = bad
    assert all_finite(ONE, gradients) is (bad is None)
    if bad is None:
        assert all(torch.equal(a, b) for a, b in zip(gradients, before, strict=True))


@pytest.mark.parametrize("loss", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("dtype", TYPES)
def test_a_bad_loss_is_found_with_and_without_gradients(loss, dtype):
    assert not all_finite(torch.tensor(loss, dtype=dtype), [])
    assert not all_finite(torch.tensor(loss, dtype=dtype), [torch.ones(2)])


def test_large_numbers_do_not_overflow_and_small_ones_keep_their_bits():
    most = torch.finfo(torch.float32).max
    gradients = [torch.full((1000,), most), torch.tensor([1e-45, -0.0]), torch.ones(2).double()]
    before = [gradient.clone() for gradient in gradients]
    assert all_finite(torch.tensor(most), gradients)
    for gradient, kept in zip(gradients, before, strict=True):
        assert gradient.numpy().tobytes() == kept.numpy().tobytes()


def test_types_may_differ_and_sparse_gradients_are_read():
    mixed = [torch.ones(2, dtype=dtype) for dtype in TYPES]
    assert all_finite(ONE, mixed)
    mixed[2][1] = float("nan")
    assert not all_finite(ONE, mixed)
    table = torch.nn.Embedding(5, 2, sparse=True)
    table(torch.tensor([1, 3])).sum().backward()
    assert all_finite(ONE, [table.weight.grad])
    table.weight.grad._values()[1, 0] = float("inf")
    assert not all_finite(ONE, [table.weight.grad])
    assert not is_finite(table.weight.grad)


def test_weights():
    net = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3))
    before = {name: value.clone() for name, value in net.state_dict().items()}
    assert weights_are_finite(net)
    assert all(torch.equal(before[name], value) for name, value in net.state_dict().items())
    with torch.no_grad():
        net[1].bias[2] = float("inf")
    assert not weights_are_finite(net)


def test_one_tensor():
    assert is_finite(torch.tensor([3]))
    assert is_finite(torch.tensor([1.0]))
    assert not is_finite(torch.tensor([1.0, float("nan")]))
    assert not is_finite(torch.tensor([complex(1, float("inf"))]))
    assert is_finite(torch.tensor([complex(1, 2)]))
    assert is_finite(torch.zeros(0, 3))
    for dtype in TYPES:
        for bad in (float("nan"), float("inf"), -float("inf")):
            table = torch.ones(40, 7, dtype=dtype).T
            table[3, 11] = bad
            assert not is_finite(table)


def test_whatever_type_torch_makes_by_default():
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        gradient = torch.ones(3)
        assert all_finite(torch.tensor(1.0), [gradient])
        gradient[1] = float("inf")
        assert not all_finite(torch.tensor(1.0), [gradient])
    finally:
        torch.set_default_dtype(before)
