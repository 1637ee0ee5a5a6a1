"""--quiet, which every command has: results and errors are printed, and nothing else."""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Callable
from typing import Annotated, Any

import typer

from striate.cli import streams

__all__ = ["with_quiet"]

_OPTION = typer.Option("--quiet", "-q", help="Print results and errors only.")


def with_quiet(command: Callable[..., None]) -> Callable[..., None]:
    """A command with one flag more.

    Args:
        command: as typer takes it.
    """

    @functools.wraps(command)
    def called(*, quiet: bool = False, **given: Any) -> None:
        streams.hush(quiet)
        command(**given)

    signature = inspect.signature(command)
    flag = inspect.Parameter(
        "quiet",
        inspect.Parameter.KEYWORD_ONLY,
        default=False,
        annotation=Annotated[bool, _OPTION],
    )
    hints = typing.get_type_hints(command, include_extras=True)
    own = [
        each.replace(
            kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints.get(each.name, each.annotation)
        )
        for each in signature.parameters.values()
    ]
    called.__signature__ = inspect.Signature([*own, flag])  # type: ignore[attr-defined]
    called.__annotations__ = {each.name: each.annotation for each in (*own, flag)}
    return called
