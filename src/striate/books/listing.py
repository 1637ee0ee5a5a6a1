"""A listing: one runnable file of a text's code."""

from __future__ import annotations

import ast
import contextlib
import io
import runpy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

__all__ = ["Finished", "Listing"]

_FOLDER = Path(__file__).with_name("listings")


@dataclass(frozen=True)
class Finished:
    """What a listing left behind.

    Args:
        names: its variables.
        printed: what it wrote to standard output.
    """

    names: dict[str, Any]
    printed: str


@dataclass(frozen=True)
class Listing:
    """A text's code as a file of this package; its first lines say where it comes from.

    Args:
        name: of the file without .py: the number of the text, its number there, what it shows.
        replacements: the calls of TensorFlow, as in REPLACEMENTS, that it makes under our names.
        trains: whether it takes minutes.
    """

    name: str
    replacements: tuple[str, ...] = ()
    trains: bool = False

    @property
    def path(self) -> Path:
        """The file."""
        return _FOLDER / f"{self.name}.py"

    @property
    def code(self) -> str:
        """The text of the file."""
        return self.path.read_text(encoding="utf-8")

    @property
    def title(self) -> str:
        """What it shows, in one sentence."""
        return self._header[0].rstrip(".")

    @property
    def book(self) -> str:
        """Author, book, edition and chapter."""
        lines = (line for line in self._header if line.startswith("Book: "))
        return next(lines).removeprefix("Book: ").rstrip(".")

    @property
    def _header(self) -> list[str]:
        return (ast.get_docstring(ast.parse(self.code)) or "").splitlines()

    def run(self) -> Finished:
        """Runs the file with names of its own, and from the same random numbers every time.

        What it prints is kept, not shown. The caller's random numbers stay as they are.
        """
        printed = io.StringIO()
        with torch.random.fork_rng(devices=()), contextlib.redirect_stdout(printed):
            torch.manual_seed(0)
            names = runpy.run_path(str(self.path))
        return Finished(names, printed.getvalue())
