"""Some samples of a source, with targets of their own: several parts read one source."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from striate import _check
from striate.data.order import IndexArray
from striate.data.source import Source

__all__ = ["Subset"]


class Subset:
    """The samples of a source that have certain numbers, in their order. Nothing is copied.

    Args:
        source: of the images; its own targets and weights are not looked at.
        numbers: (n,) of the samples.
        targets: (n, …) one row a sample; None to predict.

    Raises:
        ArgumentError: a number that the source has not.
        ShapeError: no number, or targets of another length.

    Example:
        >>> from striate.data.source import ArraySource
        >>> pair = Subset(ArraySource([10, 11, 12]), np.array([2, 0]), targets=torch.tensor([7, 8]))
        >>> [part.tolist() for part in pair.fetch(np.array([1, 0]))[:2]]
        [[10, 12], [8, 7]]
    """

    def __init__(
        self, source: Source, numbers: IndexArray, *, targets: Tensor | None = None
    ) -> None:
        self.source = source
        self.numbers = np.asarray(numbers, np.int64)
        self.targets = targets
        count = len(self.numbers)
        if count == 0 or (targets is not None and len(targets) != count):
            shapes: dict[str, tuple[int, ...]] = {"numbers": (count,)}
            if targets is not None:
                shapes["targets"] = tuple(targets.shape)
            _check.shapes_fail(
                "Subset", "numbers", "name a sample a target, and one at least", shapes
            )
        low, high = int(self.numbers.min()), int(self.numbers.max())
        if low < 0 or high >= len(source):
            rule = f"be numbers of samples, 0..{len(source) - 1}"
            _check.fail("Subset", "numbers", rule, low if low < 0 else high)

    @property
    def slow(self) -> bool:
        """Whether batches should be fetched ahead."""
        return self.source.slow

    @property
    def notes(self) -> tuple[str, ...]:
        """What happened in the source that the user should know, in sentences; mostly nothing."""
        return tuple(getattr(self.source, "notes", ()))

    def __len__(self) -> int:
        return len(self.numbers)

    def fetch(self, indices: IndexArray) -> tuple[Any, Any, Any]:
        """(images, targets, None) of the samples with these places, in this order."""
        images, _, _ = self.source.fetch(self.numbers[indices])
        targets = None if self.targets is None else self.targets[torch.from_numpy(indices)]
        return images, targets, None
