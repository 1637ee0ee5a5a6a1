"""Plain functions as losses."""

import pytest
import torch

from striate import losses
from striate.errors import ArgumentError


def per_sample(y_true, y_pred):
    return (y_true - y_pred).square().sum(-1)


def test_one_number_per_sample():
    loss = losses.get(per_sample)
    total, count = loss.criterion(torch.ones(4, 3), torch.zeros(4, 3), torch.arange(4.0))
    assert (total.item(), count) == (18.0, 4)
    assert loss.get_config() == {"function": "per_sample"}


def test_one_number_per_batch():
    loss = losses.get(lambda y_true, y_pred: per_sample(y_true, y_pred).mean())
    total, count = loss.criterion(torch.ones(4, 3), torch.zeros(4, 3))
    assert (total.item(), count) == (3.0, 1)


def test_half_results_are_widened():
    loss = losses.get(lambda y_true, y_pred: y_pred)
    assert loss(torch.zeros(2), torch.zeros(2, dtype=torch.bfloat16)).dtype == torch.float32


def test_errors():
    words = r'FunctionLoss "per_sample_float": `function` must return a tensor\. Got function=0\.5'

    def per_sample_float(y_true, y_pred):
        return 0.5

    with pytest.raises(ArgumentError, match=words):
        losses.get(per_sample_float)(torch.zeros(2), torch.zeros(2))
    with pytest.raises(ArgumentError, match="`function` must be a function of targets and outputs"):
        losses.FunctionLoss(3)
