"""Claim: a number that a text prints. Row: the claim beside the number found here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Claim", "Row", "shown"]


@dataclass(frozen=True)
class Claim:
    """What a text says, and when a number found here counts as the same.

    Args:
        where: the listing, or the number of the text where the claim stands in its prose.
        what: is counted or measured.
        book: the value.
        printed: how the text words it, or whence it is known, where that is not simply the value.
        within: the greatest difference that still counts as equal; 0 for whole numbers.
        between: the range that counts as equal, for what depends on chance; it replaces `within`.
        full: whether a training is needed to know.
    """

    where: str
    what: str
    book: Any
    printed: str = ""
    within: float = 0.0
    between: tuple[float, float] | None = None
    full: bool = False

    @property
    def rule(self) -> str:
        """When a value counts as equal, in words."""
        if self.between is not None:
            return f"{self.between[0]:g} to {self.between[1]:g}"
        return f"within {self.within:g}" if self.within else "equal"

    def row(self, here: Any) -> Row:
        """The claim beside the value found here.

        Example:
            >>> Claim("003", "parameters", 15_200).row(15_200).ok
            True
        """
        book = shown(self.book) + (f": {self.printed}" if self.printed else "")
        return Row(self.where, self.what, book, shown(here), self._holds(here), self.rule)

    def _holds(self, here: Any) -> bool:
        if self.between is not None:
            return bool(self.between[0] <= here <= self.between[1])
        if not self.within:
            return bool(here == self.book)
        pairs = zip(_numbers(here), _numbers(self.book), strict=True)
        return len(_numbers(here)) > 0 and all(abs(a - b) <= self.within for a, b in pairs)


@dataclass(frozen=True)
class Row:
    """One line of the check.

    Args:
        listing: the listing, or the number of the text.
        what: is compared.
        book: as the text has it.
        here: as it is here.
        ok: whether they count as equal.
        rule: when they do.
    """

    listing: str
    what: str
    book: str
    here: str
    ok: bool
    rule: str = "equal"


def shown(value: Any) -> str:
    """A value as the table prints it.

    Example:
        >>> shown(104_202), shown((7, 7, 3, 32)), shown(True), shown(0.5971759)
        ('104,202', '(7, 7, 3, 32)', 'yes', '0.5971759')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.8g}"
    if isinstance(value, list | tuple):
        comma = "," if len(value) == 1 else ""
        return "(" + ", ".join(shown(each) for each in value) + comma + ")"
    return str(value)


def _numbers(value: Any) -> list[float]:
    """The numbers of a value, flat."""
    if isinstance(value, Sequence):
        return [number for part in value for number in _numbers(part)]
    return [float(value)]
