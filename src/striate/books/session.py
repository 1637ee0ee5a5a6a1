"""One run of the checks: listings run once each, claims are looked up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..errors import DataError, MissingExtraError
from .claims import CLAIMS
from .listing import Finished
from .row import Row
from .table import LISTINGS

__all__ = ["Session"]


class Session:
    """What the checks share.

    Args:
        out: the folder of the pictures.
        say: is told what takes long.
    """

    def __init__(self, out: Path, *, say: Callable[[str], None]) -> None:
        self.out = out
        self._say = say
        self._finished: dict[str, Finished] = {}

    def run(self, name: str) -> Finished:
        """What a listing left behind; it runs the first time it is asked for."""
        if name not in self._finished:
            listing = LISTINGS[name]
            if listing.trains:
                self._say(f"{name}: {listing.title} …")
            self._finished[name] = listing.run()
        return self._finished[name]

    def run_if_possible(self, name: str) -> Finished | None:
        """What a listing left behind; None, and said why, where what it needs is not at hand."""
        try:
            return self.run(name)
        except (DataError, MissingExtraError) as error:
            self._say(f"{name} is left out. {error}")
            return None

    def row(self, where: str, what: str, here: Any) -> Row:
        """The claim of a listing or text beside the value found here."""
        return CLAIMS[where, what].row(here)
