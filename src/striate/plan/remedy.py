"""Remedy: a change that saves memory, and what it saves."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Remedy"]


@dataclass(frozen=True)
class Remedy:
    """A change of a run or of its net, and the peak with it.

    Args:
        name: of the change, such as "half the batch".
        how: what to do.
        peak_bytes: with the change, on each device.
        saved_bytes: less than before.
    """

    name: str
    how: str
    peak_bytes: int
    saved_bytes: int
