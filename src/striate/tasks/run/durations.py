"""Seconds as people say them."""

from __future__ import annotations

__all__ = ["duration"]


def duration(seconds: float) -> str:
    """A duration in two units at most.

    Example:
        >>> [duration(s) for s in (0.42, 12.3, 75, 3725, 200_000)]
        ['0.4 s', '12 s', '1 min 15 s', '1 h 2 min', '55 h 33 min']
    """
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
