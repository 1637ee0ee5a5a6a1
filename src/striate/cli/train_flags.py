"""The flags of training commands, made of the table of options: one truth for flags and files."""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Collection
from dataclasses import fields
from typing import Annotated, Any

import typer

import striate
from striate import _check
from striate.tasks.options import TrainOptions

__all__ = ["read_options", "read_said", "with_flags"]


def with_flags(
    command: Callable[..., None], *, only: Collection[str] | None = None
) -> Callable[..., None]:
    """A command whose parameter `options` is replaced by a flag for each option that has one.

    It gets a dict: option -> value, None where nothing was said.

    Args:
        command: takes `options: dict[str, Any]` among its parameters.
        only: names of the options that get a flag. Default None: all that have one.
    """
    hints = typing.get_type_hints(TrainOptions)
    own = inspect.signature(command)
    flags = [each for each in fields(TrainOptions) if each.metadata["flag"]]
    if only is not None:
        flags = [each for each in flags if each.name in only]

    def called(**given: Any) -> None:
        options = {each.name: given.pop(each.name) for each in flags}
        command(options=options, **given)

    parameters: list[inspect.Parameter] = []
    for parameter in own.parameters.values():
        if parameter.name == "options":
            parameters += [_flag(each, hints[each.name]) for each in flags]
        else:
            kind = inspect.Parameter.KEYWORD_ONLY
            parameters.append(parameter.replace(kind=kind))
    called.__name__, called.__doc__ = command.__name__, command.__doc__
    hinted = typing.get_type_hints(command, include_extras=True)
    called.__annotations__ = {
        parameter.name: hinted.get(parameter.name, parameter.annotation) for parameter in parameters
    }
    signature = inspect.Signature(
        [each.replace(annotation=called.__annotations__[each.name]) for each in parameters]
    )
    called.__signature__ = signature  # type: ignore[attr-defined]
    return called


def _flag(option: Any, hint: Any) -> inspect.Parameter:
    kinds = [kind for kind in typing.get_args(hint) or (hint,) if kind is not types.NoneType]
    is_switch = "/" in option.metadata["flag"]
    kind = bool if is_switch else str if str in kinds else kinds[0]
    words = typer.Option(option.metadata["flag"], help=option.metadata["help"], show_default=False)
    return inspect.Parameter(
        option.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[kind | None, words],
    )


def read_options(
    data: str | None,
    options: dict[str, Any],
    sets: list[str] | None,
    config: str | None,
    *,
    place: str = "train",
) -> Any:
    """The options of a command, from its words and the files; some data must be named."""
    said = read_said(data, options, sets, config)
    if not said.get("data"):
        fix = f"For example striate {place} photos/."
        _check.fail(place, "data", "name what is trained on", said.get("data"), fix)
    return TrainOptions(**said)


def read_said(
    data: str | None, options: dict[str, Any], sets: list[str] | None, config: str | None
) -> dict[str, Any]:
    """The options that the words of a command and the files set: option -> value."""
    said: dict[str, Any] = striate.tasks.settings_files.spoken(
        {**options, "data": data},
        config=config,
        sets=sets or (),
        environment=striate.settings.config_file(),
    )
    return said
