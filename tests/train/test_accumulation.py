"""A batch in parts gives the update of the whole batch, whatever is weighted or ignored."""

import copy

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from striate import layers
from striate.errors import ArgumentError
from striate.losses import MeanSquaredError, SparseCategoricalCrossentropy
from striate.records import Batch, Boxes
from striate.train import Criterion, TrainStep
from striate.train.accumulation import Gradients, parts_of

IGNORED = 2
CROSSENTROPY = Criterion([SparseCategoricalCrossentropy(ignore_class=IGNORED)], ["q"], [1.0])
BOTH = Criterion(
    [SparseCategoricalCrossentropy(ignore_class=IGNORED), MeanSquaredError()], "ab", [0.3, 2.0]
)


class TwoHeads(nn.Module):
    """A shared trunk, a head of its own for each output, a draw, and a penalty."""

    def __init__(self, heads=2):
        super().__init__()
        torch.manual_seed(0)
        self.trunk = layers.Dense(8, "tanh", kernel_regularizer="l2")
        self.trunk.build((None, 3))
        self.drop = layers.Dropout(0.4)
        self.heads = nn.ModuleList(nn.Linear(8, size) for size in (4, 2)[:heads])
        self.unused = nn.Linear(1, 1)

    def forward(self, x):
        x = self.drop(self.trunk(x))
        first, *others = (head(x) for head in self.heads)
        return (first.softmax(-1), *others) if others else first.softmax(-1)


def batch(n, *, heads=1, weighted=False, seed=1):
    rng = torch.Generator().manual_seed(seed)
    classes = torch.randint(0, 4, (n,), generator=rng)
    goals = (classes, torch.rand(n, 2, generator=rng)) if heads > 1 else classes
    weights = torch.rand(n, generator=rng) if weighted else None
    return Batch(torch.rand(n, 3, generator=rng), goals, weights, torch.arange(100, 100 + n))


def step(accumulate, *, heads=1, criterion=None, rate=0.5):
    model = TwoHeads(heads).double().train()
    optimizer = torch.optim.SGD(model.parameters(), rate, momentum=0.9)
    criterion = criterion or (BOTH if heads > 1 else CROSSENTROPY)
    return TrainStep(model, criterion, optimizer, seed=3, accumulate=accumulate)


def assert_same(ours, theirs, tolerance=1e-12):
    for a, b in zip(ours.model.parameters(), theirs.model.parameters(), strict=True):
        assert (a.grad is None) == (b.grad is None)
        assert torch.allclose(a, b, rtol=tolerance, atol=tolerance)
        if a.grad is not None:
            assert torch.allclose(a.grad, b.grad, rtol=tolerance, atol=tolerance)


