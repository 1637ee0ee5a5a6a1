"""A state from elsewhere is as it was written, or that is said in one kind of error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from .. import _check
from ..errors import StriateError
from ..io.damage import Damaged

__all__ = ["NotAsWritten", "as_written"]


class NotAsWritten(Exception):
    """The signal in this room that a state is not as it was written: the reason, in words."""


@contextmanager
def as_written(place: str) -> Iterator[None]:
    """Turns whatever goes wrong with a state from elsewhere into one kind of error.

    Args:
        place: the checkpoint, for the message.

    Raises:
        WeightsError: something went wrong that none of our errors says.

    Example:
        >>> try:
        ...     with as_written("Checkpoint"):
        ...         {}["epoch"]
        ... except StriateError as error:
        ...     print(str(error)[:79])
        Checkpoint: must hold the state of a run as striate wrote it. Got KeyError: 'ep
    """
    try:
        yield
    except StriateError:
        raise
    except NotAsWritten as error:
        _refuse(place, str(error))
    except Damaged as error:
        _refuse(place, str(error))
    except Exception as error:
        _refuse(place, f"{type(error).__name__}: {error}")


def _refuse(place: str, words: str) -> NoReturn:
    rule = "hold the state of a run as striate wrote it"
    fix = "Restore it from a copy, or begin anew in another folder."
    _check.weights_fail(place, rule, words.split("\n")[0][:300], fix)
