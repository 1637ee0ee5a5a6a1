"""A state from elsewhere is as it was written, or that is said in one kind of error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .. import _check
from ..errors import StriateError
from ..io.damage import Damaged

__all__ = ["as_written"]


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
    except Exception as error:
        rule = "hold the state of a run as striate wrote it"
        fix = "Restore it from a copy, or begin anew in another folder."
        words = str(error) if isinstance(error, Damaged) else f"{type(error).__name__}: {error}"
        _check.weights_fail(place, rule, words.split("\n")[0][:300], fix)
