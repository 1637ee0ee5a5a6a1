"""Batches without a place to go on from: read again with the draws they had, and skipped."""

import pytest
import torch
from torch.utils.data import DataLoader, TensorDataset

from striate.errors import ArgumentError
from striate.train.generators import generators
from striate.train.iterables import IterableBatches
from striate.train.rereading import reread

CPU = torch.device("cpu")
DATA = TensorDataset(torch.arange(20).float()[:, None], torch.zeros(20, 1))


def test_a_shuffling_loader_gives_the_rest_of_the_same_epoch():
    batches = IterableBatches(DataLoader(DATA, batch_size=4, shuffle=True))
    torch.manual_seed(3)
    began = generators(CPU)
    whole, states = [], []
    for batch in batches.epoch(0):
        whole.append(batch.images.flatten().tolist())
        torch.rand(2)  # the net draws too
        states.append(generators(CPU))
    for first in range(1, 6):
        torch.manual_seed(99)
        rest, numbers = [], []
        again = reread(batches, 0, first, began=began, now=states[first - 1], device=CPU)
        for number, batch in again:
            numbers.append(number)
            rest.append(batch.images.flatten().tolist())
            torch.rand(2)
        assert numbers == list(range(first, 5))
        assert rest == whole[first:]
        now, then = generators(CPU)["torch"], states[-1]["torch"]
        assert torch.equal(now, then)


def test_samples_keep_their_numbers():
    batches = IterableBatches([(torch.zeros(3, 1), torch.zeros(3, 1))] * 3)
    state = generators(CPU)
    ((number, batch),) = reread(batches, 0, 2, began=None, now=state, device=CPU)
    assert number == 2
    assert batch.sample_ids.tolist() == [6, 7, 8]


def test_fewer_batches_than_before_are_refused():
    batches = IterableBatches([(torch.zeros(1, 1), torch.zeros(1, 1))] * 2)
    words = r"fit: `x` must give the 3 batches again that it gave before\. Got x='2 batches'"
    with pytest.raises(ArgumentError, match=words):
        list(reread(batches, 0, 3, began=None, now=generators(CPU), device=CPU))
