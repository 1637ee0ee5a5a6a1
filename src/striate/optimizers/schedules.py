"""Learning-rate schedules: from the number of finished steps to the next step's learning rate.

Plain Python arithmetic: a schedule holds no state, so nothing of it needs to be saved, and a
resumed run reads the same rates.
"""

from __future__ import annotations

import bisect
import itertools
import math
from dataclasses import KW_ONLY, dataclass

from .. import _check
from .schedule import Schedule

__all__ = [
    "Constant",
    "CosineDecay",
    "ExponentialDecay",
    "InverseTimeDecay",
    "OneCycle",
    "PiecewiseConstantDecay",
    "Schedule",
]


@dataclass(frozen=True)
class Constant(Schedule):
    """The same learning rate at every step.

    Args:
        learning_rate: the rate.

    Example:
        >>> Constant(0.1)(2000)
        0.1
    """

    learning_rate: float

    def __post_init__(self) -> None:
        _check.number("Constant", "learning_rate", self.learning_rate, 0.0)

    def __call__(self, step: int) -> float:
        """The rate."""
        return float(self.learning_rate)


@dataclass(frozen=True)
class ExponentialDecay(Schedule):
    """Multiplies the learning rate by `decay_rate` every `decay_steps` steps.

    rate(s) = initial_learning_rate * decay_rate ** (s / decay_steps); with `staircase` the
    quotient is rounded down, so the rate falls in steps.

    Args:
        initial_learning_rate: rate at step 0.
        decay_steps: steps between two multiplications by `decay_rate`.
        decay_rate: the factor, above 0.
        staircase: fall in steps. Default False: smoothly.

    Raises:
        ArgumentError: `decay_steps` or `decay_rate` not above 0.

    Example:
        >>> ExponentialDecay(0.1, 1000, decay_rate=0.5)(2000)
        0.025
    """

    initial_learning_rate: float
    decay_steps: float
    _: KW_ONLY
    decay_rate: float
    staircase: bool = False

    def __post_init__(self) -> None:
        _check.number("ExponentialDecay", "initial_learning_rate", self.initial_learning_rate, 0.0)
        _check.positive("ExponentialDecay", "decay_steps", self.decay_steps)
        _check.positive("ExponentialDecay", "decay_rate", self.decay_rate)
        _check.flag("ExponentialDecay", "staircase", self.staircase)

    def __call__(self, step: int) -> float:
        """The learning rate of the update that follows `step` finished ones."""
        periods = step / self.decay_steps
        return float(
            self.initial_learning_rate
            * self.decay_rate ** (math.floor(periods) if self.staircase else periods)
        )


@dataclass(frozen=True)
class InverseTimeDecay(Schedule):
    """Divides the learning rate by a number that grows linearly with the steps.

    rate(s) = initial_learning_rate / (1 + decay_rate * s / decay_steps); with `staircase` the
    quotient s / decay_steps is rounded down. `decay_steps=1` is the old `decay=` argument of
    Keras' optimizers.

    Args:
        initial_learning_rate: rate at step 0.
        decay_steps: steps after which the divisor has grown by `decay_rate`.
        decay_rate: growth of the divisor, 0 or more.
        staircase: fall in steps. Default False: smoothly.

    Raises:
        ArgumentError: `decay_steps` not above 0, or a negative rate.

    Example:
        >>> InverseTimeDecay(0.1, 1000, decay_rate=1.0)(1000)
        0.05
    """

    initial_learning_rate: float
    decay_steps: float
    _: KW_ONLY
    decay_rate: float
    staircase: bool = False

    def __post_init__(self) -> None:
        _check.number("InverseTimeDecay", "initial_learning_rate", self.initial_learning_rate, 0.0)
        _check.positive("InverseTimeDecay", "decay_steps", self.decay_steps)
        _check.number("InverseTimeDecay", "decay_rate", self.decay_rate, 0.0)
        _check.flag("InverseTimeDecay", "staircase", self.staircase)

    def __call__(self, step: int) -> float:
        """The learning rate of the update that follows `step` finished ones."""
        periods = step / self.decay_steps
        growth = self.decay_rate * (math.floor(periods) if self.staircase else periods)
        return float(self.initial_learning_rate / (1.0 + growth))


@dataclass(frozen=True)
class PiecewiseConstantDecay(Schedule):
    """One constant learning rate up to each boundary: the step schedule.

    rate(s) = values[i] for the first boundary with s <= boundaries[i], the last value after the
    last boundary. A boundary's own step still has the earlier value, as in Keras.

    Args:
        boundaries: step numbers, strictly rising.
        values: learning rates, one more than boundaries.

    Raises:
        ArgumentError: boundaries that do not rise, or another number of values.

    Example:
        >>> rate = PiecewiseConstantDecay([100, 200], [0.1, 0.01, 0.001])
        >>> rate(100), rate(101), rate(1000)
        (0.1, 0.01, 0.001)
    """

    boundaries: list[float] | tuple[float, ...]
    values: list[float] | tuple[float, ...]

    def __post_init__(self) -> None:
        place = "PiecewiseConstantDecay"
        boundaries = tuple(_check.numbers(place, "boundaries", self.boundaries))
        values = tuple(_check.numbers(place, "values", self.values, 0.0))
        if any(a >= b for a, b in itertools.pairwise(boundaries)):
            _check.fail(place, "boundaries", "rise strictly", list(self.boundaries))
        if len(values) != len(boundaries) + 1:
            rule = f"hold one number more than `boundaries`, here {len(boundaries) + 1}"
            _check.fail(place, "values", rule, list(self.values))
        object.__setattr__(self, "boundaries", boundaries)
        object.__setattr__(self, "values", values)

    def __call__(self, step: int) -> float:
        """The learning rate of the update that follows `step` finished ones."""
        return float(self.values[bisect.bisect_left(self.boundaries, step)])


