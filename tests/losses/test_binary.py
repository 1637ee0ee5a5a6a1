"""Binary cross-entropy: values, carried logits, error words."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from striate.errors import ArgumentError, ShapeError
from striate.losses import BinaryCrossentropy
from striate.ops.activation import sigmoid


def test_against_numpy(close, rng):
    p, t = rng.uniform(0.05, 0.95, (4, 3)), rng.uniform(0.0, 1.0, (4, 3))
    expected = -(t * np.log(p) + (1 - t) * np.log(1 - p)).mean(1)
    close(BinaryCrossentropy().values(torch.tensor(t), torch.tensor(p)), expected)


def test_carried_logits_make_the_loss_exact(close):
    logits = torch.tensor([[40.0], [-40.0], [0.3]])
    targets = torch.tensor([0.0, 1.0, 1.0])
    expected = F.binary_cross_entropy_with_logits(logits[:, 0], targets, reduction="none")
    close(BinaryCrossentropy().values(targets, sigmoid(logits)), expected)
    bare = BinaryCrossentropy().values(targets, sigmoid(logits).clone())
    assert bare[1].item() == pytest.approx(-np.log(1e-7), rel=1e-3)


def test_whole_number_and_boolean_targets():
    outputs = torch.rand(3, 1)
    expected = BinaryCrossentropy()(torch.tensor([1.0, 0.0, 1.0]), outputs)
    for targets in (torch.tensor([1, 0, 1]), torch.tensor([True, False, True])):
        assert BinaryCrossentropy()(targets, outputs).item() == expected.item()


def test_errors():
    with pytest.raises(ShapeError, match="BinaryCrossentropy: `targets` must have the shape"):
        BinaryCrossentropy()(torch.zeros(4), torch.rand(4, 10))
    with pytest.raises(ArgumentError, match=r"Got targets=-1\.0\. They go from -1 to 1\."):
        BinaryCrossentropy().check_targets(torch.tensor([-1.0, 1.0]), (2, 1))
    with pytest.raises(ArgumentError, match="`label_smoothing` must be a number from 0 to 1"):
        BinaryCrossentropy(label_smoothing=-0.1)
    with pytest.raises(ArgumentError, match="False when the outputs went through sigmoid"):
        BinaryCrossentropy(from_logits=True)(torch.zeros(4), sigmoid(torch.rand(4, 1)))
