"""Focal losses: their limit is cross-entropy, carried logits, error words."""

import pytest
import torch

from striate import losses
from striate.errors import ArgumentError
from striate.losses import BinaryFocalCrossentropy, CategoricalFocalCrossentropy
from striate.ops.activation import sigmoid, softmax


def test_without_focus_they_are_cross_entropy(close):
    outputs, targets = torch.rand(5, 3).softmax(-1), torch.eye(3)[torch.tensor([0, 1, 2, 0, 1])]
    plain = losses.CategoricalCrossentropy().values(targets, outputs)
    close(CategoricalFocalCrossentropy(1.0, gamma=0.0).values(targets, outputs), plain)
    plain = losses.BinaryCrossentropy().values(targets, outputs)
    close(BinaryFocalCrossentropy(gamma=0.0).values(targets, outputs), plain)


def test_right_outputs_count_less():
    loss, targets = CategoricalFocalCrossentropy(1.0, gamma=2.0), torch.tensor([[1.0, 0.0]])
    sure, unsure = torch.tensor([[0.9, 0.1]]), torch.tensor([[0.6, 0.4]])
    plain = losses.CategoricalCrossentropy()
    assert loss(targets, sure) / plain(targets, sure) == pytest.approx(0.01, rel=1e-4)
    assert loss(targets, unsure) / plain(targets, unsure) == pytest.approx(0.16, rel=1e-4)


@pytest.mark.parametrize("gamma", [0.5, 2.0])
def test_saturated_logits_give_finite_values_and_gradients(gamma):
    raw = torch.tensor([[200.0, -200.0], [-200.0, 200.0]], requires_grad=True)
    targets = torch.tensor([[1.0, 0.0], [1.0, 0.0]])
    for loss, outputs in (
        (CategoricalFocalCrossentropy(gamma=gamma), softmax(raw)),
        (CategoricalFocalCrossentropy(gamma=gamma, from_logits=True), raw),
        (BinaryFocalCrossentropy(gamma=gamma), sigmoid(raw)),
        (BinaryFocalCrossentropy(gamma=gamma, from_logits=True), raw),
    ):
        values = loss.values(targets, outputs)
        (gradient,) = torch.autograd.grad(values.sum(), raw)
        assert values.isfinite().all()
        assert gradient.isfinite().all()
        assert values[1] > 10 * values[0]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: CategoricalFocalCrossentropy(-1.0), "`alpha` must be a number of at least 0"),
        (lambda: CategoricalFocalCrossentropy(gamma=-1.0), "`gamma` must be a number"),
        (lambda: BinaryFocalCrossentropy(alpha=2.0), "`alpha` must be a number from 0 to 1"),
        (lambda: BinaryFocalCrossentropy(3), "`apply_class_balancing` must be True or False"),
        (
            lambda: CategoricalFocalCrossentropy([0.1, 0.2])(torch.eye(3), torch.eye(3)),
            "`alpha` must be one number, or one for each of the 3 classes",
        ),
        (
            lambda: CategoricalFocalCrossentropy().check_targets(-torch.eye(3), (3, 3)),
            "CategoricalFocalCrossentropy: `targets` must be probabilities",
        ),
        (
            lambda: BinaryFocalCrossentropy().check_targets(-torch.eye(3), (3, 3)),
            "BinaryFocalCrossentropy: `targets` must be probabilities",
        ),
    ],
)
def test_errors(make, words):
    with pytest.raises(ArgumentError, match=words):
        make()
