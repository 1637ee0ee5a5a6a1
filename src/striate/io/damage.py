"""The signal inside this room that a file does not hold what it should."""

from __future__ import annotations

__all__ = ["Damaged"]


class Damaged(Exception):
    """A file does not hold what it should: the reason, for an error's sentence."""
