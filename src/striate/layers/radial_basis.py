"""RadialBasis: how far an input is from fixed centres."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor

from .. import _check, shapes
from ..shapes import Cost, Shape
from . import activations
from .base import Layer, register_layer

__all__ = ["RadialBasis"]


@register_layer("RadialBasis")
class RadialBasis(Layer):
    """The squared Euclidean distance to each of some fixed centres; float32 at least.

    y_i = activation(sum over j of (x_j - centre_ij)^2). The smallest output is the nearest centre;
    "softmin" makes probabilities of the distances.

    Args:
        centres: rows of numbers, one row a unit. They are saved as weights, and never trained.
        activation: name or function, applied last. Default None: the distances themselves.

    Shape:
        input  (n, ..., c)
        output (n, ..., units)

    Raises:
        ArgumentError: centres that are not rows of finite numbers, all of one length.
        ShapeError: an input whose last axis has another length than the centres.

    Example:
        >>> import torch
        >>> RadialBasis([[0.0, 0.0], [3.0, 4.0]])(torch.zeros(1, 2))
        tensor([[ 0., 25.]])

    Reference:
        LeCun, Bottou, Bengio & Haffner, "Gradient-based learning applied to document recognition",
        Proceedings of the IEEE 1998, equation 7.
    """

    sees_pixels = True

    keras_weights: ClassVar[dict[str, tuple[int, ...]]] = {"weight": (1, 0)}
    weight: Tensor

    def __init__(
        self, centres: Sequence[Sequence[float]], *, activation: Any = None, **base: Any
    ) -> None:
        super().__init__(**base)
        self.centres = _rows(self.place, centres)
        self.activation = activations.get(activation, place=self.place)

    def build(self, input_shape: Shape) -> None:
        """Lays the centres down."""
        self.check_input(input_shape)
        self.register_buffer("weight", torch.tensor(self.centres, dtype=torch.get_default_dtype()))

    def call(self, x: Tensor) -> Tensor:
        """The squared distances."""
        if x.dtype in (torch.float16, torch.bfloat16):
            x = x.float()  # a difference of large sums would lose the small distance
        return self.activation((x.unsqueeze(-2) - self.weight.to(x.dtype)).square().sum(dim=-1))

    def output_shape(self, input_shape: Shape) -> Shape:
        """(n, ..., units)."""
        self.check_input(input_shape)
        return (*input_shape[:-1], len(self.centres))

    def cost(self, input_shape: Shape) -> Cost:
        """The centres, and one multiply-add for each of their numbers."""
        output = self.output_shape(input_shape)
        inputs, units = input_shape[-1], len(self.centres)
        return Cost(
            output,
            inputs * units,
            shapes.dense_multiply_adds(input_shape, units=units),
            shapes.tensor_bytes(output),
        )

    def check_input(self, shape: Any) -> None:
        """Refuses an input that the layer cannot take."""
        wanted = len(self.centres[0])
        if len(shape) < 2 or shape[-1] != wanted:
            rule = f"end in {wanted} numbers, as each centre"
            _check.shape_fail(self.place, rule, shape)


def _rows(place: str, centres: Any) -> tuple[tuple[float, ...], ...]:
    """Checked centres as plain numbers."""
    rule = "be rows of finite numbers, all of one length"
    fix = "For example [[1.0, -1.0], [-1.0, 1.0]]."
    try:
        rows = np.asarray(centres, np.float64)
    except (TypeError, ValueError):
        _check.fail(place, "centres", rule, type(centres).__name__, fix)
    if rows.ndim != 2 or not rows.size or not np.isfinite(rows).all():
        _check.fail(place, "centres", rule, f"shape {rows.shape}", fix)
    return tuple(tuple(row) for row in rows.tolist())
