"""Numbers of things in words."""

from __future__ import annotations

__all__ = ["counted"]


def counted(count: int, thing: str) -> str:
    """A number with its thing, one or several.

    Example:
        >>> counted(1, "epoch"), counted(1200, "step")
        ('1 epoch', '1,200 steps')
    """
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"
