"""The signal inside this room that a file does not hold the arrays of a data set."""

from __future__ import annotations

__all__ = ["Refused"]


class Refused(Exception):
    """A file does not hold plain, fitting arrays: the reason, for the sentence of a DataError."""
