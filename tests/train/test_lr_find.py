"""The sweep rises, stops in time, touches nothing, and suggests by its rule."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from striate import layers, optimizers
from striate.errors import ArgumentError
from striate.losses import MeanSquaredError
from striate.train import Criterion, TrainStep, lr_find
from striate.train.iterables import IterableBatches

MSE = Criterion([MeanSquaredError()], ["out"], [1.0])
X = torch.randn(64, 4, generator=torch.Generator().manual_seed(0))
Y = X @ torch.tensor([[1.0], [-2.0], [3.0], [0.5]])
BATCHES = IterableBatches([(X[i : i + 16], Y[i : i + 16]) for i in range(0, 64, 16)])


def net():
    torch.manual_seed(0)
    norm, drop, dense = layers.BatchNormalization(), layers.Dropout(0.1), nn.Linear(4, 1)
    model = nn.Sequential(norm, drop, dense, nn.Dropout(0.1)).eval()
    model(X)
    return model


def step(optimizer=None, **words):
    model = net()
    optimizer = optimizer or torch.optim.SGD(model.parameters(), 0.1, momentum=0.9)
    return TrainStep(model, MSE, optimizer, **words)


def rising(made):
    return lr_find(made, BATCHES, low=1e-4, high=100.0, steps=60)


def test_rates_rise_by_one_factor_and_losses_are_those_of_that_training():
    made = step()
    twin = copy.deepcopy(made.model).train()
    plain = TrainStep(twin, MSE, torch.optim.SGD(twin.parameters(), 0.1, momentum=0.9))
    torch.manual_seed(7)
    found = rising(made)
    torch.manual_seed(7)
    ratios = np.array(found.rates[1:]) / found.rates[:-1]
    np.testing.assert_allclose(ratios, (100.0 / 1e-4) ** (1 / 59), rtol=1e-10)
    assert found.rates[0] == 1e-4
    steps = ((epoch, batch) for epoch in range(99) for batch in BATCHES.epoch(epoch))
    for number, (rate, loss, (_, batch)) in enumerate(
        zip(found.rates, found.losses, steps, strict=False)
    ):
        plain.optimizer.param_groups[0]["lr"] = rate
        assert float(plain(batch, epoch=0, step=number).loss) == loss


def test_it_ends_when_the_loss_has_risen():
    found = rising(step())
    assert 20 < len(found.rates) < 60
    assert len(found.rates) == len(found.losses) == len(found.smoothed)
    threes = [sum(found.losses[i : i + 3]) / 3 for i in range(len(found.losses) - 2)]
    risen = [three - min(threes[: i + 1]) > 3 * threes[0] for i, three in enumerate(threes)]
    assert risen.index(True) == len(threes) - 1


def test_the_suggestion_is_a_tenth_of_the_rate_with_the_least_loss_and_trains():
    found = rising(step())
    weights = [
        np.exp(-0.5 * ((np.arange(len(found.losses)) - i) / (0.03 * 60)) ** 2)
        for i in range(len(found.losses))
    ]
    smooth = [np.average(found.losses, weights=w) for w in weights]
    np.testing.assert_allclose(found.smoothed, smooth, rtol=1e-12)
    assert found.suggestion == found.rates[int(np.argmin(smooth))] / 10

    def after(rate):
        made = step()
        made.optimizer.param_groups[0]["lr"] = rate
        made.model.train()
        for epoch in range(10):
            for number, batch in enumerate(BATCHES.epoch(epoch)):
                loss = made(batch, epoch=epoch, step=number).loss
        return float(loss)

    assert after(found.suggestion) < after(found.suggestion / 100) / 2
    assert not after(found.suggestion * 100) < after(found.suggestion)  # it may be NaN


@pytest.mark.parametrize("kind", ["torch", "ours", "unbound", "schedule"])
def test_nothing_is_changed(kind):
    made = step()
    if kind != "torch":
        rate = optimizers.schedules.OneCycle(0.1, 50) if kind == "schedule" else 0.1
        made = step(optimizers.SGD(rate, 0.9))
        if kind != "unbound":
            made.optimizer.bind(made.model.parameters())
    if kind != "unbound":
        made.model.train()
        for number, batch in enumerate(BATCHES.epoch(0)):
            made(batch, epoch=0, step=number)
    made.model.eval()
    before = copy.deepcopy(made.model.state_dict())
    grads = [None if p.grad is None else p.grad.clone() for p in made.model.parameters()]
    state = copy.deepcopy(made.optimizer.state_dict()) if kind != "unbound" else None
    torch.manual_seed(3)
    wanted = torch.rand(1)
    torch.manual_seed(3)
    first = rising(made)
    assert torch.equal(torch.rand(1), wanted)
    assert not made.model.training
    after = made.model.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)
    for gradient, parameter in zip(grads, made.model.parameters(), strict=True):
        assert parameter.grad is None if gradient is None else torch.equal(parameter.grad, gradient)
    if kind == "unbound":
        assert not made.optimizer.bound
    else:
        now = made.optimizer.state_dict()
        assert now["param_groups"] == state["param_groups"]
        for place, entry in state["state"].items():
            for name, value in entry.items():
                assert torch.equal(
                    torch.as_tensor(value), torch.as_tensor(now["state"][place][name])
                )
    if kind in ("ours", "unbound", "schedule"):
        assert made.optimizer.learning_rate == (
            0.1 if kind != "schedule" else made.optimizer.schedule(4)
        )
    torch.manual_seed(3)
    assert rising(made) == first


def test_a_loss_that_never_falls_suggests_nothing():
    model = nn.Linear(4, 1)
    for parameter in model.parameters():
        nn.init.zeros_(parameter)
    flat = TrainStep(model, MSE, torch.optim.SGD(model.parameters(), 1.0))
    zeros = IterableBatches([(X, torch.zeros(64, 1))])
    found = lr_find(flat, zeros, steps=10)
    assert found.suggestion is None
    assert found.losses == (0.0,) * 10


def test_a_loss_that_is_not_finite_ends_it():
    bad = IterableBatches([(X, Y), (X, Y), (X * float("inf"), Y)])
    found = lr_find(step(), bad, steps=10)
    assert len(found.losses) == 2
    first = IterableBatches([(X * float("nan"), Y)])
    found = lr_find(step(), first, steps=10)
    assert (found.rates, found.losses, found.smoothed, found.suggestion) == ((), (), (), None)


def test_it_says_how_far_it_is_and_checks_batches():
    done: list[int] = []
    seen: list[int] = []
    lr_find(
        step(), BATCHES, steps=12, high=1e-3, progress=done.append, check=lambda b: seen.append(1)
    )
    assert done == list(range(1, 13))
    assert len(seen) == 12


def test_parts_of_a_batch_find_the_same(close):
    """Without BatchNormalization, whose statistics are the parts' own."""

    def losses(accumulate):
        torch.manual_seed(0)
        model = nn.Linear(4, 1).double()
        optimizer = torch.optim.SGD(model.parameters(), 0.1)
        return rising(TrainStep(model, MSE, optimizer, accumulate=accumulate)).losses[:20]

    close(losses(4), losses(1), 1e-9)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"low": 0.0}, r"lr_find: `low` must be a number above 0"),
        ({"low": 1.0, "high": 0.5}, r"lr_find: `high` must be above low=1\. Got high=0.5"),
        ({"steps": 9}, r"lr_find: `steps` must be 10 or more\. Got steps=9"),
        ({"steps": 20.0}, r"lr_find: `steps` must be a whole number"),
    ],
)
def test_what_is_refused(words, message):
    with pytest.raises(ArgumentError, match=message):
        lr_find(step(), BATCHES, **words)


def test_batches_that_run_dry():
    class Once:
        steps_per_epoch = 1

        def epoch(self, number, *, start_step=0):
            return BATCHES.epoch(0) if number == 0 else iter(())

    with pytest.raises(ArgumentError, match=r"lr_find: `x` must hold a batch in epoch 2 too"):
        lr_find(step(), Once(), steps=10)
