"""A plain iterable of batches: read anew each epoch, its samples numbered as they come."""

import numpy as np
import pytest
import torch

from striate.errors import ArgumentError
from striate.records import Batch
from striate.train.iterables import IterableBatches

PARTS = [(np.full((n, 2), n, "float64"), np.arange(n)) for n in (3, 2, 4)]


def test_every_epoch_begins_anew():
    batches = IterableBatches(PARTS)
    assert batches.steps_per_epoch == 3
    for epoch in range(2):
        found = list(batches.epoch(epoch))
        assert [len(batch) for batch in found] == [3, 2, 4]
        assert [batch.sample_ids.tolist() for batch in found] == [[0, 1, 2], [3, 4], [5, 6, 7, 8]]


def test_the_first_steps_may_be_skipped():
    (last,) = IterableBatches(PARTS).epoch(0, start_step=2)
    assert last.sample_ids.tolist() == [5, 6, 7, 8]


def test_only_so_many_steps():
    batches = IterableBatches(PARTS, 2)
    assert batches.steps_per_epoch == 2
    assert len(list(batches.epoch(0))) == 2


def test_arrays_become_tensors_of_the_default_type_and_tensors_stay():
    mixed = {"x": torch.ones(2, 1, dtype=torch.float64), "y": np.ones((2, 1))}
    (batch,) = IterableBatches([(mixed, [np.ones(2, "uint8"), np.ones(2)])]).epoch(0)
    assert batch.images["x"].dtype == torch.float64
    assert batch.images["y"].dtype == torch.float32
    assert [t.dtype for t in batch.targets] == [torch.uint8, torch.float32]


def test_a_batch_keeps_its_own_numbers():
    given = Batch(torch.ones(2, 1), torch.ones(2), torch.ones(2), torch.tensor([7, 9]))
    (batch,) = IterableBatches([given]).epoch(0)
    assert batch.sample_ids.tolist() == [7, 9]
    assert batch.weights is given.weights


def test_a_length_is_unknown_where_there_is_none():
    class Endless:
        def __iter__(self):
            return iter(PARTS * 100)

    assert IterableBatches(Endless()).steps_per_epoch is None
    assert len(list(IterableBatches(Endless(), 5).epoch(0))) == 5


@pytest.mark.parametrize("wrong", [iter(PARTS), (part for part in PARTS), map(len, PARTS)])
def test_what_can_be_read_only_once_is_refused(wrong):
    with pytest.raises(ArgumentError, match=r"`x` must be readable once an epoch"):
        IterableBatches(wrong)


def test_steps_that_are_not_there_are_refused():
    words = r"fit: `steps_per_epoch` must be at most 3, the number of batches that x holds"
    with pytest.raises(ArgumentError, match=words):
        IterableBatches(PARTS, 4)
    with pytest.raises(ArgumentError, match=r"evaluate: `steps` must be at most 3"):
        IterableBatches(PARTS, 4, place="evaluate")
    with pytest.raises(ArgumentError, match=r"evaluate: `x` must hold at least one batch"):
        IterableBatches([], place="evaluate")


def test_what_is_no_batch_is_refused():
    with pytest.raises(ArgumentError, match=r"`x` must be arrays, or an iterable"):
        IterableBatches(7)
    with pytest.raises(ArgumentError, match=r"`x` must hold tensors or arrays in its batches"):
        list(IterableBatches([("a", "b")]).epoch(0))
    with pytest.raises(ArgumentError, match=r"`value` must be a Batch, images"):
        list(IterableBatches([(np.ones(1),) * 4]).epoch(0))
