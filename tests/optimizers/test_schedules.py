"""Schedules against their formulas and torch's one-cycle."""

import json
import math

import pytest
import torch

from striate.errors import ArgumentError
from striate.optimizers.schedules import (
    Constant,
    CosineDecay,
    ExponentialDecay,
    InverseTimeDecay,
    OneCycle,
    PiecewiseConstantDecay,
    Schedule,
)

ALL = [
    Constant(0.1),
    ExponentialDecay(0.1, 10, decay_rate=0.5, staircase=True),
    InverseTimeDecay(0.1, 10, decay_rate=0.5),
    PiecewiseConstantDecay([1, 2], [0.1, 0.2, 0.3]),
    CosineDecay(0.1, 10, warmup_target=0.3, warmup_steps=4),
    OneCycle(0.1, 10),
]


@pytest.mark.parametrize("schedule", ALL, ids=lambda s: type(s).__name__)
def test_config_makes_the_same_again(schedule):
    config = json.loads(json.dumps(schedule.get_config()))
    assert type(schedule)(**config) == schedule
    assert isinstance(schedule(3), float)


def test_stairs_fall_at_whole_periods():
    rate = ExponentialDecay(1.0, 10, decay_rate=0.5, staircase=True)
    assert [rate(s) for s in (0, 9, 10, 19, 20)] == [1.0, 1.0, 0.5, 0.5, 0.25]
    rate = InverseTimeDecay(1.0, 10, decay_rate=1.0, staircase=True)
    assert [rate(s) for s in (0, 9, 10, 19, 20)] == [1.0, 1.0, 0.5, 0.5, 1 / 3]


def test_cosine_between_its_ends():
    rate = CosineDecay(0.4, 8, alpha=0.25)
    assert rate(0) == 0.4
    assert rate(4) == pytest.approx(0.4 * (0.75 * 0.5 + 0.25))
    assert rate(8) == rate(100) == pytest.approx(0.1)
    warm = CosineDecay(0.1, 8, warmup_target=0.5, warmup_steps=4)
    assert [warm(s) for s in range(5)] == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5])
    assert warm(8) == pytest.approx(0.25)
    assert warm(12) == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize("fraction", [0.3, 0.25, 0.5])
def test_one_cycle_is_torchs(fraction):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    theirs = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, 0.5, total_steps=40, pct_start=fraction, cycle_momentum=False
    )
    ours = OneCycle(0.5, 40, warmup_fraction=fraction)
    for step in range(40):
        assert ours(step) == pytest.approx(optimizer.param_groups[0]["lr"], rel=1e-7)
        optimizer.step()
        if step < 39:
            theirs.step()
    assert ours(1000) == ours(39)


def test_one_cycle_without_a_rise_starts_at_the_peak():
    assert OneCycle(0.5, 10, warmup_fraction=0.0)(0) == 0.5
    assert math.isfinite(OneCycle(0.5, 2)(1))


def test_ones_own_schedule_has_an_empty_config():
    class Flat(Schedule):
        def __call__(self, step):
            return 0.5

    assert Flat().get_config() == {}
    with pytest.raises(NotImplementedError):
        Schedule()(0)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (
            lambda: ExponentialDecay(0.1, 0, decay_rate=0.5),
            "ExponentialDecay: `decay_steps` must be a number above 0. Got decay_steps=0.",
        ),
        (
            lambda: InverseTimeDecay(-0.1, 1, decay_rate=0.5),
            "InverseTimeDecay: `initial_learning_rate` must be a number of at least 0",
        ),
        (
            lambda: PiecewiseConstantDecay([2, 1], [1.0, 1.0, 1.0]),
            "PiecewiseConstantDecay: `boundaries` must rise strictly. Got boundaries=[2, 1].",
        ),
        (
            lambda: PiecewiseConstantDecay([1], [1.0]),
            "`values` must hold one number more than `boundaries`, here 2",
        ),
        (lambda: CosineDecay(0.1, -1), "CosineDecay: `decay_steps` must be a number above 0"),
        (lambda: CosineDecay(0.1, 10, warmup_steps=3), "CosineDecay: `warmup_target` must be"),
        (lambda: OneCycle(0.1, 1), "OneCycle: `total_steps` must be 2 or more"),
        (lambda: OneCycle(0.0, 10), "OneCycle: `max_learning_rate` must be a number above 0"),
        (lambda: OneCycle(0.1, 10, warmup_fraction=1.0), "`warmup_fraction` must be a fraction"),
    ],
)
def test_errors(make, words):
    with pytest.raises(ArgumentError) as caught:
        make()
    assert words in str(caught.value)


def test_a_constant_rate_stays():
    assert [Constant(0.25)(step) for step in (0, 1, 10**6)] == [0.25] * 3
    with pytest.raises(ArgumentError, match=r"Constant: `learning_rate` must be a number of"):
        Constant(-1.0)
