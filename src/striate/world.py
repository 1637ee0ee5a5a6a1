"""The World: who takes part in a run. One process here; several may come later.

The training loop asks its world for sums and for who may write; it never asks how many there are
for any other reason, so it has no branch for several processes.
"""

from __future__ import annotations

from typing import Protocol, TypeVar, runtime_checkable

__all__ = ["OneProcess", "World"]

T = TypeVar("T")


@runtime_checkable
class World(Protocol):
    """What the training loop asks of the processes of a run."""

    @property
    def rank(self) -> int:
        """This process' number, 0 for the first."""
        ...

    @property
    def size(self) -> int:
        """How many processes take part."""
        ...

    @property
    def is_main(self) -> bool:
        """Whether this process writes files and speaks: true for exactly one."""
        ...

    def sum(self, value: T) -> T:
        """The sum of a tensor or number over all processes, in every process."""
        ...

    def barrier(self) -> None:
        """Returns when every process has come here."""
        ...


class OneProcess:
    """The world of a run in one process: sums are the values themselves.

    Example:
        >>> OneProcess().sum(3)
        3
    """

    rank: int = 0
    size: int = 1
    is_main: bool = True

    def sum(self, value: T) -> T:
        """The value itself."""
        return value

    def barrier(self) -> None:
        """Returns at once."""
