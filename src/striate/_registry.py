"""A closed table of names: refuses duplicates, and on an unknown name suggests the nearest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from . import _check
from .errors import ArgumentError

__all__ = ["Registry"]

T = TypeVar("T")


class Registry(Generic[T]):
    """name -> entry. What is not in the table does not exist: nothing is looked up by import.

    Args:
        kind: what the entries are, for the messages: "optimizer", "layer".

    Example:
        >>> nets = Registry("net")
        >>> @nets.register("tiny")
        ... def tiny(): return 1
        >>> nets.get("tiny")()
        1
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._entries: dict[str, T] = {}

    def register(self, name: str) -> Callable[[T], T]:
        """A decorator that adds the entry under a name; a taken name is an error."""

        def add(entry: T) -> T:
            if self._entries.get(name, entry) is not entry:
                raise ArgumentError(
                    f'{self.kind} registry: `name` must be new. Got name="{name}", which is '
                    f"taken by {self._entries[name]!r}. Choose another name."
                )
            self._entries[name] = entry
            return entry

        return add

    def get(self, name: object, *, place: str = "", argument: str = "") -> T:
        """The entry of a name, or one error that lists the nearest names."""
        if isinstance(name, str) and name in self._entries:
            return self._entries[name]
        near = ", ".join(f'"{n}"' for n in _check.nearest(name, self._entries))
        _check.fail(
            place or f"{self.kind} registry",
            argument or "name",
            f"name a known {self.kind}",
            name,
            f"Nearest: {near}." if near else "",
        )

    def name_of(self, entry: object) -> str | None:
        """The name under which this very entry stands, or None."""
        for name, value in self._entries.items():
            if value is entry:
                return name
        return None

    def names(self) -> list[str]:
        """All names, in the order they were added."""
        return list(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
