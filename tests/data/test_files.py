import threading
import time

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from striate.data.files import FileSource
from striate.data.loader import Loader
from striate.errors import ArgumentError, DataError, ShapeError


class Reader:
    """Reads "7" as [7, 7], slower the smaller the number, and remembers what it read."""

    def __init__(self, bad=None):
        self.bad = bad
        self.read, self.threads = [], set()

    def __call__(self, path):
        self.read.append(path)
        self.threads.add(threading.current_thread().name)
        time.sleep(0.001 * (3 - int(path) % 3))
        if path == self.bad:
            raise DataError(f"{path} is bad")
        return np.full(2, int(path))


def numbered(count, reader, **options):
    paths = [str(i) for i in range(count)]
    return FileSource(paths, list(range(count)), read=reader, shape=(2,), **options)


@pytest.mark.parametrize("limit", [0, 2**20])
def test_samples_come_in_the_order_asked_for(limit):
    source = numbered(9, Reader(), memory_limit_bytes=limit)
    for indices in ([4, 0, 8, 8], [1, 2, 3], []):
        images, targets, weights = source.fetch(np.array(indices, dtype=np.int64))
        assert images.dtype == torch.uint8
        assert images.tolist() == [[i, i] for i in indices]
        assert targets.tolist() == indices
        assert weights is None


def test_what_fits_into_the_limit_is_read_once():
    reader = Reader()
    source = numbered(6, reader, memory_limit_bytes=12)
    loader = Loader(source, 4, shuffle=True)
    assert source.slow
    first = [batch.images.tolist() for batch in loader.epoch(0)]
    assert not source.slow
    assert [batch.images.tolist() for batch in loader.epoch(0)] == first
    assert sorted(reader.read) == list("012345")


def test_what_exceeds_the_limit_is_read_every_time():
    reader = Reader()
    source = numbered(6, reader, memory_limit_bytes=11)
    for epoch in range(2):
        list(Loader(source, 4).epoch(epoch))
    assert sorted(reader.read) == sorted(list("012345") * 2)
    assert source.slow


def test_a_batch_belongs_to_its_taker():
    source = numbered(3, Reader())
    source.fetch(np.arange(3))[0].zero_()
    assert source.fetch(np.array([2]))[0].tolist() == [[2, 2]]


def test_threads_of_its_own_do_the_reading():
    reader = Reader()
    numbered(30, reader).fetch(np.arange(30))
    assert threading.current_thread().name not in reader.threads


@given(threads=st.integers(0, 3), seed=st.integers(0, 9))
def test_loaders_threads_change_nothing(threads, seed):
    loader = Loader(numbered(7, Reader()), 2, shuffle=True, seed=seed, threads=threads)
    for batch in loader.epoch(seed):
        assert batch.images[:, 0].tolist() == batch.targets.tolist() == batch.sample_ids.tolist()


def test_an_error_of_a_thread_is_raised_as_it_is_and_again():
    source = numbered(9, Reader(bad="4"))
    for _ in range(2):
        with pytest.raises(DataError, match=r"^4 is bad$"):
            source.fetch(np.arange(9))
    assert source.fetch(np.array([3, 5]))[0].tolist() == [[3, 3], [5, 5]]


def test_its_threads_end_with_it():
    source = numbered(9, Reader())
    source.fetch(np.arange(9))
    pool = [t for t in threading.enumerate() if t.name.startswith("striate-files")]
    assert pool
    del source
    for thread in pool:
        thread.join(5)
        assert not thread.is_alive()


def test_other_number_types():
    source = numbered(3, Reader(), dtype=np.float32, weights=[1, 2, 3])
    images, _, weights = source.fetch(np.array([2]))
    assert images.dtype == torch.float32
    assert weights.tolist() == [3.0]
    assert weights.dtype == torch.float32


@pytest.mark.parametrize(
    ("paths", "options", "error", "words"),
    [
        ([], {}, ShapeError, r"^FileSource: `paths` must name at least one file\."),
        (
            ["0", "1"],
            {"targets": [1, 2, 3]},
            ShapeError,
            r"FileSource: `targets` must have one row a path\. Got paths \(2\), targets \(3\)\.",
        ),
        (["0"], {"weights": [1, 2]}, ShapeError, r"`weights` must have one row a path"),
        (["0"], {"memory_limit_bytes": -1}, ArgumentError, "`memory_limit_bytes` must be a whole"),
    ],
)
def test_arguments_are_checked(paths, options, error, words):
    with pytest.raises(error, match=words):
        FileSource(paths, read=Reader(), shape=(2,), **options)
