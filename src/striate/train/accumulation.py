"""A batch in parts, and the gradients of its parts added up: less memory, the same update."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor

from .. import structure
from ..records import Batch
from .criterion import Sums

__all__ = ["Gradients", "first_samples", "parts_of"]


def parts_of(batch: Batch, count: int) -> Iterator[Batch]:
    """The batch cut into so many parts, whose sizes differ by one sample at most.

    A batch of fewer samples gives parts of one sample. No tensor is copied.

    Args:
        batch: whose leaves are tensors, or records of tensors such as `Boxes`.
        count: parts that are wanted, 1 or more.

    Example:
        >>> [len(part) for part in parts_of(Batch(torch.zeros(7, 2)), 3)]
        [2, 2, 3]
    """
    size = len(batch)
    count = min(count, size)
    for number in range(count):
        yield _cut(batch, number * size // count, (number + 1) * size // count)


def first_samples(batch: Batch, count: int) -> Batch:
    """The first samples of a batch; no tensor is copied.

    Example:
        >>> len(first_samples(Batch(torch.zeros(7, 2)), 3))
        3
    """
    return _cut(batch, 0, count)


class Gradients:
    """The gradients of sums over the parts of a batch, until the counts are known.

    The gradient of each sum is kept by itself, as each has a count of its own, and the counts are
    known only after the last part. With one sum, the common case, that is the parameters' own
    `grad`; with several, each pays a backward pass of its own.

    Args:
        optimizer: whose parameters' gradients are begun anew.
        scale: by which the sums are divided on their way, so that gradients have their usual size.
    """

    def __init__(self, optimizer: torch.optim.Optimizer, scale: float) -> None:
        optimizer.zero_grad(set_to_none=True)
        self._parameters = [p for group in optimizer.param_groups for p in group["params"]]
        self._scale = scale
        self._kept: dict[str, list[Tensor | None]] = {}

    def add(self, sums: Sums) -> None:
        """Adds the gradients of a part's sums; its graph is then freed."""
        names = [name for name, (total, _) in sums.items() if total.requires_grad or len(sums) == 1]
        for name in names:
            if name in self._kept:
                self._hand_out(self._kept[name])
            elif len(names) > 1:
                self._hand_out([None] * len(self._parameters))
            (sums[name][0] / self._scale).backward(retain_graph=name != names[-1])
            self._kept[name] = [parameter.grad for parameter in self._parameters]

    def put_back(self, factors: Mapping[str, Any]) -> None:
        """Gives the parameters the sum of all gradients, each times the factor of its sum."""
        together: list[Tensor | None] = [None] * len(self._parameters)
        with torch.no_grad():
            for name, gradients in self._kept.items():
                present = [gradient for gradient in gradients if gradient is not None]
                torch._foreach_mul_(present, factors[name] * self._scale)
                for place, gradient in enumerate(gradients):
                    other = together[place]
                    if gradient is not None:
                        together[place] = gradient if other is None else other.add_(gradient)
        self._hand_out(together)

    def _hand_out(self, gradients: list[Tensor | None]) -> None:
        for parameter, gradient in zip(self._parameters, gradients, strict=True):
            parameter.grad = gradient


def _cut(batch: Batch, start: int, stop: int) -> Batch:
    values = (batch.images, batch.targets, batch.weights, batch.sample_ids)
    return Batch(*(_rows(value, start, stop) for value in values))


def _rows(value: Any, start: int, stop: int) -> Any:
    """The samples from start to stop of a structure; a leaf that has no samples stays whole."""

    def rows(leaf: Any) -> Any:
        if isinstance(leaf, Tensor):
            return leaf[start:stop] if leaf.dim() else leaf
        if dataclasses.is_dataclass(leaf) and not isinstance(leaf, type):
            fields = {f.name: rows(getattr(leaf, f.name)) for f in dataclasses.fields(leaf)}
            return dataclasses.replace(leaf, **fields)
        return leaf

    return structure.map_leaves(rows, value)
