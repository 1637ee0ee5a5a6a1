"""Some samples of a source: the right ones, with their own targets, and none copied."""

import numpy as np
import pytest
import torch

from striate.data import ArraySource, Loader, Subset
from striate.errors import ArgumentError, ShapeError


def test_numbers_targets_and_order():
    source = ArraySource(np.arange(10) * 10)
    part = Subset(source, np.array([7, 1, 4]), targets=torch.tensor([70, 10, 40]))
    assert len(part) == 3
    images, targets, weights = part.fetch(np.array([2, 0, 0]))
    assert images.tolist() == [40, 70, 70] == targets.tolist()
    assert weights is None
    assert part.slow is source.slow


def test_a_loader_goes_over_the_part_alone():
    part = Subset(ArraySource(np.arange(10)), np.array([3, 5, 8]))
    seen = [batch.images.tolist() for batch in Loader(part, 2).epoch(0)]
    assert seen == [[3, 5], [8]]


@pytest.mark.parametrize(
    ("numbers", "targets", "error", "words"),
    [
        ([], None, ShapeError, "Subset: `numbers` must name a sample a target, and one at least"),
        ([1, 2], torch.tensor([1]), ShapeError, r"Got numbers \(2\), targets \(1\)"),
        ([0, 3], None, ArgumentError, r"Subset: `numbers` must be numbers of samples, 0..2. .*=3"),
        ([-1, 0], None, ArgumentError, "Got numbers=-1"),
    ],
)
def test_errors(numbers, targets, error, words):
    with pytest.raises(error, match=words):
        Subset(ArraySource(np.arange(3)), np.array(numbers), targets=targets)


def test_it_passes_on_what_its_source_has_to_say():
    source = ArraySource(np.arange(4))
    part = Subset(source, np.array([1]))
    assert part.notes == ()
    source.notes = ["a picture was damaged"]
    assert Subset(part, np.array([0])).notes == ("a picture was damaged",)
