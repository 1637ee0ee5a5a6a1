"""How sure a share is, and the difference of two shares on the same pictures: 95 % intervals.

The pictures are drawn again with replacement, 1,000 times, from a fixed seed: the same pictures
give the same interval. Drawing n of n hits and misses again is a draw from the binomial, so no
picture is touched.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from striate import _check

__all__ = ["RESAMPLES", "paired_interval", "share_interval", "wilson_interval"]

RESAMPLES = 1_000
_SEED = 0
_PERCENT = (2.5, 97.5)
_FEW = 10


def share_interval(right: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share: where it lies on unlimited data, `right` of `count` seen.

    The bootstrap's percentiles; where fewer than 10 were right, or fewer than 10 wrong, Wilson's
    interval: from so few, drawing again finds an interval that is too narrow, and none at all
    where there is no mistake.

    Args:
        right: pictures that were recognised.
        count: of so many, at least 1.

    Raises:
        ArgumentError: no pictures, or more right than there are.

    Example:
        >>> [round(end, 2) for end in share_interval(80, 100)]
        [0.72, 0.88]
        >>> share_interval(5, 5)[1]
        1.0
    """
    _check.positive_int("share_interval", "count", count, "Score at least one picture.")
    _check.number("share_interval", "right", right, 0, count)
    if min(right, count - right) < _FEW:
        return wilson_interval(right, count)
    drawn = np.random.default_rng(_SEED).binomial(count, right / count, RESAMPLES) / count
    low, high = np.percentile(drawn, _PERCENT)
    return float(low), float(high)


def paired_interval(
    first: npt.NDArray[np.bool_], second: npt.NDArray[np.bool_]
) -> tuple[float, float]:
    """The 95 % interval of how much larger the second share is, both of the same pictures.

    Pairs are drawn again, not pictures of each: what is hard for both widens nothing.

    Args:
        first, second: (n,) whether each picture was recognised, in the same order.

    Raises:
        ShapeError: they are not of the same pictures, or there is none.

    Example:
        >>> a = np.arange(100) < 70
        >>> [round(end, 2) for end in paired_interval(a, np.roll(a, -20))]
        [-0.12, 0.12]
        >>> paired_interval(a, a)
        (0.0, 0.0)
    """
    if first.shape != second.shape or first.ndim != 1 or len(first) == 0:
        shapes = {"first": first.shape, "second": second.shape}
        _check.shapes_fail("paired_interval", "second", "have a row for each of first", shapes)
    count = len(first)
    gained, lost = int((second & ~first).sum()), int((first & ~second).sum())
    shares = [gained / count, lost / count, (count - gained - lost) / count]
    drawn = np.random.default_rng(_SEED).multinomial(count, shares, RESAMPLES)
    low, high = np.percentile((drawn[:, 0] - drawn[:, 1]) / count, _PERCENT)
    return float(low), float(high)


def wilson_interval(right: int, count: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share, `right` of `count` seen.

    Example:
        >>> [round(end, 3) for end in wilson_interval(90, 100)]
        [0.826, 0.945]

    Reference:
        Wilson, "Probable inference, the law of succession, and statistical inference", Journal of
        the American Statistical Association 22, 1927.
    """
    z = 1.959963984540054
    share = right / count
    centre = share + z * z / (2 * count)
    spread = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)
