"""Normalization: features at mean 0 and variance 1, by statistics that are known beforehand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor

from .. import _check, shapes
from ..ops.axes import parse_axes, resolve_axes
from ..shapes import Cost, Shape
from .base import Layer, register_layer
from .moments import Moments, parts_of

__all__ = ["Normalization"]

_LEAST_DEVIATION = 1e-7


@register_layer("Normalization")
class Normalization(Layer):
    """Shifts and scales features by a mean and variance that are given, or measured by `adapt`.

    y = (x - mean) / sqrt(variance), with one mean and variance for each place along the axes, over
    all samples and all other axes. They are no parameters: training does not change them. A
    deviation below 1e-7 counts as 1e-7.

    Args:
        axis: along which each place has its own statistics. Default -1: each channel. Several may
            be given; None gives one mean and variance for all.
        mean: of the features: a number, or numbers that fit the sizes along the axes. Default None:
            `adapt` measures it.
        variance: of the features, given where mean is.
        invert: whether to go back: y = x sqrt(variance) + mean. Default False.

    Shape:
        input  (n, ...)
        output (n, ...)

    Raises:
        ArgumentError: an axis that is no whole number, the first, or named twice; only one of mean
            and variance, or of different shapes, or more dimensions than axes; a variance below 0;
            a call before `adapt`.
        ShapeError: an input without such an axis, with an unknown size there, or with another than
            before.

    Example:
        >>> layer = Normalization()
        >>> layer.adapt(np.array([[1.0, 10.0], [3.0, 50.0]]))
        >>> layer(np.array([[3.0, 30.0]]))
        tensor([[1., 0.]])
    """

    sees_pixels = True

    keras_weights: ClassVar[dict[str, tuple[int, ...]]] = {
        "running_mean": (),
        "running_var": (),
        "count": (),
    }
    running_mean: Tensor
    running_var: Tensor
    count: Tensor

    def __init__(
        self,
        axis: int | Sequence[int] | None = -1,
        mean: Any = None,
        *,
        variance: Any = None,
        invert: bool = False,
        **base: Any,
    ) -> None:
        super().__init__(**base)
        place = self.place
        everywhere = axis is None or (isinstance(axis, list | tuple) and not axis)
        self.axis = () if everywhere else parse_axes(place, axis)
        self.invert = _check.flag(place, "invert", invert)
        self.mean = _plain(place, "mean", mean)
        self.variance = _plain(place, "variance", variance)
        self._check_given()
        self._given: tuple[Tensor, ...] = ()
        self._sizes: tuple[int, ...] | None = None
        self._adapted = mean is not None

    def _check_given(self) -> None:
        place, mean, variance = self.place, self.mean, self.variance
        if (mean is None) != (variance is None):
            missing = "mean" if mean is None else "variance"
            fix = "Give both, or none and call adapt(data)."
            _check.fail(place, missing, "be given where the other is", None, fix)
        if np.shape(mean) != np.shape(variance):
            rule = f"have the shape of mean, {np.shape(mean)}"
            _check.fail(place, "variance", rule, np.shape(variance))
        if variance is not None and np.min(variance) < 0:
            _check.fail(place, "variance", "be at least 0", variance)
        if np.ndim(mean) > len(self.axis):
            rule = f"have at most {len(self.axis)} dimensions, one for each axis"
            _check.fail(place, "mean", rule, mean)

    def build(self, input_shape: Shape) -> None:
        """Makes mean 0, variance 1 and count 0 to be filled, or spreads the given statistics."""
        places = self.check_input(input_shape)
        sizes = tuple(input_shape[axis] for axis in places)
        if self.mean is None:
            self.register_buffer("running_mean", torch.zeros(sizes))
            self.register_buffer("running_var", torch.ones(sizes))
            self.register_buffer("count", torch.zeros((), dtype=torch.int64))
        else:
            self._place_given(torch.empty(sizes, device="cpu"))
        self._sizes, self._rank = sizes, len(input_shape)
        self._spread = [s if axis in places else 1 for axis, s in enumerate(input_shape)]

    def adapt(self, data: Any) -> None:
        """Measures mean and variance of data, in place of what was measured before.

        Parts are joined in float64, so the result does not depend on how the data are cut.

        Args:
            data: an array or tensor, samples along the first axis; a loader, whose first epoch is
                read, preprocessed as the training step does; or an iterable of batches, each an
                array or tensor, a Batch, or (images, targets).

        Raises:
            ArgumentError: mean and variance were given; something else than numbers; no sample;
                numbers that are not finite.
            ShapeError: data that the layer cannot take.
        """
        if self.mean is not None:
            fix = "Leave mean and variance out to measure them."
            _check.fail(self.place, "mean", "be None where adapt is called", self.mean, fix)
        total: Moments | None = None
        for part in parts_of(data, place=self.place):
            self.build((None, *part.shape[1:]))
            kept = self.check_input(part.shape)
            part_moments = Moments.of(part, [a for a in range(part.dim()) if a not in kept])
            total = part_moments if total is None else total.merge(part_moments)
        if total is None:
            _check.fail(self.place, "data", "hold at least one batch", "none")
        if not (total.mean.isfinite().all() and total.deviations.isfinite().all()):
            _check.fail(self.place, "data", "hold finite numbers only", "NaN or infinity")
        self.running_mean.copy_(total.mean)
        self.running_var.copy_(total.variance)
        self.count.fill_(total.count)
        self._adapted = True

    def call(self, x: Tensor) -> Tensor:
        """The shifted and scaled features, in x's number type."""
        if not self._adapted:
            self._require_adapted(x)
        if self._given:
            mean, variance = (each.to(x.device) for each in self._given)
        else:
            mean, variance = self.running_mean, self.running_var
        mean = mean.view(self._spread)
        deviation = variance.view(self._spread).sqrt().clamp_(min=_LEAST_DEVIATION)
        y = (x * deviation).add_(mean) if self.invert else (x - mean).div_(deviation)
        return y.to(x.dtype)

    def _require_adapted(self, x: Tensor) -> None:
        """Refuses new statistics; loaded ones are as good as measured ones."""
        if x.is_meta or torch.compiler.is_compiling():
            return
        changed = self.running_mean.any() or (self.running_var != 1).any()
        if not (self.count > 0 or changed):
            fix = "Call adapt(data), load weights, or give mean and variance."
            rule = "be called on data before the layer is used"
            _check.fail(self.place, "adapt", rule, "no statistics", fix)
        self._adapted = True

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Normalization:
        """Moves the given statistics, which are no state, where the layer goes."""
        super()._apply(fn, recurse)
        if self._given:
            self._place_given(fn(self._given[0]))
        return self

    def _place_given(self, like: Tensor) -> None:
        """The given statistics anew, where another tensor is, in float32 or more: none is lost."""
        kind = torch.promote_types(like.dtype, torch.float32)
        self._given = tuple(
            torch.tensor(each, dtype=kind, device=like.device).expand(like.shape)
            for each in (self.mean, self.variance)
        )

    def output_shape(self, input_shape: Shape) -> Shape:
        """The input's."""
        self.check_input(input_shape)
        return tuple(input_shape)

    def cost(self, input_shape: Shape) -> Cost:
        """Mean, variance and the count, where they are measured; no multiply-adds are counted."""
        places = self.check_input(input_shape)
        numbers = 2 * shapes.element_count([input_shape[axis] for axis in places]) + 1
        output = tuple(input_shape)
        return Cost(output, 0 if self._given else numbers, 0, shapes.tensor_bytes(output))

    def check_input(self, shape: Any) -> tuple[int, ...]:
        """Refuses an input that the layer cannot take; gives the kept axes, counted from 0."""
        places = resolve_axes(self.place, self.axis, shape)
        if not shape:
            _check.shape_fail(self.place, "hold samples, along the first axis", shape)
        if self._sizes is not None and len(shape) != self._rank:
            rule = f"have {self._rank} dimensions, as when it was built"
            _check.shape_fail(self.place, rule, shape)
        sizes = tuple(shape[axis] for axis in places)
        if self._sizes not in (None, sizes):
            rule = f"have sizes {self._sizes} along axis={self.axis}, as when it was built"
            _check.shape_fail(self.place, rule, shape)
        if None in sizes:
            _check.shape_fail(self.place, f"have known sizes along axis={self.axis}", shape)
        if self.mean is not None and not _fits(np.shape(self.mean), sizes):
            rule = f"have sizes along axis={self.axis} that mean {np.shape(self.mean)} fits"
            _check.shape_fail(self.place, rule, shape)
        return places


def _plain(place: str, argument: str, value: Any) -> Any:
    """A number, or nested lists of numbers, that are finite."""
    if value is None:
        return None
    try:
        array = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        array = np.array(np.nan)
    if isinstance(value, bool) or not array.size or not np.isfinite(array).all():
        _check.fail(place, argument, "be a finite number, or an array of such", value)
    return array.tolist()


def _fits(shape: tuple[int, ...], sizes: tuple[int, ...]) -> bool:
    """Whether an array of this shape spreads over the sizes."""
    last = sizes[len(sizes) - len(shape) :]
    return all(a in (1, b) for a, b in zip(shape, last, strict=True))
