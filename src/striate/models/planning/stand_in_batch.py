"""Batches of any size that have no numbers: what a traced step is given."""

from __future__ import annotations

import dataclasses
from typing import Any

import torch
from torch import Tensor

from ... import structure
from ...records import Batch

__all__ = ["copied", "resized", "tensors_of"]


def resized(batch: Batch, samples: int) -> Batch:
    """A batch like another of so many samples, on stand-ins; call it within their mode.

    Example:
        >>> len(resized(Batch(torch.zeros(2, 3)), 5))
        5
    """

    def like(leaf: Any) -> Any:
        if isinstance(leaf, Tensor):
            shape = (samples, *leaf.shape[1:]) if leaf.dim() else ()
            device = torch.device("cpu") if leaf.is_meta else leaf.device
            return torch.empty(shape, dtype=leaf.dtype, device=device)
        if dataclasses.is_dataclass(leaf) and not isinstance(leaf, type):
            fields = {f.name: like(getattr(leaf, f.name)) for f in dataclasses.fields(leaf)}
            return dataclasses.replace(leaf, **fields)
        return leaf

    parts = (batch.images, batch.targets, batch.weights, batch.sample_ids)
    return Batch(*(structure.map_leaves(like, part) for part in parts))


def copied(batch: Batch, *, seed: int, epoch: int, step: int) -> Batch:
    """What augmentation leaves behind: other pictures, beside those that it was given.

    An augmentation asks for the numbers themselves. What it needs on its way is of a few pictures
    at a time, and gone when the step begins.
    """
    images = structure.map_leaves(lambda leaf: leaf.clone(), batch.images)
    return Batch(images, batch.targets, batch.weights, batch.sample_ids)


def tensors_of(batch: Batch) -> list[Any]:
    """The tensors of a batch, those of records such as `Boxes` too; perhaps other values.

    Example:
        >>> len([leaf for leaf in tensors_of(Batch(torch.zeros(2))) if isinstance(leaf, Tensor)])
        1
    """
    parts = (batch.images, batch.targets, batch.weights, batch.sample_ids)
    leaves = [leaf for part in parts for leaf in structure.leaves(part)]
    records = [leaf for leaf in leaves if dataclasses.is_dataclass(leaf)]
    return leaves + [
        getattr(record, f.name) for record in records for f in dataclasses.fields(record)
    ]
