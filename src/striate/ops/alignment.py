"""Targets, weights and types brought to the form of the outputs, for losses and metrics."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from .. import _check

__all__ = [
    "Sizes",
    "align_classes",
    "align_same",
    "align_weights",
    "check_unit_interval",
    "same_shape",
    "widen",
]

Sizes = Sequence[int | None]


def widen(x: Tensor) -> Tensor:
    """At least float32: half formats, whole numbers and booleans are widened, float64 stays.

    Example:
        >>> widen(torch.tensor([1, 2])).dtype
        torch.float32
    """
    return x if x.dtype in (torch.float32, torch.float64) else x.float()


def same_shape(shape: Sizes, outputs_shape: Sizes) -> bool:
    """Whether a shape is the outputs' shape; an unknown size, None, fits every size."""
    return len(shape) == len(outputs_shape) and all(
        b is None or a == b for a, b in zip(shape, outputs_shape, strict=True)
    )


def align_same(place: str, targets: Tensor, outputs_shape: Sizes) -> Tensor:
    """Targets in the outputs' shape; only a last axis of size 1 is added or taken away.

    Raises:
        ShapeError: another axis differs. Nothing is broadcast: (n,) against (n, 1) would give
            n * n differences.

    Example:
        >>> align_same("MeanSquaredError", torch.zeros(8), (8, 1)).shape
        torch.Size([8, 1])
    """
    if same_shape(targets.shape, outputs_shape):
        return targets
    if outputs_shape[-1:] == (1,) and same_shape((*targets.shape, 1), outputs_shape):
        return targets.unsqueeze(-1)
    if targets.shape[-1:] == (1,) and same_shape(targets.shape[:-1], outputs_shape):
        return targets.squeeze(-1)
    shapes = {"targets": targets.shape, "outputs": outputs_shape}
    _check.shapes_fail(place, "targets", "have the shape of the outputs", shapes)


def align_classes(place: str, targets: Tensor, outputs_shape: Sizes) -> Tensor:
    """Class numbers, one for each row of class scores; a last axis of size 1 is taken away.

    Raises:
        ShapeError: one-hot targets, or another shape that does not fit.

    Example:
        >>> align_classes("SparseCategoricalAccuracy", torch.zeros(8, 1), (8, 10)).shape
        torch.Size([8])
    """
    if same_shape(targets.shape, outputs_shape[:-1]):
        return targets
    if targets.shape[-1:] == (1,) and same_shape(targets.shape[:-1], outputs_shape[:-1]):
        return targets.squeeze(-1)
    fix = ""
    if same_shape(targets.shape, outputs_shape):
        kind = place.removeprefix("Sparse")
        fix = "Use " + (f"{kind}, or " if kind != place else "") + "targets.argmax(-1)."
    shapes = {"targets": targets.shape, "outputs": outputs_shape}
    _check.shapes_fail(place, "targets", "hold one class number per output", shapes, fix)


def align_weights(place: str, weights: Tensor, values: Tensor) -> Tensor:
    """Weights that multiply the values: one each, or one per sample for all its values.

    Raises:
        ShapeError: weights of another shape.

    Example:
        >>> align_weights("MeanSquaredError", torch.ones(8), torch.zeros(8, 5, 5)).shape
        torch.Size([8, 1, 1])
    """
    aligned = weights.to(values.dtype)
    if values.dim() == 0:
        return aligned.mean()
    if aligned.dim() == values.dim() + 1 and aligned.shape[-1] == 1:
        aligned = aligned.squeeze(-1)
    missing = values.dim() - aligned.dim()
    if aligned.dim() > 0 and missing > 0:
        aligned = aligned.reshape(*aligned.shape, *([1] * missing))
    fits = missing >= 0 and all(
        a in (1, b) for a, b in zip(aligned.shape, values.shape[-aligned.dim() :], strict=False)
    )
    if not fits:
        rule = "hold one weight per sample or one per value"
        shapes = {"weights": weights.shape, "values": values.shape}
        _check.shapes_fail(place, "weights", rule, shapes)
    return aligned


def check_unit_interval(place: str, targets: Tensor) -> None:
    """Targets that are probabilities: every number from 0 to 1.

    Raises:
        ArgumentError: a number outside, or NaN.
    """
    if targets.numel() == 0 or targets.dtype == torch.bool:
        return
    low, high = (float(t) for t in targets.aminmax())
    if not (low >= 0.0 and high <= 1.0):
        worst = high if low >= 0.0 else low
        fix = f"They go from {low:g} to {high:g}."
        _check.fail(place, "targets", "be probabilities, 0 to 1", worst, fix)
