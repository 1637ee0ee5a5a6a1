import subprocess
import sys
import threading
import time

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from striate.data.loader import Loader
from striate.data.order import permutation
from striate.data.source import ArraySource
from striate.errors import ArgumentError, DataError
from striate.records import Batch, Preprocess


def numbers(count):
    return ArraySource(np.arange(count), np.arange(count) * 10)


class Slow:
    """A source that takes its time, the more the smaller its numbers, and counts its threads."""

    slow = True

    def __init__(self, count, bad=None):
        self.count, self.bad = count, bad
        self.fetched, self.threads = [], set()

    def __len__(self):
        return self.count

    def fetch(self, indices):
        self.threads.add(threading.current_thread())
        self.fetched.append(indices.tolist())
        time.sleep(0.002 * (5 - indices[0] % 5))
        if self.bad in indices:
            raise DataError(f"sample {self.bad} is bad")
        return torch.from_numpy(indices), None, None


def ids(batches):
    return [batch.sample_ids.tolist() for batch in batches]


def flat(lists):
    return [value for part in lists for value in part]


epochs = st.integers(0, 5)


@given(
    count=st.integers(1, 40),
    size=st.integers(1, 50),
    shuffle=st.booleans(),
    drop=st.booleans(),
    seed=st.integers(0, 99),
    epoch=epochs,
    data=st.data(),
)
def test_an_epoch_is_the_order_cut_into_batches(count, size, shuffle, drop, seed, epoch, data):
    if drop and size > count:
        return
    loader = Loader(numbers(count), size, shuffle=shuffle, seed=seed, drop_last=drop)
    batches = list(loader.epoch(epoch))
    order = permutation(count, seed=seed, epoch=epoch).tolist() if shuffle else list(range(count))
    seen = flat(ids(batches))
    assert len(batches) == len(loader) == loader.steps_per_epoch
    assert seen == order[: count - count % size if drop else count]
    assert all(len(batch) == size for batch in batches[:-1])
    assert flat(b.images.tolist() for b in batches) == seen
    assert flat(b.targets.tolist() for b in batches) == [10 * i for i in seen]
    cut = data.draw(st.integers(0, len(batches) + 1))
    assert ids(loader.epoch(epoch, start_step=cut)) == ids(batches)[cut:]


@given(threads=st.integers(0, 5), seed=st.integers(0, 99), start=st.integers(0, 3))
def test_threads_change_no_order(threads, seed, start):
    source = Slow(11)
    loader = Loader(source, 2, shuffle=True, seed=seed, threads=threads)
    plain = Loader(numbers(11), 2, shuffle=True, seed=seed)
    here = list(loader.epoch(1, start_step=start))
    assert ids(here) == ids(plain.epoch(1, start_step=start))
    assert [b.images.tolist() for b in here] == ids(here)
    assert (threading.current_thread() in source.threads) == (threads == 0)


def test_batches_are_fetched_ahead_but_not_far_ahead():
    source = Slow(100)
    batches = Loader(source, 1, threads=3).epoch(0)
    next(batches)
    time.sleep(0.1)
    assert sorted(flat(source.fetched)) == [0, 1, 2, 3]
    batches.close()


def test_closing_an_epoch_stops_its_threads():
    source = Slow(50)
    batches = Loader(source, 1, threads=4).epoch(0)
    next(batches)
    assert any(thread.is_alive() for thread in source.threads)
    batches.close()
    assert not any(thread.is_alive() for thread in source.threads)
    assert len(source.fetched) <= 5


def test_leaving_a_loop_stops_its_threads():
    source = Slow(50)
    for _ in Loader(source, 1, threads=4):
        break
    assert not any(thread.is_alive() for thread in source.threads)


def test_an_error_comes_as_it_is_in_its_batch_s_place():
    source = Slow(20, bad=7)
    batches = Loader(source, 2, threads=4).epoch(0)
    assert [next(batches).sample_ids.tolist() for _ in range(3)] == [[0, 1], [2, 3], [4, 5]]
    with pytest.raises(DataError, match=r"^sample 7 is bad$"):
        next(batches)
    assert not any(thread.is_alive() for thread in source.threads)


def test_arrays_need_no_thread():
    before = threading.active_count()
    for _ in Loader(numbers(10), 2, threads=4).epoch(0):
        assert threading.active_count() == before


def test_each_loop_is_the_next_epoch_in_tuples():
    loader = Loader(numbers(9), 4, shuffle=True, seed=3)
    for epoch in range(3):
        x, y = zip(*loader, strict=True)
        assert flat(part.tolist() for part in x) == permutation(9, seed=3, epoch=epoch).tolist()
        assert flat(part.tolist() for part in y) == [10 * v for v in flat(p.tolist() for p in x)]


def test_tuples_hold_what_there_is():
    assert [len(part) for part in Loader(ArraySource([1, 2]), 2)] == [1]
    weighted = ArraySource([1, 2], [0, 1], weights=[0.5, 2.0])
    (parts,) = Loader(weighted, 2)
    assert [part.tolist() for part in parts] == [[1, 2], [0, 1], [0.5, 2.0]]
    (batch,) = Loader(weighted, 2).epoch(0)
    assert isinstance(batch, Batch)
    assert batch.weights.tolist() == [0.5, 2.0]


def test_the_record_of_preprocessing_is_carried_and_not_applied():
    record = Preprocess(scale=0.5)
    loader = Loader(numbers(2), 2, preprocess=record)
    assert loader.preprocess is record
    assert next(loader.epoch(0)).images.tolist() == [0, 1]


COST = """
import time, torch
from striate.data import Loader
from striate.data.order import permutation
from striate.data.source import ArraySource
torch.set_num_threads(1)
images = torch.zeros(6400, 28, 28, 1, dtype=torch.uint8)
targets = torch.zeros(6400, dtype=torch.int64)
loader = Loader(ArraySource(images, targets), 64, shuffle=True)
def by_hand():
    for part in torch.from_numpy(permutation(6400, seed=0, epoch=0)).split(64):
        yield images[part], targets[part]
def thread_seconds(batches):
    start = time.thread_time()  # what other processes take does not count
    for _ in batches:
        pass
    return time.thread_time() - start
pairs = [(thread_seconds(loader.epoch(0)), thread_seconds(by_hand())) for _ in range(15)]
print(*map(min, zip(*pairs)))
"""


def test_batches_of_arrays_cost_no_more_than_indexing():
    # in a process of its own: here every record is checked by beartype, which costs more
    done = subprocess.run([sys.executable, "-c", COST], capture_output=True, text=True, check=True)
    ours, hand = map(float, done.stdout.split())
    assert ours < 1.3 * hand


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"batch_size": 0}, r"Loader: `batch_size` must be a whole number of at least 1\. Got"),
        ({"batch_size": 2, "threads": -1}, r"`threads` must be a whole number of at least 0"),
        ({"batch_size": 2, "seed": 0.5}, r"`seed` must be a whole number\. Got seed=0\.5"),
        ({"batch_size": 2, "shuffle": 1}, r"`shuffle` must be True or False\. Got shuffle=1"),
        (
            {"batch_size": 8, "drop_last": True},
            r"`batch_size` must be at most the number of samples, 5, where drop_last=True\. Got "
            r"batch_size=8",
        ),
    ],
)
def test_arguments_are_checked(options, words):
    with pytest.raises(ArgumentError, match=words):
        Loader(numbers(5), **options)


def test_a_step_below_zero_is_refused():
    with pytest.raises(ArgumentError, match="`start_step` must be a whole number of at least 0"):
        Loader(numbers(5), 2).epoch(0, start_step=-1)
