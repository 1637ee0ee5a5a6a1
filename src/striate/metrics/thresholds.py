"""True and false positives at many thresholds at once."""

from __future__ import annotations

import torch
from torch import Tensor

from ..ops.alignment import align_same, align_weights, widen
from .accumulator import sum_dtype

__all__ = ["positives"]


def positives(
    place: str,
    targets: Tensor,
    scores: Tensor,
    *,
    weights: Tensor | None,
    thresholds: Tensor,
    by_label: bool = False,
) -> dict[str, Tensor]:
    """Weighted counts of true and false positives, a positive being a score above a threshold.

    Every number of `scores` is one answer. Each falls into the bin between two thresholds, and
    the counts are the bins' sums from above, so the cost does not grow with the thresholds.

    Args:
        place: who asks, for the messages.
        targets: 0 or not 0, in the shape of the scores.
        scores: any numbers; NaN is above no threshold.
        weights: a factor per sample, or per score; None for 1.
        thresholds: rising; compared in the type of the scores.
        by_label: whether each place on the last axis has counts of its own, along a first axis.

    Raises:
        ShapeError: targets or weights of another shape.

    Example:
        >>> counts = positives("AUC", torch.tensor([0, 1, 1]), torch.tensor([0.4, 0.3, 0.9]),
        ...     weights=None, thresholds=torch.tensor([0.0, 0.35, 0.5], dtype=torch.float64))
        >>> counts["true_positives"].tolist(), counts["false_positives"].tolist()
        ([2.0, 1.0, 1.0], [1.0, 1.0, 0.0])
    """
    wanted = align_same(place, targets, scores.shape) != 0
    dtype = sum_dtype(scores.device)
    factors = torch.ones((), dtype=dtype, device=scores.device)
    flat = widen(scores)
    if weights is not None:
        factors = align_weights(place, weights, flat).to(dtype)
    factors = factors.broadcast_to(scores.shape).reshape(-1)
    flat = flat.reshape(-1).contiguous()
    # Compared in the scores' type: a score of 0.3 is not above a threshold of 0.3.
    bins = torch.bucketize(flat, thresholds.to(flat.dtype)).masked_fill(flat.isnan(), 0)
    right = wanted.reshape(-1)
    labels, size = scores.shape[-1] if by_label else 1, thresholds.numel() + 1
    if by_label:
        starts = torch.arange(labels, device=scores.device) * size
        bins = bins + starts.broadcast_to(scores.shape).reshape(-1)
    sums = torch.zeros(2, labels * size, dtype=dtype, device=scores.device)
    sums[0].index_add_(0, bins, factors * right)
    sums[1].index_add_(0, bins, factors * ~right)
    sums = sums.reshape(2, labels, size) if by_label else sums
    above = sums.flip(-1).cumsum(-1).flip(-1)[..., 1:]
    totals = sums.sum(dim=-1)
    return {
        "true_positives": above[0],
        "false_positives": above[1],
        "positives": totals[0],
        "negatives": totals[1],
    }
