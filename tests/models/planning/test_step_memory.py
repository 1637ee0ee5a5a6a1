"""The memory of a run's steps: as the trace of the very step says, and nothing is changed."""

import copy

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import striate
from striate import architectures, layers
from striate.errors import StriateError
from striate.models.planning.memory_trace import training_timeline
from striate.models.planning.planned_step import input_shapes, pictures_of, planned_step
from striate.models.planning.run_memory import run_memory
from striate.models.planning.step_memory import StepMemory
from striate.plan.overheads import resident_bytes
from striate.train.batches import Batches
from striate.train.ema import WeightAverage
from tests.models.small_net import data, net, ready, same


def memory_of(model, optimizer="adam", **how):
    own = {name: how.pop(name) for name in ("average", "ahead") if name in how}
    pictures = pictures_of(model, input_shapes(model), torch.float32)
    step, metrics, one = planned_step(model, pictures, optimizer, **how)
    return StepMemory(step, one, metrics=metrics, **own)


def exact(memory, samples, parts, precision="float32"):
    """The peak of a step in so many parts, traced with great batches."""
    step = copy.copy(memory.step)
    step.accumulate, step.precision = parts, precision
    line = training_timeline(step, memory._batch, metrics=memory._metrics)
    return line.peak_bytes(samples)


@pytest.mark.parametrize("parts", [1, 2, 9])
def test_any_number_of_parts_needs_what_its_own_trace_says(parts):
    memory = memory_of(net(norm=True, dropout=0.3))
    for samples in (9, 500):
        wanted = exact(memory, samples, parts)
        assert memory.tensor_bytes(samples, parts=parts) == pytest.approx(wanted, rel=0.01)


def test_half_the_bits():
    memory = memory_of(net())
    wanted = exact(memory, 64, 1, "bfloat16")
    assert memory.tensor_bytes(64, precision="bfloat16") == wanted
    assert memory.step.precision == "float32"


def test_batches_that_are_fetched_ahead_count_and_so_does_an_average():
    model = net()
    plain, ahead = memory_of(model), memory_of(model, ahead=2)
    one = 6 * 6 * 4 + 8 + 8  # the picture, its class and its number
    assert ahead.needed_bytes(50) == plain.needed_bytes(50) + 2 * 50 * one
    averaged = memory_of(model, average=WeightAverage(model, 0.9))
    weights = sum(p.numel() * 4 for p in model.parameters())
    assert averaged.tensor_bytes(1) >= plain.tensor_bytes(1) + weights


def test_what_is_beside_the_tensors_is_expected_too():
    memory = memory_of(net(norm=True))
    for samples, parts in ((500, 1), (500, 4)):
        line = memory._timeline(min(parts, 2), None)
        batch = min(parts, 2) * 500 // parts  # of parts of the same size
        beside = resident_bytes(line, batch) - line.peak_bytes(batch)
        wanted = memory.tensor_bytes(samples, parts=parts) + beside
        assert memory.needed_bytes(samples, parts=parts) == wanted
        assert beside > 1_000_000


@settings(max_examples=15)
@given(more=st.integers(0, 3_000_000), samples=st.integers(2, 900))
def test_the_largest_batch_and_the_fewest_parts_fit_and_more_would_not(more, samples):
    memory, limit = MEMORY, MEMORY.needed_bytes(1) + more
    found = memory.largest_batch(limit, samples)
    assert memory.needed_bytes(found) <= limit
    assert found == samples or memory.needed_bytes(found + 1) > limit
    if memory.needed_bytes(samples) > limit:
        parts = memory.fewest_parts(samples, limit)
        assert parts is None or memory.needed_bytes(samples, parts=parts) <= limit
        if parts is not None:
            larger = -(-samples // (parts - 1))  # the next size of a part that makes fewer of them
            fewer = -(-samples // larger)
            assert fewer < parts
            assert memory.needed_bytes(samples, parts=fewer) > limit


MEMORY = memory_of(net(norm=True))


def test_what_is_there_already():
    model = ready(net(norm=True))
    weights = sum(t.numel() * t.element_size() for t in [*model.parameters(), *model.buffers()])
    x, y = data()
    memory = run_memory(model, batches(x, y))
    assert memory.held_bytes() == weights
    model.fit(x, y, epochs=1, verbose=0)
    trained = sum(p.numel() * 4 for p in model.parameters())
    after = run_memory(model, batches(x, y), ema=0.9).held_bytes()
    floats = sum(t.numel() * 4 for t in model.buffers() if t.is_floating_point())
    assert after == pytest.approx(weights + 3 * trained + trained + floats, abs=100)


def batches(x, y, size=8) -> Batches:
    return striate.data.Loader(striate.data.ArraySource(x, y), size)


class Drawing(layers.Layer):
    """Draws from generators that are not ours, and counts its calls."""

    calls = 0

    def call(self, x):
        self.calls += 1
        return x + float(np.random.rand()) * torch.rand(1)

    def output_shape(self, input_shape):
        return input_shape


def test_a_run_is_the_same_after_figures_were_asked_for():
    x, y = data()
    ours, theirs = (
        ready(striate.Sequential([*net(dropout=0.5).layers[:-1], Drawing(), layers.Dense(3)]))
        for _ in range(2)
    )
    theirs(x[:1]), ours(x[:1])
    theirs.set_weights(ours.get_weights())
    for model in (ours, theirs):
        np.random.seed(1), torch.manual_seed(1)
        if model is ours:
            memory = run_memory(model, batches(x, y))
            memory.needed_bytes(40), memory.fewest_parts(40, 1)
            calls = [each.calls for each in model.layers if isinstance(each, Drawing)]
        model.fit(x, y, epochs=2, verbose=0, seed=0)
    assert calls == [1]
    assert same(ours, theirs)


def test_a_generous_bound_is_one():
    for name in ("alexnet", "resnet20", "squeezenet"):
        model = architectures.sketch(name)
        memory = memory_of(model, striate.optimizers.Adam(amsgrad=True))
        for samples in (1, 200):
            assert memory.generous_bytes(samples) > memory.needed_bytes(samples), name


def test_where_there_is_no_bound():
    wide = striate.Sequential([layers.Conv2D(2, 3, input_shape=(None, None, 1)), layers.Flatten()])
    pictures = torch.zeros(1, 9, 9, 1)
    step, _, one = planned_step(wide, pictures, "sgd")
    assert StepMemory(step, one).generous_bytes(8) is None
    foreign = net()
    foreign.extra = torch.nn.Linear(2, 2)
    assert memory_of(foreign).generous_bytes(8) is None


class Looping(layers.Layer):
    """Goes through its samples one by one, or asks for the number in one."""

    asks = False

    def call(self, x):
        if self.asks:
            return x[: int(x.abs().sum()) + 1]
        return torch.stack([part * 2.0 for part in x])


@pytest.mark.parametrize("asks", [False, True])
def test_a_step_that_cannot_be_planned(asks):
    looping = Looping()
    looping.asks = asks
    model = striate.Sequential([striate.Input((4,)), layers.Dense(3)])
    memory = memory_of(model)
    model.layers[-1].register_forward_hook(lambda layer, given, made: looping.call(made))
    with pytest.raises(StriateError):
        memory.needed_bytes(8)