@given(
    n=st.integers(1, 13),
    parts=st.integers(2, 9),
    heads=st.integers(1, 2),
    weighted=st.booleans(),
)
def test_the_update_is_that_of_the_whole_batch(n, parts, heads, weighted):
    whole, cut = (step(count, heads=heads) for count in (1, parts))
    for number, size in enumerate((n, max(1, n // 2))):  # the last batch of an epoch is smaller
        given_ = batch(size, heads=heads, weighted=weighted, seed=number)
        wanted, got = (each(given_, epoch=1, step=number) for each in (whole, cut))
        assert got.loss.item() == pytest.approx(wanted.loss.item(), rel=1e-12)
        for name, (total, count) in wanted.sums.items():
            assert got.sums[name][0].item() == pytest.approx(total.item(), rel=1e-12)
            assert int(got.sums[name][1]) == int(count)
        outs, theirs = (r.outputs if heads > 1 else (r.outputs,) for r in (got, wanted))
        assert all(torch.allclose(a, b) for a, b in zip(outs, theirs, strict=True))
        assert not any(out.requires_grad for out in outs)
        assert got.batch is given_
    assert_same(cut, whole)


def test_parts_with_no_sample_that_counts_weigh_nothing():
    """A mean of the parts' means would be another number: the counts differ by part."""
    given_ = batch(6)
    given_.targets[:4] = torch.tensor([IGNORED, IGNORED, IGNORED, 1])
    whole, cut = step(1), step(3)
    wanted, got = (each(given_, epoch=0, step=0) for each in (whole, cut))
    assert got.loss.item() == pytest.approx(wanted.loss.item(), rel=1e-12)
    assert_same(cut, whole)
    given_.targets[:] = IGNORED
    assert cut(given_, epoch=0, step=1).loss.item() == pytest.approx(
        whole(given_, epoch=0, step=1).loss.item()
    )
    assert_same(cut, whole)


def test_a_part_of_the_loss_that_nothing_trains():
    def criterion(outputs, targets, weights):
        sums = dict(BOTH(outputs, targets, weights))
        return {**sums, "fixed": (outputs[0].detach().sum(), 1)}

    whole, cut = (step(count, heads=2, criterion=criterion) for count in (1, 3))
    for each in (whole, cut):
        each(batch(7, heads=2), epoch=0, step=0)
    assert_same(cut, whole)


def test_batch_normalization_takes_the_statistics_of_each_part():
    def moved(accumulate):
        norm = layers.BatchNormalization(momentum=0.5)
        norm.build((None, 3))
        made = TrainStep(
            norm,
            Criterion([MeanSquaredError()], ["out"], [1.0]),
            torch.optim.SGD(norm.parameters(), 0.1),
            accumulate=accumulate,
        )
        norm.train()
        x = torch.arange(12.0).reshape(4, 3)
        made(Batch(x, x), epoch=0, step=0)
        return norm.running_mean, x

    mean, x = moved(2)
    assert torch.allclose(mean, 0.25 * x[:2].mean(0) + 0.5 * x[2:].mean(0))
    assert torch.allclose(moved(1)[0], 0.5 * x.mean(0))


def test_a_loss_that_is_not_finite_updates_nothing():
    made = step(3)
    made(batch(6), epoch=0, step=0)
    before = copy.deepcopy(made.model.state_dict())
    state = copy.deepcopy(made.optimizer.state_dict()["state"])
    bad = batch(6)
    bad.images[4] = float("nan")
    assert not made(bad, epoch=0, step=1).is_finite
    assert all(torch.equal(value, before[name]) for name, value in made.model.state_dict().items())
    for place, entry in made.optimizer.state_dict()["state"].items():
        assert torch.equal(entry["momentum_buffer"], state[place]["momentum_buffer"])
    good = made(batch(6), epoch=0, step=2)
    assert good.is_finite


def test_memory_of_one_part_is_held_at_a_time():
    alive, most = set(), []

    class Watched(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.number = len(most)
            alive.add(ctx.number)
            most.append(len(alive))
            return x.clone()

        @staticmethod
        def backward(ctx, gradient):
            alive.discard(ctx.number)
            return gradient

    class Watching(TwoHeads):
        def forward(self, x):
            return super().forward(Watched.apply(x.requires_grad_()))

    model = Watching(1)
    made = TrainStep(model, CROSSENTROPY, torch.optim.SGD(model.parameters(), 0.1), accumulate=4)
    given_ = batch(8)
    given_ = Batch(given_.images.clone(), given_.targets, None, given_.sample_ids)
    made(given_, epoch=0, step=0)
    assert most == [1, 1, 1, 1]


# The parts


@given(n=st.integers(1, 40), count=st.integers(1, 50))
def test_parts_are_the_batch_in_order_and_of_nearly_one_size(n, count):
    whole = Batch(torch.rand(n, 2), {"a": torch.rand(n), "b": torch.tensor(1.0)}, None, None)
    parts = list(parts_of(whole, count))
    sizes = [len(part) for part in parts]
    assert len(parts) == min(n, count)
    assert max(sizes) - min(sizes) <= 1
    assert torch.equal(torch.cat([part.images for part in parts]), whole.images)
    assert torch.equal(torch.cat([part.targets["a"] for part in parts]), whole.targets["a"])
    assert all(part.targets["b"] == 1.0 for part in parts)
    assert all(part.weights is part.sample_ids is None for part in parts)


def test_records_and_what_has_no_samples_go_along():
    boxes = Boxes(torch.rand(5, 2, 4), torch.ones(5, 2), torch.ones(5, 2, dtype=torch.bool))
    first, second = parts_of(Batch(torch.zeros(5, 1), (boxes, "note"), torch.rand(5)), 2)
    assert isinstance(first.targets[0], Boxes)
    assert torch.equal(second.targets[0].boxes_xyxy, boxes.boxes_xyxy[2:])
    assert first.targets[0].valid.shape == (2, 2)
    assert first.targets[1] == "note"
    assert len(second.weights) == 3


def test_gradients_have_their_usual_layout():
    weight = torch.rand(4, 3, 3, 3).to(memory_format=torch.channels_last).requires_grad_()
    gathered = Gradients(torch.optim.SGD([weight], 0.1), scale=2)
    for _ in range(2):
        gathered.add({"a": (weight.square().sum(), 1), "b": (weight.sum(), 1)})
    gathered.put_back({"a": 0.5, "b": torch.tensor(3.0)})
    assert torch.allclose(weight.grad, 2 * weight + 6)
    assert weight.grad.stride() == weight.stride()


@pytest.mark.parametrize("parts", [0, 1.5, True])
def test_a_number_of_parts_that_is_refused(parts):
    with pytest.raises(ArgumentError, match=r"fit: `accumulate` must be a whole number of at le"):
        step(parts)
