"""Memory that does not suffice for a batch: how large a one would fit, found by trying."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NoReturn, TypeVar, cast

import torch

from .. import _check
from ..io.no_memory import lacks_memory
from ..records import Batch
from .accumulation import first_samples
from .memory import give_back_memory

__all__ = ["attempt", "largest_that_fits", "refuse", "within_memory"]

T = TypeVar("T")

_SECONDS = 30.0


def attempt(call: Callable[[], T]) -> tuple[T | None, str]:
    """What a call gives and ""; or None and what was said when memory did not suffice.

    The error is gone when this returns, and with it all that its frames held. Other errors pass.

    Example:
        >>> attempt(lambda: 3)
        (3, '')
    """
    try:
        return call(), ""
    except (MemoryError, RuntimeError, OSError) as error:
        if not lacks_memory(error):
            raise
        words = (str(error).splitlines() or [""])[0] or type(error).__name__
    give_back_memory()
    if torch.cuda.is_initialized():
        torch.cuda.empty_cache()
    return None, words


def largest_that_fits(
    fits: Callable[[int], bool],
    most: int,
    *,
    seconds: float = _SECONDS,
    clock: Callable[[], float] = time.monotonic,
) -> int:
    """The largest count that fits, by bisection; 0 where not even 1 does.

    Args:
        fits: tries a count.
        most: a count that does not fit.
        seconds: after so long the largest that was found so far is taken.
        clock: gives seconds.

    Example:
        >>> largest_that_fits(lambda count: count <= 21, 64)
        21
    """
    end = clock() + seconds
    if most <= 1 or not fits(1):
        return 0
    low, high = 1, most
    while high - low > 1 and clock() < end:
        middle = (low + high) // 2
        if fits(middle):
            low = middle
        else:
            high = middle
    return low


def within_memory(call: Callable[[Batch], T], batch: Batch, *, place: str) -> T:
    """A call on a batch, that changes nothing; where memory does not suffice, what would fit.

    Args:
        call: made again on smaller batches to find out.
        batch: in question.
        place: begins the message.

    Raises:
        PlanError: memory does not suffice; the largest batch that fits is named.
    """
    result, words = attempt(lambda: call(batch))
    if words:
        fitting = largest_that_fits(
            lambda count: not attempt(lambda: call(first_samples(batch, count)))[1], len(batch)
        )
        fix = f"Use batch_size={fitting}."
        refuse(place, f"batches of {len(batch)}", f'"{words}"', fitting, fix)
    return cast(T, result)


def refuse(place: str, what: str, got: str, fitting: int, fix: str) -> NoReturn:
    """Raises the error of memory that does not suffice.

    Args:
        place: begins the message.
        what: for what it does not suffice.
        got: what was found.
        fitting: largest batch that fits; 0 where one sample is too much.
        fix: begins the way out where something fits.

    Raises:
        PlanError: always.
    """
    if fitting:
        fix = f"By trial, {fitting} fit at a time. {fix}"
    else:
        fix = "By trial, not even one sample fits. Use smaller pictures, or a smaller net."
    _check.plan_fail(place, f"have memory for {what}", got, fix)
