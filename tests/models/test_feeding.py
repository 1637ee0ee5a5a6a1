"""What fit, evaluate and predict take, made into batches."""

import numpy as np
import pytest
import torch

from striate.data import Loader
from striate.errors import ArgumentError
from striate.models.feeding import class_weighted, feed, holds_arrays, split_arrays
from striate.records import Batch

X, Y = np.arange(20.0).reshape(10, 2), np.arange(10) % 3


@pytest.mark.parametrize(
    ("x", "y", "arrays"),
    [
        (X, Y, True),
        (torch.ones(2), None, True),
        ([[1.0, 2.0], [3.0, 4.0]], [0, 1], True),
        ([1, 2, 3], None, True),
        ([X, X], Y, True),
        ([X, X], None, True),
        ({"a": X}, Y, True),
        ([(X, Y)], None, False),
        ([[X, Y]], None, False),
        ([Batch(torch.ones(1, 1))], None, False),
        ([], None, False),
        (iter([X]), None, False),
        (3, None, False),
    ],
)
def test_arrays_or_batches(x, y, arrays):
    assert holds_arrays(x, y) is arrays


def test_a_loader_passes_through():
    loader = feed(X, Y, place="fit", batch_size=4)
    assert isinstance(loader, Loader)
    assert feed(loader, place="fit", batch_size=9) is loader


@pytest.mark.parametrize("targets", [Y, Y[:, None], np.eye(3)[Y], Y.astype("float32")])
def test_each_class_has_its_weight(targets):
    weights = class_weighted(torch.as_tensor(targets), None, {0: 0.5, 2: 4.0})
    assert weights.tolist() == [[0.5, 1.0, 4.0][label] for label in Y]


def test_a_class_weight_multiplies_a_sample_weight_and_may_name_absent_classes():
    weights = class_weighted(torch.as_tensor(Y), torch.full((10,), 2.0), {0: 0.5, 7: 9.0})
    assert weights.tolist() == [[1.0, 2.0, 2.0][label] for label in Y]


def test_class_weights_reach_every_kind_of_feed():
    wanted = [[0.5, 1.0, 4.0][label] for label in Y]
    words = {"place": "fit", "batch_size": 4, "class_weight": {0: 0.5, 2: 4.0}}
    parts = [(X[i : i + 4], Y[i : i + 4]) for i in (0, 4, 8)]
    loader = feed(X, Y, place="fit", batch_size=4)
    for x, y in ((X, Y), (parts, None), (loader, None)):
        batches = feed(x, y, **words)
        assert batches.steps_per_epoch == 3
        found = torch.cat([batch.weights for batch in batches.epoch(0)])
        assert found.tolist() == wanted
        assert [len(batch) for batch in batches.epoch(0, start_step=1)] == [4, 2]


@pytest.mark.parametrize(
    ("targets", "weight", "words"),
    [
        (torch.ones(2, 3, 3), {0: 1.0}, r"be used with one output whose targets are classes"),
        ((torch.ones(2), torch.ones(2)), {0: 1.0}, r"be used with one output.*sample_weight"),
        (torch.ones(2), {"cat": 1.0}, r"`class_weight` must map class numbers"),
        (torch.ones(2), {-1: 1.0}, r"`class_weight` must map class numbers"),
        (torch.ones(2), {1: "much"}, r"`class_weight\[1\]` must be a number"),
    ],
)
def test_class_weights_that_cannot_be(targets, weight, words):
    with pytest.raises(ArgumentError, match=words):
        class_weighted(targets, None, weight)


def test_the_last_part_is_split_off():
    (x, y, w), (vx, vy, vw) = split_arrays({"a": X}, Y, np.arange(10.0), 0.25)
    assert (len(x["a"]), len(vx["a"])) == (7, 3)
    assert (y.tolist(), vy.tolist()) == (Y[:7].tolist(), Y[7:].tolist())
    assert (w.tolist(), vw.tolist()) == ([*range(7)], [7, 8, 9])
    assert split_arrays(X, None, None, 0.5)[0][1:] == (None, None)
