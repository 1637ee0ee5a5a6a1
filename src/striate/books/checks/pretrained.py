"""Géron's pretrained net: left out where its weights are not at hand."""

from __future__ import annotations

from collections.abc import Iterator

from ..row import Row
from ..session import Session

__all__ = ["pretrained"]


def pretrained(session: Session) -> Iterator[Row]:
    """The size of its pictures, and how many classes it names."""
    name = "004_5_pretrained"
    finished = session.run_if_possible(name)
    if finished is not None:
        names = finished.names
        yield session.row(name, "pixels of a picture", tuple(names["model"].input.shape[1:3]))
        yield session.row(name, "classes named", tuple(len(best) for best in names["top_K"]))
