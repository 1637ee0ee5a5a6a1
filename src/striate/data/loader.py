"""Batches in the order of an epoch: any step of any epoch can be the first."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Any

import torch

from striate import _check
from striate.data.balance import Balance
from striate.data.order import IndexArray, permutation, sequential
from striate.data.source import Source
from striate.records import Batch, Preprocess

__all__ = ["Loader"]


class Loader:
    """Batches of a source, epoch by epoch.

    The order of an epoch is a function of seed and epoch alone: a run that goes on needs the
    numbers of its epoch and step, and no state of the loader. Looping over a loader gives tuples,
    and each loop is the next epoch, from 0.

    Args:
        source: where the samples come from.
        batch_size: samples in a batch. The last of an epoch may be smaller.
        shuffle: whether each epoch has its own order. Default False: the order of the source.
        seed: of the order.
        drop_last: whether a smaller last batch is left out.
        preprocess: what the training step must apply to the images; the loader only carries it.
        threads: how many batches of a slow source are fetched ahead, at the same time; 0 fetches
            each when it is asked for. It changes no order and no value.
        balance: (n,) class of each sample. An epoch then draws every class equally often, see
            `Balance`, and `sample_ids` holds its draws: draw % n is the sample. Default None.

    Raises:
        ArgumentError: batch_size or threads break their rule, an epoch would have no step, or
            balance is not one label a sample or is given without shuffle.

    Example:
        >>> from striate.data.source import ArraySource
        >>> loader = Loader(ArraySource([10, 11, 12]), 2)
        >>> [batch.images.tolist() for batch in loader.epoch(0)]
        [[10, 11], [12]]
    """

    def __init__(
        self,
        source: Source,
        batch_size: int,
        *,
        shuffle: bool = False,
        seed: int = 0,
        drop_last: bool = False,
        preprocess: Preprocess | None = None,
        threads: int = 2,
        balance: Any = None,
    ) -> None:
        self.source = source
        self.batch_size = _check.positive_int("Loader", "batch_size", batch_size)
        self.shuffle = _check.flag("Loader", "shuffle", shuffle)
        self.seed = _check.whole("Loader", "seed", seed)
        self.drop_last = _check.flag("Loader", "drop_last", drop_last)
        self.preprocess = preprocess
        self.threads = _check.whole("Loader", "threads", threads, 0)
        self.balance = None if balance is None else Balance(balance)
        if self.balance is not None and len(self.balance) != len(source):
            rule = f"hold one label for each of the {len(source)} samples"
            _check.fail("Loader", "balance", rule, f"{len(self.balance)} labels")
        if self.balance is not None and not self.shuffle:
            _check.fail("Loader", "shuffle", "be True where `balance` is given", shuffle)
        self._next_epoch = 0
        if self.steps_per_epoch == 0:
            rule = f"be at most the number of samples, {len(source)}, where drop_last=True"
            _check.fail("Loader", "batch_size", rule, batch_size)

    @property
    def steps_per_epoch(self) -> int:
        """Batches in an epoch."""
        whole, rest = divmod(len(self.source), self.batch_size)
        return whole + (rest > 0 and not self.drop_last)

    def __len__(self) -> int:
        return self.steps_per_epoch

    def epoch(self, number: int, *, start_step: int = 0) -> Generator[Batch, None, None]:
        """The batches of an epoch, from a step on; closing the generator stops its threads.

        Args:
            number: of the epoch, from 0.
            start_step: how many batches are skipped, without being fetched.

        Raises:
            ArgumentError: start_step is below 0. What the source raises comes with its batch.
        """
        order = self._order(number)
        start_step = _check.whole("Loader", "start_step", start_step, 0)
        steps = range(start_step, self.steps_per_epoch)
        chosen = (order[s * self.batch_size : (s + 1) * self.batch_size] for s in steps)
        if self.source.slow and self.threads:
            return self._fetched_ahead(chosen)
        return (self._batch(indices) for indices in chosen)

    def _order(self, epoch: int) -> IndexArray:
        """The samples of an epoch, or its draws where classes are balanced."""
        if self.balance is not None:
            return self.balance.epoch(epoch, seed=self.seed)
        if self.shuffle:
            return permutation(len(self.source), seed=self.seed, epoch=epoch)
        return sequential(len(self.source))

    def _batch(self, draws: IndexArray) -> Batch:
        indices = draws if self.balance is None else draws % len(self.source)
        images, targets, weights = self.source.fetch(indices)
        return Batch(images, targets, weights, torch.from_numpy(draws))

    def _fetched_ahead(self, chosen: Iterator[IndexArray]) -> Generator[Batch, None, None]:
        """The batches in order, while as many as there are threads are being fetched."""
        pool = ThreadPoolExecutor(self.threads, thread_name_prefix="striate-loader")
        try:
            waiting: deque[Future[Batch]] = deque(
                pool.submit(self._batch, indices) for indices in islice(chosen, self.threads)
            )
            while waiting:
                batch = waiting.popleft().result()
                waiting.extend(pool.submit(self._batch, i) for i in islice(chosen, 1))
                yield batch
        finally:
            pool.shutdown(wait=True)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        """(images,), (images, targets) or (images, targets, weights) of the next epoch."""
        number, self._next_epoch = self._next_epoch, self._next_epoch + 1
        return map(_as_tuple, self.epoch(number))


def _as_tuple(batch: Batch) -> tuple[Any, ...]:
    if batch.weights is not None:
        return batch.images, batch.targets, batch.weights
    return (batch.images,) if batch.targets is None else (batch.images, batch.targets)
