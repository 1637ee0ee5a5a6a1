"""Names that a text file with one name a line can hold."""

from __future__ import annotations

__all__ = ["is_one_line"]


def is_one_line(name: str) -> bool:
    r"""Whether a name is one line, not empty, of characters that UTF-8 has.

    Example:
        >>> [is_one_line(name) for name in ("tabby cat", "two\nlines", "cat\n", "", "\udce9")]
        [True, False, False, False, False]
    """
    return name.splitlines() == [name] and name.encode(errors="replace").decode() == name
