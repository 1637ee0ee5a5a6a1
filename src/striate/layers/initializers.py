"""Initialisers by name: what a new parameter is filled with. Glorot-uniform is the default."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from .. import _check
from .._registry import Registry

__all__ = [
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Initializer",
    "LecunNormal",
    "LecunUniform",
    "Ones",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "VarianceScaling",
    "Zeros",
    "fans",
    "get",
    "initializer_types",
]

initializer_types: Registry[Any] = Registry("initializer")


@dataclass(frozen=True)
class Initializer:
    """Base: called on a shape in Keras' order, it returns a tensor of torch's default type.

    Draws come from torch's generator, so `torch.manual_seed` governs them.
    """

    def __call__(self, shape: tuple[int, ...]) -> Tensor:
        """The values of a new parameter of this shape."""
        return torch.zeros(shape)


@initializer_types.register("zeros")
@dataclass(frozen=True)
class Zeros(Initializer):
    """All zeros."""


@initializer_types.register("ones")
@dataclass(frozen=True)
class Ones(Initializer):
    """All ones."""

    def __call__(self, shape: tuple[int, ...]) -> Tensor:
        """Ones of this shape."""
        return torch.ones(shape)


@initializer_types.register("constant")
@dataclass(frozen=True)
class Constant(Initializer):
    """One number everywhere.

    Args:
        value: the number.
    """

    value: float = 0.0

    def __call__(self, shape: tuple[int, ...]) -> Tensor:
        """The value in this shape."""
        return torch.full(shape, float(self.value), dtype=torch.get_default_dtype())


@initializer_types.register("random_normal")
@dataclass(frozen=True)
class RandomNormal(Initializer):
    """A normal distribution.

    Args:
        mean: of the distribution.
        stddev: its standard deviation.
    """

    mean: float = 0.0
    stddev: float = 0.05

    def __call__(self, shape: tuple[int, ...]) -> Tensor:
        """Draws of this shape."""
        return torch.empty(shape).normal_(self.mean, self.stddev)


@initializer_types.register("truncated_normal")
@dataclass(frozen=True)
class TruncatedNormal(RandomNormal):
    """A normal distribution cut off at two standard deviations (stddev is that before the cut)."""

    def __call__(self, shape: tuple[int, ...]) -> Tensor:
        """Draws of this shape."""
        return _truncated(torch.empty(shape), self.stddev) + self.mean


@initializer_types.register("random_uniform")
@dataclass(frozen=True)
class RandomUniform(Initializer):
    """A uniform distribution.

    Args:
        minval: lower bound.
        maxval: upper bound.
    """

    minval: float = -0.05
    maxval: float = 0.05

    def __call__(self, shape: tuple[int, ...]) -> Tensor:
        """Draws of this shape."""
        return torch.empty(shape).uniform_(self.minval, self.maxval)


@initializer_types.register("variance_scaling")
@dataclass(frozen=True)
class VarianceScaling(Initializer):
    """Draws whose variance is scale / n, n the fan-in, the fan-out or their mean.

    The fans of a shape (..., in, out) are in and out times the product of the rest: for a kernel
    of a depthwise convolution (h, w, channels, multiplier) as in Keras, too.

    Args:
        scale: of the variance.
        mode: "fan_in", "fan_out" or "fan_avg".
        distribution: "uniform", "truncated_normal" (cut at two standard deviations, corrected to
            the stated variance) or "untruncated_normal".

    Example:
        >>> draws = VarianceScaling(mode="fan_in")((3, 3, 64, 8))
        >>> abs(draws.var().item() * 3 * 3 * 64 - 1) < 0.1
        True

    Reference:
        Glorot & Bengio, AISTATS 2010; He et al., ICCV 2015, arXiv 1502.01852.
    """

    scale: float = 1.0
    mode: str = "fan_in"
    distribution: str = "truncated_normal"

    def __post_init__(self) -> None:
        place = type(self).__name__
        _check.choice(place, "mode", self.mode, ("fan_in", "fan_out", "fan_avg"))
        known = ("uniform", "truncated_normal", "untruncated_normal")
        _check.choice(place, "distribution", self.distribution, known)

    def __call__(self, shape: tuple[int, ...]) -> Tensor:
        """Draws of this shape."""
        fan_in, fan_out = fans(shape)
        count = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
        variance = self.scale / max(1.0, count[self.mode])
        data = torch.empty(shape)
        if self.distribution == "uniform":
            limit = math.sqrt(3.0 * variance)
            return data.uniform_(-limit, limit)
        if self.distribution == "untruncated_normal":
            return data.normal_(0.0, math.sqrt(variance))
        return _truncated(data, math.sqrt(variance) / _TRUNCATED_STDDEV)


_TRUNCATED_STDDEV = 0.87962566103423978
"""Standard deviation of a unit normal cut off at -2 and 2."""


def fans(shape: tuple[int, ...]) -> tuple[float, float]:
    """(fan-in, fan-out) of a parameter of a shape in Keras' order.

    Example:
        >>> fans((3, 3, 16, 32))
        (144, 288)
    """
    if len(shape) < 2:
        return (shape[0], shape[0]) if shape else (1, 1)
    field = math.prod(shape[:-2])
    return field * shape[-2], field * shape[-1]


def _truncated(data: Tensor, stddev: float) -> Tensor:
    return torch.nn.init.trunc_normal_(data, 0.0, stddev, -2 * stddev, 2 * stddev)


@initializer_types.register("glorot_uniform")
@dataclass(frozen=True)
class GlorotUniform(VarianceScaling):
    """Uniform, variance 2 / (fan-in + fan-out): the default of kernels."""

    mode: str = "fan_avg"
    distribution: str = "uniform"


@initializer_types.register("glorot_normal")
@dataclass(frozen=True)
class GlorotNormal(VarianceScaling):
    """Truncated normal, variance 2 / (fan-in + fan-out)."""

    mode: str = "fan_avg"


@initializer_types.register("he_uniform")
@dataclass(frozen=True)
class HeUniform(VarianceScaling):
    """Uniform, variance 2 / fan-in: for relu."""

    scale: float = 2.0
    distribution: str = "uniform"


@initializer_types.register("he_normal")
@dataclass(frozen=True)
class HeNormal(VarianceScaling):
    """Truncated normal, variance 2 / fan-in: for relu."""

    scale: float = 2.0


@initializer_types.register("lecun_uniform")
@dataclass(frozen=True)
class LecunUniform(VarianceScaling):
    """Uniform, variance 1 / fan-in."""

    distribution: str = "uniform"


@initializer_types.register("lecun_normal")
@dataclass(frozen=True)
class LecunNormal(VarianceScaling):
    """Truncated normal, variance 1 / fan-in: for selu."""


def get(value: Any, *, place: str = "initializers", argument: str = "initializer") -> Initializer:
    """An initialiser from a name ("he_normal") or an Initializer, which is returned as it is.

    Raises:
        ArgumentError: an unknown name; the nearest three are listed.
    """
    if isinstance(value, Initializer):
        return value
    made: Initializer = initializer_types.get(value, place=place, argument=argument)()
    return made
