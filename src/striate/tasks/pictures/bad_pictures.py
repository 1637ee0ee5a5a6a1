"""Pictures that cannot be used: the run ends with their list, or goes on without them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from striate import _check
from striate.data import PictureIndex

__all__ = ["BadPictures"]

_SHOWN = 5


@dataclass(frozen=True)
class BadPictures:
    """What to do about pictures that cannot be used.

    Args:
        place: the data, for the messages.
        skip: whether they are left out; else they end the run.

    Example:
        >>> from striate.data import PathList
        >>> paths = PathList(".", ["a.png", "b.png"])
        >>> parts = {"train": PictureIndex(".", paths, ("x",), labels=np.zeros(2, int))}
        >>> good, left_out = BadPictures("pets", skip=True).without(parts, {"train": {1: "torn"}})
        >>> len(good["train"]), left_out
        (1, [('b.png', 'torn')])
    """

    place: str
    skip: bool

    def without(
        self, parts: Mapping[str, PictureIndex], bad: Mapping[str, Mapping[int, str]]
    ) -> tuple[dict[str, PictureIndex], list[tuple[str, str]]]:
        """The parts without their bad pictures and faults, and (path, reason) of these.

        Args:
            parts: of the data.
            bad: part -> number of a picture -> why it cannot be used.

        Raises:
            DataError: there are some, and they are not to be skipped; or a part has no other.
        """
        listed = [(str(p), why) for index in parts.values() for p, why in index.faults]
        listed += [
            (str(parts[part].paths[number]), why)
            for part, numbers in bad.items()
            for number, why in sorted(numbers.items())
        ]
        total = sum(len(index) + len(index.faults) for index in parts.values())
        if listed and not self.skip:
            self._refuse(listed, total)
        kept = {}
        for part, index in parts.items():
            good = np.setdiff1d(np.arange(len(index)), list(bad.get(part, ())))
            if len(good) == 0:
                _check.data_fail(
                    self.place, f"have a usable picture in the part {part}", "none", listed[0][1]
                )
            smaller = index.take(good) if len(good) < len(index) else index
            kept[part] = replace(smaller, faults=())
        return kept, listed

    def sentences(self, left_out: list[tuple[str, str]], total: int) -> list[str]:
        """What is said about those that are left out."""
        if not left_out:
            return []
        rows = [f"Left out {len(left_out):,} of {total:,} pictures that cannot be used:"]
        rows += [f"  {_reason(path, why)}" for path, why in left_out[:_SHOWN]]
        if len(left_out) > _SHOWN:
            more = len(left_out) - _SHOWN
            rows.append(f"  … and {more} more: data_manifest.json lists them.")
        return rows

    def _refuse(self, listed: list[tuple[str, str]], total: int) -> None:
        shown = " ".join(_reason(path, why) for path, why in listed[:_SHOWN])
        more = f" And {len(listed) - _SHOWN} more." if len(listed) > _SHOWN else ""
        got = f"{len(listed)} of {total:,} that cannot be read: {shown.rstrip('.')}"
        them = "it" if len(listed) == 1 else "them"
        fix = f"Remove or replace {them}, or leave {them} out by --on-bad-image skip.{more}"
        _check.data_fail(self.place, "hold pictures that can be read", got, fix)


def _reason(path: str, why: str) -> str:
    """Why, with the path if that does not stand in it already."""
    return why if path in why else f'"{path}": {why}.'
