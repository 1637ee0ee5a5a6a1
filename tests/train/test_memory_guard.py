"""A step whose memory does not suffice: the batch that fits is named, or parts give the same."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from striate import layers
from striate.errors import ArgumentError, PlanError
from striate.losses import MeanSquaredError
from striate.records import Batch
from striate.train import Criterion, TrainStep
from striate.train.memory_guard import MemoryGuard

MSE = Criterion([MeanSquaredError()], ["out"], [1.0])


class Limit(torch.autograd.Function):
    """Passes values on; its way back has no memory for more rows than a limit."""

    @staticmethod
    def forward(ctx, x, limit):
        ctx.limit = limit
        return x.clone()

    @staticmethod
    def backward(ctx, gradient):
        if len(gradient) > ctx.limit:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20 MiB.\nMore")
        return gradient, None


class Net(nn.Module):
    """Statistics, a draw, and a limit of rows on the way there or back."""

    def __init__(self, limit, *, backward=False):
        super().__init__()
        torch.manual_seed(0)
        self.first, self.last = nn.Linear(3, 6), nn.Linear(6, 1)
        self.norm = layers.BatchNormalization(momentum=0.5)
        self.norm.build((None, 6))
        self.drop = layers.Dropout(0.3)
        self.limit, self.backward_ = limit, backward

    def forward(self, x):
        x = self.drop(self.norm(self.first(x)))
        if not self.backward_ and len(x) > self.limit:
            torch.empty(2**60)
        return self.last(Limit.apply(x, self.limit))


def step(limit, *, accumulate=1, backward=False):
    net = Net(limit, backward=backward).train()
    optimizer = torch.optim.SGD(net.parameters(), 0.1, momentum=0.9)
    return TrainStep(net, MSE, optimizer, seed=2, accumulate=accumulate)


def batch(n, seed=0):
    rng = torch.Generator().manual_seed(seed)
    x, y = torch.rand(n, 3, generator=rng), torch.rand(n, 1, generator=rng)
    return Batch(x, y, None, torch.arange(n))


def state(made):
    held = dict(made.model.state_dict())
    for number, entry in made.optimizer.state_dict()["state"].items():
        held[f"momentum {number}"] = entry["momentum_buffer"]
    return {name: value.clone() for name, value in held.items()}


def equal(a, b):
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


@given(n=st.integers(2, 40), data=st.data(), backward=st.booleans())
def test_stop_names_exactly_what_fits_and_leaves_the_weights(n, data, backward):
    limit = data.draw(st.integers(1, n - 1))
    made = step(limit, backward=backward)
    guard = MemoryGuard(made)
    guard(batch(limit), epoch=0, step=0)
    weights = {name: value.clone() for name, value in made.model.named_parameters()}
    with pytest.raises(PlanError) as caught:
        guard(batch(n), epoch=0, step=1)
    text = str(caught.value)
    assert text.startswith(f'fit: must have memory for batches of {n}. Got "')
    parts = -(-n // limit)
    assert text.endswith(
        f'" in epoch 1, step 2. By trial, {limit} fit at a time. Use batch_size={limit}, or keep '
        f'the batch and compute it in parts: accumulate={parts}, or on_oom="accumulate", which '
        "finds that by itself."
    )
    assert "\n" not in text
    assert all(torch.equal(weights[name], p) for name, p in made.model.named_parameters())
    assert all(parameter.grad is None for parameter in made.model.parameters())
    assert made.accumulate == 1


def test_the_parts_that_were_asked_for_count():
    guard = MemoryGuard(step(3, accumulate=2))
    words = r"for batches of 8 in 2 parts\. .* By trial, 3 fit at a time\. .* accumulate=3, or on_"
    with pytest.raises(PlanError, match=words):
        guard(batch(8), epoch=0, step=0)


@pytest.mark.parametrize("backward", [False, True])
def test_accumulate_gives_the_bits_of_a_run_in_parts_from_the_start(backward):
    notes = []
    ours, theirs = step(3, backward=backward), step(99, accumulate=4)
    guard = MemoryGuard(ours, on_oom="accumulate", note=notes.append)
    for number in range(3):
        mine = guard(batch(10, number), epoch=0, step=number)
        wanted = theirs(batch(10, number), epoch=0, step=number)
        assert mine.loss.item() == wanted.loss.item()
        assert equal(state(ours), state(theirs))
    assert notes == [
        "Memory did not suffice for 10 samples in epoch 1, step 1: from here on each batch is "
        "computed in 4 parts (accumulate=4). The update is that of the whole batch; only "
        "BatchNormalization sees the parts."
    ]


def test_accumulate_ends_where_one_sample_is_too_much():
    made = step(0)
    made.model.drop.build((None, 6))
    before = state(made)
    guard = MemoryGuard(made, on_oom="accumulate")
    words = r"for batches of 3 in 3 parts\. .* not even one sample fits\. Use smaller pictures"
    with pytest.raises(PlanError, match=words):
        guard(batch(3), epoch=0, step=0)
    assert all(torch.equal(before[name], value) for name, value in state(made).items())


def test_an_update_that_was_begun_is_not_made_again():
    class HalfWay(torch.optim.SGD):
        calls = 0

        def step(self, closure=None):
            self.calls += 1
            with torch.no_grad():
                next(iter(self.param_groups[0]["params"])).add_(1.0)
            torch.empty(2**60)

    net = nn.Linear(3, 1)
    optimizer = HalfWay(net.parameters(), 0.1)
    guard = MemoryGuard(TrainStep(net, MSE, optimizer), on_oom="accumulate")
    with pytest.raises(PlanError, match=r"for batches of 4\. Got .* in epoch 2, step 6\. By tri"):
        guard(batch(4), epoch=1, step=5)
    assert optimizer.calls == 1


def test_room_is_kept_for_what_the_optimizer_will_hold(monkeypatch):
    made = step(99)
    guard, sizes = MemoryGuard(made), []
    plain = torch.empty_like
    monkeypatch.setattr(torch, "empty_like", lambda t: sizes.append(t.numel()) or plain(t))
    count = sum(parameter.numel() for parameter in made.model.parameters())
    guard._fits(batch(4), 4, 0, 0)
    assert sum(sizes) == 3 * count
    made(batch(4), epoch=0, step=0)
    sizes.clear()
    guard._fits(batch(4), 4, 0, 1)
    assert sum(sizes) == count


def test_other_errors_pass():
    made = step(99)
    given_ = Batch(torch.rand(4, 5), torch.rand(4, 1))
    with pytest.raises(RuntimeError, match="cannot be multiplied"):
        MemoryGuard(made)(given_, epoch=0, step=0)


def test_error_words():
    words = r'fit: `on_oom` must be one of "stop", "accumulate", "try"\. Got on_oom=.halve.'
    with pytest.raises(ArgumentError, match=words):
        MemoryGuard(step(1), on_oom="halve")
