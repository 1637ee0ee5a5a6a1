"""Options from files and words: striate.toml, a run's config.toml, --set key=value."""

from __future__ import annotations

import json
import os
import tomllib
import typing
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from striate import _check
from striate.io.regular_file import open_regular, read_at_most
from striate.tasks.options import TrainOptions, names_by_flag

__all__ = ["PROJECT_FILE", "layered", "options_of", "read_settings", "spoken"]

PROJECT_FILE = "striate.toml"
"""Read in the folder where a command is given, if it is there."""

_MOST_BYTES = 2**20
_TABLE = "train"
_KINDS = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}


def layered(
    command_line: Mapping[str, Any],
    *,
    config: str | os.PathLike[str] | None = None,
    sets: Iterable[str] = (),
    environment: str | os.PathLike[str] | None = None,
) -> TrainOptions:
    r"""The options of a command: what is said more closely wins.

    The command line and its --set come first, then the file that STRIATE_CONFIG names, then the
    file of --config, then ./striate.toml; what none of them says is left to the data.

    Args:
        command_line: option -> value; None where nothing was said.
        config: the file of --config.
        sets: texts key=value. A key is an option's name or its flag without the dashes.
        environment: the file that STRIATE_CONFIG names.

    Raises:
        ArgumentError: an unknown key, or a value that breaks its rule; the file is named.
        DataError: a file that cannot be read.

    Example:
        >>> _ = Path("striate.toml").write_text("[train]\nepochs = 9\nseed = 2\n")
        >>> options = layered({"epochs": None, "seed": 5}, sets=["lr=1e-3"])
        >>> options.epochs, options.seed, options.learning_rate
        (9, 5, 0.001)
        >>> Path("striate.toml").unlink()
    """
    return TrainOptions(**spoken(command_line, config=config, sets=sets, environment=environment))


def spoken(
    command_line: Mapping[str, Any],
    *,
    config: str | os.PathLike[str] | None = None,
    sets: Iterable[str] = (),
    environment: str | os.PathLike[str] | None = None,
) -> dict[str, Any]:
    """Those options that somebody has set, and no default; see `layered`.

    Args:
        command_line, config, sets, environment: as for `layered`.

    Raises:
        ArgumentError, DataError: as `layered`.

    Example:
        >>> spoken({"epochs": None, "seed": 5}, sets=["lr=1e-3"])
        {'learning_rate': 0.001, 'seed': 5}
    """
    values: dict[str, Any] = {}
    own = PROJECT_FILE if os.path.isfile(PROJECT_FILE) else None
    for path in (own, config, environment):
        if path is not None:
            values |= _typed(read_settings(path), f'Settings "{os.fspath(path)}"')
    values |= _typed(dict(map(_pair, sets)), "--set")
    said = {name: value for name, value in command_line.items() if value is not None}
    return values | _typed(said, "train")


def options_of(values: Mapping[str, Any], *, place: str = "train") -> TrainOptions:
    """Options from names and values of any kind that can be read as theirs.

    Raises:
        ArgumentError: an unknown name, with the nearest; a value of another kind.

    Example:
        >>> options_of({"epochs": "12", "ema": False}).epochs
        12
    """
    return TrainOptions(**_typed(values, place))


def read_settings(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The settings in a TOML, JSON or YAML file: at its top, or in its table train.

    Raises:
        DataError: no such file, no such form, or something else than names and values.

    Example:
        >>> _ = Path("mine.json").write_text('{"epochs": 3}')
        >>> read_settings("mine.json")
        {'epochs': 3}
    """
    place = f'Settings "{os.fspath(path)}"'
    suffix = Path(path).suffix.lower()
    with open_regular(place, os.fspath(path)) as file:
        data = read_at_most(file, _MOST_BYTES)
    try:
        if suffix in (".yaml", ".yml"):
            content = yaml.safe_load(data)
        else:
            content = json.loads(data) if suffix == ".json" else tomllib.loads(data.decode())
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        form = {".json": "JSON", ".yaml": "YAML", ".yml": "YAML"}.get(suffix, "TOML")
        got = " ".join(str(error).split())
        _check.data_fail(place, f"be {form}", got, "Mend it, or write a .toml file.")
    found = content.get(_TABLE, content) if isinstance(content, dict) else content
    if not isinstance(found, dict):
        _check.data_fail(place, "hold names and values", type(found).__name__, "Mend it.")
    odd = [key for key in found if not isinstance(key, str)]
    if odd:
        fix = "Put quotes around names such as on and 5, which YAML takes for values."
        _check.data_fail(place, "name its settings by words", f"{odd[0]!r}", fix)
    if Path(path).name == PROJECT_FILE and found is content:
        return {name: value for name, value in found.items() if not isinstance(value, dict)}
    return found


def _pair(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign:
        _check.fail("train", "--set", "be key=value", text, "For example --set dropout=0.2.")
    return key.strip(), value.strip()


def _typed(values: Mapping[str, Any], place: str) -> dict[str, Any]:
    """The values in the kinds of their options."""
    hints = typing.get_type_hints(TrainOptions)
    flags = {flag.split("/")[0].strip("-"): name for flag, name in names_by_flag().items()}
    found = {}
    for given, value in values.items():
        name = flags.get(given.replace("_", "-"), given)
        if name not in hints:
            near = ", ".join(_check.nearest(given, dict.fromkeys([*hints, *flags])))
            _check.fail(place, given, "be an option of the training", value, f"Nearest: {near}.")
        found[name] = _of_kind(value, hints[name], place, name)
    return found


def _of_kind(value: Any, hint: Any, place: str, name: str) -> Any:
    kinds = [kind for kind in typing.get_args(hint) or (hint,) if kind is not type(None)]
    words = " or ".join(_KINDS[kind] for kind in kinds)
    if value is None or (isinstance(value, bool) and bool not in kinds):
        _check.fail(place, name, f"be {words}", value)
    if isinstance(value, str) and str in kinds and len(kinds) > 1:
        kinds = [kind for kind in kinds if (kind is str) != _is_number(value)]
    for kind in kinds:
        if type(value) is kind:
            return value
    for kind in kinds:
        try:
            return TypeAdapter(kind).validate_python(value)
        except ValidationError:
            continue
    _check.fail(place, name, f"be {words}", value)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
