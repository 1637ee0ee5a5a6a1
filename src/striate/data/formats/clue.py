"""What speaks for a format: said to the user, and weighed where several formats fit."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Clue"]


@dataclass(frozen=True)
class Clue:
    """A sign that a folder is in a format.

    Args:
        why: the sign, such as "it holds annotations.json, with images and annotations".
        uses: names of the entries of the folder that belong to the format: none of them is a
            class folder.
    """

    why: str
    uses: frozenset[str] = field(default=frozenset())
