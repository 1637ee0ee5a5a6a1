"""Which error ends a command with which exit code; the sentence goes to standard error."""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import typer

from striate import errors
from striate.cli.streams import printable
from striate.io.no_memory import lacks_memory

__all__ = ["TABLE", "Failures", "exit_code"]

R = TypeVar("R")

INTERNAL, USAGE, DATA, MODEL, MEMORY, DIVERGED, STOPPED = 1, 2, 3, 4, 5, 6, 130

_CODES: tuple[tuple[type[BaseException], int], ...] = (
    (errors.ArgumentError, USAGE),
    (errors.ShapeError, USAGE),
    (errors.MissingExtraError, USAGE),
    (errors.DataError, DATA),
    (errors.WeightsError, MODEL),
    (errors.PlanError, MEMORY),
    (errors.DivergedError, DIVERGED),
    (OSError, DATA),
    (KeyboardInterrupt, STOPPED),
)

TABLE = """\
    0  all went well
    1  an error inside striate, or a number of the books that is not found
    2  the command or one of its options is wrong
    3  data cannot be used: a folder or picture is missing or broken, the disk full
    4  a model or checkpoint is missing, damaged, refused, or cannot be saved
    5  memory does not suffice
    6  the training diverged
  130  stopped by Ctrl-C
  143  stopped by SIGTERM; a training was saved first"""


def exit_code(error: BaseException) -> int:
    """The exit code of an error.

    Example:
        >>> exit_code(errors.DataError("no such folder")), exit_code(KeyError("x"))
        (3, 1)
    """
    if lacks_memory(error) or isinstance(error.__context__, MemoryError):
        return MEMORY
    return next((code for kind, code in _CODES if isinstance(error, kind)), INTERNAL)


class Failures:
    """Turns errors into one sentence on standard error and an exit code."""

    def __init__(self) -> None:
        self.debug = False

    def guard(self, function: Callable[..., R]) -> Callable[..., R]:
        """The function, whose errors end the process with their exit code."""

        @functools.wraps(function)
        def guarded(*args: Any, **kwargs: Any) -> R:
            try:
                with _written_out():
                    return function(*args, **kwargs)
            except typer.Exit:
                raise
            except (Exception, KeyboardInterrupt) as error:
                if isinstance(error, OSError) and error.errno == errno.EPIPE:
                    raise
                _give_up_output()
                self._tell(error)
                sys.exit(exit_code(error))

        return guarded

    def _tell(self, error: BaseException) -> None:
        if self.debug:
            traceback.print_exception(error)
            return
        text = str(error)
        code = exit_code(error)
        if code == STOPPED:
            text = "Stopped by Ctrl-C."
        elif code == MEMORY and not isinstance(error, errors.StriateError):
            first = (text.splitlines() or [type(error).__name__])[0].rstrip(".")
            fix = "Close other programs, or use fewer or smaller pictures at a time."
            text = f"Memory must suffice. Got: {first}. {fix}"
        elif isinstance(error, OSError) and error.strerror:
            where = f' "{error.filename}"' if error.filename else ""
            text = f"The system refuses{where}: {error.strerror}. Check disk and rights."
        elif code == INTERNAL and not isinstance(error, errors.StriateError):
            hint = "This is an error in striate; striate --debug … shows where."
            text = f"{type(error).__name__}: {text} {hint}"
        whole = "\n".join([text, *getattr(error, "__notes__", ())])
        print(*map(printable, whole.split("\n")), sep="\n", file=sys.stderr)


@contextlib.contextmanager
def _written_out() -> Iterator[None]:
    """Where a command ends, all that it has printed is written: only now a full disk shows."""
    try:
        yield
    except typer.Exit:
        _flush()
        raise
    _flush()


def _flush() -> None:
    if sys.stdout is not None:  # as it is where the shell has closed it
        sys.stdout.flush()


def _give_up_output() -> None:
    """What cannot be written goes nowhere; else Python would try again, and end with code 120."""
    try:
        _flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
