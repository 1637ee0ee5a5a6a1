"""Mean intersection over union of class maps."""

from __future__ import annotations

import torch
from torch import Tensor

from .. import _check
from ..ops.alignment import align_classes, align_same, align_weights
from .accumulator import quotient, sum_dtype
from .base import Metric

__all__ = ["MeanIoU"]


class MeanIoU(Metric):
    """The mean over classes of intersection / union, from the confusion matrix of all pixels.

    union = pixels of the class + pixels answered so - intersection. Classes that neither occur
    nor are answered are left out of the mean. This is the measure of masks; the overlap of two
    boxes is another thing.

    Args:
        num_classes: how many classes there are; targets outside 0..num_classes-1 do not count.
        name: under which the result is reported. Default "mean_io_u".
        ignore_class: a class number that means "no target", for example 255. Default None.
        sparse_y_true: targets are class numbers. Default True; False: one-hot.
        sparse_y_pred: outputs are class numbers. Default True as in Keras; False: one score per
            class, as a model gives.

    Shape:
        targets (...) or (..., q), outputs (...) or (..., q)

    Raises:
        ArgumentError: `num_classes` below 1.
        ShapeError: targets and outputs that do not fit.

    Example:
        >>> metric = MeanIoU(2)
        >>> metric.update([0, 0, 1, 1], [0, 1, 0, 1])
        >>> round(metric.result().item(), 4)
        0.3333
    """

    def __init__(
        self,
        num_classes: int,
        name: str = "mean_io_u",
        *,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
    ) -> None:
        self._classes = _check.positive_int("MeanIoU", "num_classes", num_classes)
        if ignore_class is not None and not hasattr(ignore_class, "__index__"):
            _check.fail("MeanIoU", "ignore_class", "be a whole number or None", ignore_class)
        self._ignore_class = ignore_class
        self._sparse_true = _check.flag("MeanIoU", "sparse_y_true", sparse_y_true)
        self._sparse_pred = _check.flag("MeanIoU", "sparse_y_pred", sparse_y_pred)
        super().__init__(
            name,
            {
                "num_classes": self._classes,
                "ignore_class": ignore_class,
                "sparse_y_true": sparse_y_true,
                "sparse_y_pred": sparse_y_pred,
            },
        )

    def result(self) -> Tensor:
        """The mean over the classes seen so far; 0 before the first batch."""
        matrix = self._current()["confusion"]
        overlap = matrix.diagonal()
        union = matrix.sum(dim=0) + matrix.sum(dim=1) - overlap
        return quotient(quotient(overlap, union).sum(), (union > 0).sum().to(matrix.dtype))

    def confusion(self) -> Tensor:
        """Weighted counts of pixels: rows are the targets' classes, columns the answered ones."""
        return self._current()["confusion"].clone()

    def _measure(
        self, targets: Tensor, outputs: Tensor, weights: Tensor | None
    ) -> dict[str, Tensor]:
        rows, columns = self._class_numbers(targets, outputs)
        rows, columns = rows.long(), columns.long()
        kept = (rows >= 0) & (rows < self._classes) & (columns >= 0) & (columns < self._classes)
        if self._ignore_class is not None:
            kept &= rows != self._ignore_class
        factors = kept.to(sum_dtype(kept.device))
        if weights is not None:
            factors = factors * align_weights("MeanIoU", weights, factors)
        cells = torch.where(kept, rows * self._classes + columns, 0).reshape(-1)
        sums = torch.zeros(self._classes**2, dtype=factors.dtype, device=factors.device)
        sums.index_add_(0, cells, factors.reshape(-1))
        return {"confusion": sums.reshape(self._classes, self._classes)}

    def _class_numbers(self, targets: Tensor, outputs: Tensor) -> tuple[Tensor, Tensor]:
        wanted = targets if self._sparse_true else targets.argmax(dim=-1)
        if self._sparse_pred:
            if outputs.dim() == wanted.dim() + 1 and outputs.shape[-1] > 1:
                shapes = {"targets": targets.shape, "outputs": outputs.shape}
                fix = "Use sparse_y_pred=False for one score per class."
                _check.shapes_fail("MeanIoU", "outputs", "be class numbers", shapes, fix)
            return align_same("MeanIoU", wanted, outputs.shape), outputs
        return align_classes("MeanIoU", wanted, outputs.shape), outputs.argmax(dim=-1)

    def _blank(self) -> dict[str, Tensor]:
        return {"confusion": torch.zeros(self._classes, self._classes, dtype=torch.float64)}
