"""The criterion: sums and counts for each output, whatever the cut of the batch."""

import pytest
import torch

from striate.errors import ArgumentError
from striate.losses import MeanAbsoluteError, MeanSquaredError
from striate.train.criterion import Criterion, total_loss
from striate.world import OneProcess

ONE = Criterion([MeanSquaredError()], ["out"], [1.0])
TWO = Criterion([MeanSquaredError(), MeanAbsoluteError()], ["a", "b"], [2.0, 0.5])


def loss(criterion, outputs, targets, weights=None):
    return total_loss(criterion, criterion(outputs, targets, weights), OneProcess())


def test_the_total_is_the_weighted_sum_of_the_means():
    a, b = torch.rand(4, 3), torch.rand(4, 3)
    zeros = torch.zeros(4, 3)
    wanted = 2 * a.square().mean() + 0.5 * b.mean()
    assert loss(TWO, (a, b), (zeros, zeros)) == pytest.approx(wanted.item())
    assert loss(TWO, {"a": a, "b": b}, {"b": zeros, "a": zeros}) == pytest.approx(wanted.item())


def test_sums_of_parts_are_the_sum_of_the_whole():
    x, y, w = torch.rand(10, 3), torch.rand(10, 3), torch.rand(10)
    total, count = ONE(x, y, w)["out"]
    parts = [ONE(x[i:j], y[i:j], w[i:j])["out"] for i, j in ((0, 3), (3, 4), (4, 10))]
    assert sum(part for part, _ in parts).item() == pytest.approx(total.item())
    assert sum(number for _, number in parts) == count == 10


def test_weights_for_all_outputs_or_for_each():
    a, zeros = torch.ones(2, 1), torch.zeros(2, 1)
    shared = loss(TWO, (a, a), (zeros, zeros), torch.tensor([0.0, 2.0]))
    assert shared == pytest.approx(2.5)
    each = (torch.tensor([1.0, 1.0]), torch.tensor([0.0, 0.0]))
    assert loss(TWO, (a, a), (zeros, zeros), each) == pytest.approx(2.0)


def test_two_processes_divide_by_the_count_of_both():
    class Both(OneProcess):
        def sum(self, value):
            return 2 * value

    x, y = torch.ones(3, 2), torch.zeros(3, 2)
    assert total_loss(ONE, ONE(x, y), Both()) == pytest.approx(0.5)


def test_nothing_to_count_is_no_loss():
    sums = {"out": (torch.tensor(0.0), torch.tensor(0))}
    assert total_loss(ONE, sums, OneProcess()) == 0.0


def test_a_criterion_of_ones_own_needs_no_names():
    def own(outputs, targets, weights):
        return {"x": ((outputs - targets).sum(), 2)}

    assert loss(own, torch.ones(2), torch.zeros(2)) == 1.0


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        ((torch.ones(1),), r"`targets` must hold one tensor for each of the model's 2 outputs"),
        ({"a": torch.ones(1), "c": torch.ones(1)}, r"name the model's outputs: a, b\. Got targ"),
    ],
)
def test_targets_that_are_not_the_outputs(targets, words):
    with pytest.raises(ArgumentError, match=words):
        TWO((torch.ones(1), torch.ones(1)), targets)
