"""A text file that grows line by line, and goes back to what it was when a run goes on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ... import _check

__all__ = ["LogFile"]


class LogFile:
    r"""Lines of a log; each is on the disk when `add` returns.

    A killed run may have written lines after its last checkpoint. The run that goes on writes
    them again, so the file is first cut back to what it held then.

    Args:
        path: of the file.

    Raises:
        DataError: the disk refuses, or the folder is gone.

    Example:
        >>> log = LogFile(Path("log.txt"))
        >>> log.begin()
        >>> log.add("one")
        >>> saved = log.text
        >>> log.add("two")
        >>> log.go_back(saved)
        >>> Path("log.txt").read_text()
        'one\n'
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = ""

    def begin(self, *, keep: bool = False) -> None:
        """Makes the file and its folder; what stands there is kept, or thrown away."""
        self.text = ""
        with self._refusals():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if keep and self.path.exists():
                self.text = self.path.read_bytes().decode("utf-8", "surrogateescape")
            else:
                self.path.write_bytes(b"")

    def add(self, line: str) -> None:
        """Adds a line; it may end with its line end."""
        line = line if line.endswith("\n") else f"{line}\n"
        with self._refusals(), self.path.open("ab") as file:
            file.write(line.encode("utf-8", "surrogateescape"))
            file.flush()
            os.fsync(file.fileno())
        self.text += line

    def go_back(self, text: str) -> None:
        """Brings the file to an earlier text: cut off where it went on from there, else anew."""
        content = text.encode("utf-8", "surrogateescape")
        with self._refusals():
            there = self.path.read_bytes() if self.path.exists() else b""
            if there.startswith(content) and there:
                os.truncate(self.path, len(content))
            else:
                beside = self.path.with_name(f".{self.path.name}.new")
                beside.write_bytes(content)
                os.replace(beside, self.path)
        self.text = text

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = error.strerror or str(error)
            fix = "Free the disk, or put the folder back."
            _check.data_fail(f'File "{self.path}"', "take the lines of a run", reason, fix)
