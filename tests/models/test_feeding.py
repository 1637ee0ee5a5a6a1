"""What fit, evaluate and predict take, made into batches."""

import numpy as np
import pytest
import torch

from striate.data import Loader
from striate.models.feeding import feed, holds_arrays, split_arrays
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


def test_the_last_part_is_split_off():
    (x, y, w), (vx, vy, vw) = split_arrays({"a": X}, Y, np.arange(10.0), 0.25)
    assert (len(x["a"]), len(vx["a"])) == (7, 3)
    assert (y.tolist(), vy.tolist()) == (Y[:7].tolist(), Y[7:].tolist())
    assert (w.tolist(), vw.tolist()) == ([*range(7)], [7, 8, 9])
    assert split_arrays(X, None, None, 0.5)[0][1:] == (None, None)
