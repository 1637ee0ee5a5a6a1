"""StepMemory: what the steps of a run need of memory, for any batch, before the first is made."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from ...layers.base import Layer
from ...layers.shape_inference import map_shapes
from ...plan.overheads import resident_bytes
from ...plan.timeline import Timeline
from ...records import Batch
from ...train.ema import WeightAverage
from ...train.generators import generators, set_generators
from ...train.out_of_memory import largest_that_fits
from ...train.step import TrainStep
from ...train.totals import OutputMetrics
from .memory_trace import training_timeline
from .stand_in_batch import tensors_of

__all__ = ["StepMemory"]

_TIMES = 8
"""Weights, gradients, three states of an optimizer, an average, and room for an update."""

_NUMBER_BYTES = 4
_LEAST_BYTES = 64_000_000


class StepMemory:
    """The memory of the steps of a run.

    Nothing is traced until a figure is asked for, and nothing of the run is changed by that.

    Args:
        step: of a model that is built.
        batch: of the run, of which shapes and types count.
        metrics: updated after each step.
        average: of the weights, or None.
        ahead: batches that are fetched while a step is made.
    """

    def __init__(
        self,
        step: TrainStep,
        batch: Batch,
        *,
        metrics: OutputMetrics | None = None,
        average: WeightAverage | None = None,
        ahead: int = 0,
    ) -> None:
        self.step, self._batch = step, batch
        self._metrics, self._average, self._ahead = metrics, average, ahead
        self._timelines: dict[tuple[int, str], Timeline] = {}

    def needed_bytes(
        self, samples: int, *, parts: int | None = None, precision: str | None = None
    ) -> int:
        """What the run is expected to take: tensors, what is beside them, and batches ahead.

        Args:
            samples: of a batch.
            parts: in which it passes. Default None: the step's.
            precision: of the forward pass. Default None: the step's.

        Raises:
            StriateError: the step cannot be traced, as it needs the numbers themselves.
        """
        found = self.tensor_bytes(samples, parts=parts, precision=precision)
        return found + self._beside(samples, parts, precision)

    def tensor_bytes(
        self, samples: int, *, parts: int | None = None, precision: str | None = None
    ) -> int:
        """The most that the tensors of a step hold at one time.

        From two parts to three it grows by what each further part adds too.

        Args:
            samples, parts, precision: as for `needed_bytes`.

        Raises:
            StriateError: as for `needed_bytes`.
        """
        count = self._parts(samples, parts)
        line, batch = self._of_two_parts(samples, count, precision)
        found = line.peak_bytes(batch)
        if count > 2:
            third = self._timeline(3, precision).peak_bytes(3 * -(-samples // count))
            found += (count - 2) * max(0, third - found)
        return found

    def largest_batch(self, limit_bytes: int, most: int) -> int:
        """The largest batch, up to a number of samples, that fits; 0 where not even one does.

        Raises:
            StriateError: as for `needed_bytes`.
        """
        if self.needed_bytes(most) <= limit_bytes:
            return most
        return largest_that_fits(lambda samples: self.needed_bytes(samples) <= limit_bytes, most)

    def fewest_parts(self, samples: int, limit_bytes: int) -> int | None:
        """The fewest parts, more than the step's, in which a batch fits; None where none do.

        Raises:
            StriateError: as for `needed_bytes`.
        """

        def parts_of(size: int) -> int:
            return -(-samples // size)

        def fits(size: int) -> bool:
            return self.needed_bytes(samples, parts=parts_of(size)) <= limit_bytes

        size = largest_that_fits(fits, parts_of(self.step.accumulate))
        return parts_of(size) if size else None

    def held_bytes(self) -> int:
        """What of it is there already: weights, and perhaps gradients, averages, a state."""
        model, optimizer = self.step.model, self.step.optimizer
        weights = list(model.parameters())
        found: list[Any] = [*weights, *model.buffers(), *(each.grad for each in weights)]
        found += [value for entry in optimizer.state.values() for value in entry.values()]
        found += self._average.averages.values() if self._average else ()
        held = {
            id(each.untyped_storage()): each.untyped_storage().nbytes()
            for each in found
            if isinstance(each, Tensor) and not each.is_meta
        }
        return sum(held.values())

    def generous_bytes(self, samples: int) -> int | None:
        """More than a step needs, found in no time; None where that is not known.

        It is eight times the weights and, for each sample, all that the layers are given; and what
        the libraries take at least.
        """
        model = self.step.model
        sizes: list[Any] = []
        for part in model.modules():
            if isinstance(part, Layer):
                map_shapes(sizes.append, part.built_for or ())
            elif type(part).forward is not nn.Module.forward:  # it computes in ways not known
                return None
        numbers = [size for shape in sizes for size in shape[1:]]
        if None in numbers:
            return None
        given: int = sum(math.prod(shape[1:]) for shape in sizes if shape) * _NUMBER_BYTES
        weights: int = sum(each.numel() * each.element_size() for each in model.parameters())
        ready = self._sample_bytes() * (2 + self._ahead)
        return _TIMES * (weights + samples * (given + ready)) + _LEAST_BYTES

    def _beside(self, samples: int, parts: int | None, precision: str | None) -> int:
        """Bytes beside the tensors: of kernels and the heap on a processor, of batches ahead."""
        ahead = self._ahead * samples * self._sample_bytes()
        if self.step.device.type != "cpu":
            return ahead
        line, batch = self._of_two_parts(samples, self._parts(samples, parts), precision)
        return ahead + int(resident_bytes(line, batch)) - line.peak_bytes(batch)

    def _of_two_parts(
        self, samples: int, count: int, precision: str | None
    ) -> tuple[Timeline, int]:
        """A timeline of two parts at most, and the batch that fills parts of the same size."""
        batch = samples if count <= 2 else 2 * -(-samples // count)
        return self._timeline(min(count, 2), precision), batch

    def _parts(self, samples: int, parts: int | None) -> int:
        return min(samples, self.step.accumulate if parts is None else parts)

    def _sample_bytes(self) -> int:
        leaves = [leaf for leaf in tensors_of(self._batch) if isinstance(leaf, Tensor)]
        return sum(leaf.numel() * leaf.element_size() for leaf in leaves) // len(self._batch)

    def _timeline(self, parts: int, precision: str | None) -> Timeline:
        key = parts, precision or self.step.precision
        if key not in self._timelines:
            step = copy.copy(self.step)
            step.accumulate, step.precision = key
            decay = self._average.decay if self._average else None
            with _generators_kept(step.device):
                self._timelines[key] = training_timeline(
                    step, self._batch, metrics=self._metrics, decay=decay, is_small=True
                )
        return self._timelines[key]


@contextmanager
def _generators_kept(device: torch.device) -> Iterator[None]:
    """Within it a model may draw from generators that are not ours."""
    state = generators(device)
    try:
        yield
    finally:
        set_generators(state, device)
