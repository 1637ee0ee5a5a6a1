"""Copies of a run's tensors, so that they can be written while the run goes on."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

__all__ = ["Snapshot"]


class Snapshot:
    """Copies in host memory, made anew into the same memory each time: a copy costs one pass.

    Example:
        >>> weight, snapshot = torch.ones(2), Snapshot()
        >>> copies = snapshot.of({"model": {"w": weight}})
        >>> _ = weight.zero_()
        >>> copies["model"]["w"]
        tensor([1., 1.])
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Tensor] = {}

    @torch.no_grad()
    def of(self, files: Mapping[str, Mapping[str, Tensor]]) -> dict[str, dict[str, Tensor]]:
        """The tensors of each file as they are now, in the same layout; good until the next call.

        Args:
            files: name -> name of a tensor -> tensor, on any device.
        """
        kept: dict[tuple[str, str], Tensor] = {}
        for file, tensors in files.items():
            for name, tensor in tensors.items():
                copy = self._kept.get((file, name))
                if copy is None or not _alike(copy, tensor):
                    copy = torch.empty_like(tensor, device="cpu")
                kept[file, name] = copy.copy_(tensor)
        self._kept = kept
        return {file: {n: kept[file, n] for n in tensors} for file, tensors in files.items()}


def _alike(copy: Tensor, tensor: Tensor) -> bool:
    same = copy.shape == tensor.shape and copy.dtype == tensor.dtype
    return same and copy.stride() == tensor.stride()
