"""Learning rate, groups and clipping; what all optimizers promise is in the contracts."""

import pytest
import torch

from striate import optimizers
from striate.errors import ArgumentError
from striate.optimizers import SGD, Adagrad, Adam, AdamW, Nadam, Optimizer, RMSprop
from striate.optimizers.schedules import ExponentialDecay, PiecewiseConstantDecay


def test_repr_shows_what_is_set():
    assert repr(SGD(0.1, 0.9)) == "SGD(learning_rate=0.1, momentum=0.9, nesterov=False)"


def test_half_precision_parameters_are_updated():
    weight = torch.ones(4, dtype=torch.bfloat16, requires_grad=True)
    optimizer = Adam(0.1)
    optimizer.bind([weight])
    weight.sum().backward()
    optimizer.step()
    assert weight.dtype == torch.bfloat16
    assert weight.tolist() == pytest.approx([0.9] * 4, rel=1e-2)


def test_the_schedule_is_read_before_each_step():
    weight = torch.zeros(1, requires_grad=True)
    optimizer = SGD(PiecewiseConstantDecay([0, 1], [1.0, 10.0, 100.0]))
    optimizer.bind([weight])
    assert optimizer.learning_rate == 1.0
    for expected in (-1.0, -11.0, -111.0, -211.0):
        optimizer.zero_grad()
        weight.sum().backward()
        optimizer.step()
        assert weight.item() == expected
    assert optimizer.iterations == 4


def test_the_learning_rate_may_be_set_before_and_after_binding():
    weight = torch.zeros(1, requires_grad=True)
    optimizer = SGD(0.1)
    optimizer.learning_rate = 0.2
    optimizer.bind([{"params": [weight]}])
    assert optimizer.learning_rate == 0.2
    optimizer.learning_rate = 0.5
    assert [group["lr"] for group in optimizer.param_groups] == [0.5]
    weight.sum().backward()
    optimizer.step()
    assert weight.item() == -0.5
    optimizer.learning_rate = ExponentialDecay(1.0, 1, decay_rate=0.5)
    assert optimizer.learning_rate == 0.5


def test_groups_keep_their_own_numbers():
    plain, decayed = (torch.ones(1, requires_grad=True) for _ in range(2))
    optimizer = SGD(0.1, weight_decay=0.5)
    optimizer.bind([{"params": [plain], "weight_decay": None}, {"params": [decayed], "lr": 0.2}])
    (plain * 0 + decayed * 0).sum().backward()
    optimizer.step()
    assert plain.item() == 1.0
    assert decayed.item() == pytest.approx(0.9)


def test_torch_schedulers_work_on_it():
    weight = torch.zeros(1, requires_grad=True)
    optimizer = SGD(1.0)
    optimizer.bind([weight])
    scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.5)
    for _ in range(2):
        optimizer.zero_grad()
        weight.sum().backward()
        optimizer.step()
        scheduler.step()
    assert weight.item() == -1.5
    assert optimizer.learning_rate == 0.25


def test_a_closure_is_called_once_with_gradients():
    weight = torch.ones(1, requires_grad=True)
    optimizer = SGD(0.5)
    optimizer.bind([weight])

    def closure():
        optimizer.zero_grad()
        loss = weight.square().sum()
        loss.backward()
        return loss

    assert optimizer.step(closure).item() == 1.0
    assert weight.item() == 0.0


def test_a_rate_cannot_be_set_over_a_schedule():
    optimizer = SGD(ExponentialDecay(0.1, 10, decay_rate=0.5))
    with pytest.raises(ArgumentError, match="not be assigned while ExponentialDecay sets it"):
        optimizer.learning_rate = 0.1


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: SGD(-0.1), "SGD: `learning_rate` must be a number of at least 0"),
        (lambda: SGD("fast"), "SGD: `learning_rate` must be a number"),
        (lambda: SGD(momentum=1.5), "SGD: `momentum` must be a number from 0 to 1"),
        (lambda: SGD(nesterov=1), "SGD: `nesterov` must be True or False"),
        (lambda: Adam(beta_1=1.0), "Adam: `beta_1` must be a fraction"),
        (lambda: AdamW(beta_2=-1.0), "AdamW: `beta_2` must be a fraction"),
        (lambda: AdamW(weight_decay=None), "AdamW: `weight_decay` must be a number"),
        (lambda: Nadam(epsilon=-1.0), "Nadam: `epsilon` must be a number of at least 0"),
        (lambda: RMSprop(rho=1.0), "RMSprop: `rho` must be a fraction"),
        (lambda: Adagrad(weight_decay=-1), "Adagrad: `weight_decay` must be a number"),
        (
            lambda: Adagrad(initial_accumulator_value=-1),
            "Adagrad: `initial_accumulator_value` must be a number of at least 0",
        ),
        (lambda: SGD(clipnorm=0.0), "SGD: `clipnorm` must be a number above 0"),
        (
            lambda: SGD(clipnorm=1.0, clipvalue=1.0),
            "SGD: `clipvalue` must be None when `clipnorm` is given. Got clipvalue=1.0.",
        ),
        (
            lambda: optimizers.get("adamm"),
            "compile: `optimizer` must name a known optimizer. Got optimizer='adamm'. Nearest: "
            '"adam", "adamw", "nadam".',
        ),
        (lambda: optimizers.get(3), "compile: `optimizer` must be the name of an optimizer"),
        (lambda: optimizers.get(Adam), "compile: `optimizer` must be the name of an optimizer"),
    ],
)
def test_errors(make, words):
    with pytest.raises(ArgumentError) as caught:
        make()
    assert words in str(caught.value)


@pytest.mark.parametrize("name", ["sgd", "rmsprop", "adam", "adamw", "nadam", "adagrad"])
def test_get_makes_a_fresh_one_by_name(name):
    first, second = optimizers.get(name), optimizers.get(name.upper())
    assert type(first).__name__.lower() == name
    assert first is not second
    assert isinstance(first, Optimizer)


def test_get_takes_objects_as_they_are():
    ours = Adam(0.5)
    theirs = torch.optim.Adam([torch.zeros(1, requires_grad=True)])
    assert optimizers.get(ours) is ours
    assert optimizers.get(theirs) is theirs


def test_config_makes_the_same_again():
    optimizer = RMSprop(0.5, 0.8, momentum=0.1, weight_decay=0.2, clipvalue=3.0)
    assert RMSprop(**optimizer.get_config()).get_config() == optimizer.get_config()
    with_schedule = Adam(ExponentialDecay(0.1, 10, decay_rate=0.5)).get_config()
    assert with_schedule["learning_rate"] == {
        "class_name": "ExponentialDecay",
        "initial_learning_rate": 0.1,
        "decay_steps": 10,
        "decay_rate": 0.5,
        "staircase": False,
    }
