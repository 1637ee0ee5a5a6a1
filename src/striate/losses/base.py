"""What every loss shares: unreduced values, their weighted sum and count, and Keras' mean."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor

from ..ops.alignment import align_weights, widen

__all__ = ["Loss"]


class Loss:
    """A loss: a number per output, its sum and count over a batch, and their quotient.

    A subclass writes `values(targets, outputs)`. The sum is of weights * values, the count is
    the number of values and not the sum of the weights (Keras' "sum_over_batch_size"), so sums
    and counts may be added over parts of a batch and over processes.

    `independent` says whether every output is a yes or no of its own, so that several may be right.
    """

    independent: ClassVar[bool] = False

    def values(self, targets: Tensor, outputs: Tensor) -> Tensor:
        """The loss of each output, the last axis reduced; float32 at least.

        Raises:
            ShapeError: the targets' shape does not fit the outputs.
        """
        raise NotImplementedError

    def criterion(
        self, outputs: Tensor, targets: Tensor, weights: Tensor | None = None
    ) -> tuple[Tensor, Tensor | int]:
        """The weighted sum of the values and how many values count.

        Args:
            outputs: what the model gave.
            targets: what it should have given.
            weights: a factor per sample, or per value. Default None: 1.
        """
        values = self.values(targets, outputs)
        count = self._count(targets, values)
        if weights is not None:
            values = values * align_weights(type(self).__name__, weights, values)
        return values.sum(), count

    def check_targets(self, targets: Tensor, outputs_shape: Sequence[int | None]) -> None:
        """Checks shape and range of a batch's targets; meant for tensors in host memory.

        Args:
            targets: the batch's targets.
            outputs_shape: the outputs' shape; None where a size is not known yet.

        Raises:
            ShapeError: the targets' shape does not fit the outputs.
            ArgumentError: a target is out of the range that the loss is made for.
        """

    def get_config(self) -> dict[str, Any]:
        """The constructor's arguments."""
        return dataclasses.asdict(self) if dataclasses.is_dataclass(self) else {}

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Tensor:
        """The mean of the batch, as Keras computes it; takes tensors and arrays."""
        outputs = torch.as_tensor(y_pred)
        targets = torch.as_tensor(y_true, device=outputs.device)
        weights = sample_weight
        if weights is not None:
            weights = widen(torch.as_tensor(weights, device=outputs.device))
        total, count = self.criterion(outputs, targets, weights)
        least = count.clamp_min(1) if isinstance(count, Tensor) else max(count, 1)
        return total / least

    def _count(self, targets: Tensor, values: Tensor) -> Tensor | int:
        return values.numel()