@dataclass(frozen=True)
class CosineDecay(Schedule):
    """Half a cosine wave from a learning rate down to `alpha` times it, after a linear warm-up.

    With s' = min(s, decay_steps) and f = (1 + cos(pi * s' / decay_steps)) / 2:
    rate(s) = initial_learning_rate * ((1 - alpha) * f + alpha). With `warmup_target` the rate
    first goes straight from `initial_learning_rate` to `warmup_target` in `warmup_steps` steps,
    and the wave starts there, from `warmup_target`.

    Args:
        initial_learning_rate: rate at step 0.
        decay_steps: length of the wave in steps, the warm-up not counted.
        alpha: the last rate as a fraction of the wave's first. Default 0.
        warmup_target: rate at the end of the warm-up. Default None: no warm-up.
        warmup_steps: length of the warm-up in steps. Default 0.

    Raises:
        ArgumentError: `decay_steps` not above 0, a negative number, or `warmup_steps` without
            `warmup_target`.

    Example:
        >>> rate = CosineDecay(0.0, 100, warmup_target=0.2, warmup_steps=10)
        >>> rate(5), rate(10), round(rate(60), 6), rate(110)
        (0.1, 0.2, 0.1, 0.0)

    Reference:
        Loshchilov & Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017,
        arXiv 1608.03983, equation 5; warm-up: Goyal et al., arXiv 1706.02677, section 2.2.
    """

    initial_learning_rate: float
    decay_steps: float
    _: KW_ONLY
    alpha: float = 0.0
    warmup_target: float | None = None
    warmup_steps: float = 0

    def __post_init__(self) -> None:
        place = "CosineDecay"
        _check.number(place, "initial_learning_rate", self.initial_learning_rate, 0.0)
        _check.positive(place, "decay_steps", self.decay_steps)
        _check.number(place, "alpha", self.alpha, 0.0)
        _check.number(place, "warmup_steps", self.warmup_steps, 0.0)
        if self.warmup_target is not None:
            _check.number(place, "warmup_target", self.warmup_target, 0.0)
        elif self.warmup_steps:
            rule = "be the learning rate at the end of the warm-up when `warmup_steps` is given"
            _check.fail(place, "warmup_target", rule, None)

    def __call__(self, step: int) -> float:
        """The learning rate of the update that follows `step` finished ones."""
        start: float = self.initial_learning_rate
        done: float = step
        if self.warmup_target is not None:
            if step < self.warmup_steps:
                return float(start + (self.warmup_target - start) * (step / self.warmup_steps))
            start, done = self.warmup_target, step - self.warmup_steps
        wave = 0.5 * (1.0 + math.cos(math.pi * min(done / self.decay_steps, 1.0)))
        return float(start * ((1.0 - self.alpha) * wave + self.alpha))


@dataclass(frozen=True)
class OneCycle(Schedule):
    """One cosine wave up to `max_learning_rate` and one down to almost nothing.

    The rate rises from max_learning_rate / start_divisor at step 0 to max_learning_rate at step
    warmup_fraction * total_steps - 1, and falls to (max_learning_rate / start_divisor) /
    final_divisor at step total_steps - 1, where it stays.

    Args:
        max_learning_rate: the peak.
        total_steps: updates in the whole training, 2 or more.
        warmup_fraction: part of the steps that rises. Default 0.3.
        start_divisor: peak over first rate. Default 25.
        final_divisor: first rate over last rate. Default 10000.

    Raises:
        ArgumentError: a number out of its range.

    Example:
        >>> rate = OneCycle(0.5, 100)
        >>> rate(0), rate(29), round(rate(99), 9)
        (0.02, 0.5, 2e-06)

    Reference:
        Smith & Topin, "Super-Convergence: Very Fast Training of Neural Networks Using Large
        Learning Rates", 2018, arXiv 1708.07120, section 3; the cosine form and the defaults are
        PyTorch's OneCycleLR.
    """

    max_learning_rate: float
    total_steps: int
    _: KW_ONLY
    warmup_fraction: float = 0.3
    start_divisor: float = 25.0
    final_divisor: float = 1e4

    def __post_init__(self) -> None:
        place = "OneCycle"
        _check.positive(place, "max_learning_rate", self.max_learning_rate)
        if _check.positive_int(place, "total_steps", self.total_steps) < 2:
            _check.fail(place, "total_steps", "be 2 or more", self.total_steps)
        _check.fraction(place, "warmup_fraction", self.warmup_fraction)
        _check.number(place, "start_divisor", self.start_divisor, 1.0)
        _check.number(place, "final_divisor", self.final_divisor, 1.0)

    def __call__(self, step: int) -> float:
        """The learning rate of the update that follows `step` finished ones."""
        first = self.max_learning_rate / self.start_divisor
        peak_step = max(self.warmup_fraction * self.total_steps - 1.0, 0.0)
        last_step = self.total_steps - 1
        if step < peak_step:
            return _cosine(first, self.max_learning_rate, step / peak_step)
        done = min((step - peak_step) / (last_step - peak_step), 1.0)
        return _cosine(self.max_learning_rate, first / self.final_divisor, done)


def _cosine(start: float, end: float, fraction: float) -> float:
    """From start to end along half a cosine wave."""
    wave = 0.5 * (1.0 + math.cos(math.pi * fraction))
    return start * wave + end * (1.0 - wave)
