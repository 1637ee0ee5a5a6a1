"""model_of_file: a model that a Python file of the user's makes."""

from __future__ import annotations

import os
import runpy
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import torch

from striate import _check
from striate.models import Model, Sequential

__all__ = ["model_of_file"]

T = TypeVar("T")

_FIX = "For example nets.py:make_net, where make_net() gives a Model or Sequential."


def model_of_file(path: str | os.PathLike[str], name: str, *, place: str = "plan") -> Any:
    """Runs a file, and gives the model that stands there under a name.

    The name is that of a model, or of a function or class that makes one when it is called without
    arguments. Weights that are made in the call are made without numbers, where it bears that.

    Args:
        path: of the file, whose folder it may import from.
        name: in the file.
        place: begins the messages.

    Raises:
        ArgumentError: no such name in the file, or no model behind it; one without input shape.
        WeightsError: no such file, or one that ends in an error; its line is named.

    Example:
        >>> text = "from striate.tasks.convnet import convnet; net = convnet((8, 8, 1), 2)"
        >>> with open("nets.py", "w") as file:
        ...     _ = file.write(text)
        >>> model_of_file("nets.py", "net").name
        'convnet'
    """
    where = f'File "{os.fspath(path)}"'
    if not os.path.isfile(path):
        _check.weights_fail(where, "be a Python file", "no such file", "Check the path.")
    with _importing_from(os.path.dirname(os.path.abspath(path))):
        held = _tried(where, lambda: runpy.run_path(os.fspath(path)), path)
        if name not in held:
            names = [each for each in held if not each.startswith("_")]
            near = ", ".join(_check.nearest(name, names))
            _check.fail(place, "model", f"name what is in {path}", name, f"Nearest: {near}.")
        found = held[name]
        if callable(found) and not isinstance(found, torch.nn.Module):
            found = _made(where, found, path)
    if not isinstance(found, Model | Sequential):
        got = type(found).__name__
        _check.fail(place, "model", f"be a model of striate, or make one, in {path}", got, _FIX)
    if not found.built:
        rule = "know its input shape"
        fix = "Begin it with Input((h, w, c)), or call it once in the function."
        _check.fail(place, "model", rule, f"{path}:{name}", fix)
    return found


def _made(where: str, make: Callable[[], Any], path: str | os.PathLike[str]) -> Any:
    """What a function gives: without numbers, or with them where it needs them."""
    try:
        with torch.device("meta"):
            return make()
    except (Exception, SystemExit):
        return _tried(where, make, path)


def _tried(where: str, call: Callable[[], T], path: str | os.PathLike[str]) -> T:
    try:
        return call()
    except (Exception, SystemExit) as error:
        lines = [
            frame.lineno
            for frame in traceback.extract_tb(error.__traceback__)
            if os.path.abspath(frame.filename) == os.path.abspath(path)
        ]
        line = f" in line {lines[-1]}" if lines else ""
        got = f"{type(error).__name__}: {error}".rstrip(".")
        _check.weights_fail(where, "run to its end", f"{got}{line}", "Mend the file.")


@contextmanager
def _importing_from(folder: str) -> Iterator[None]:
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        sys.path.remove(folder)
