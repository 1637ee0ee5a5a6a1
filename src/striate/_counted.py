"""Numbers of things in words."""

from __future__ import annotations

__all__ = ["counted"]


def counted(count: int, one: str, several: str = "") -> str:
    """A number with its thing, one or several; with the verb, where it stands in both.

    Args:
        count: how many.
        one: the words for one.
        several: the words for any other number. Default "": `one` with an s.

    Example:
        >>> counted(1, "epoch"), counted(1200, "step"), counted(2, "class is", "classes are")
        ('1 epoch', '1,200 steps', '2 classes are')
    """
    return f"{count:,} {one if count == 1 else several or f'{one}s'}"
