"""Predictions on standard output as they come: a table, CSV or one JSON document."""

from __future__ import annotations

import csv
import dataclasses
import sys
from collections.abc import Mapping
from typing import Any, Protocol

from striate.cli.streams import as_json, columns, printable

__all__ = ["CsvWriter", "JsonWriter", "TableWriter", "Writer", "open_writer"]

_ROWS_AT_ONCE = 64


class Writer(Protocol):
    """Writes predictions one by one."""

    def add(self, prediction: Any) -> None:
        """Takes the next prediction, of a file that could be read or not."""
        ...

    def flush(self) -> None:
        """Writes what waits; called when the command is broken off."""
        ...

    def end(self, failed: int) -> None:
        """Ends the output, after the last prediction."""
        ...


class TableWriter:
    """Aligned columns. Widths are those of the first 64 rows; a longer cell moves its row.

    Args:
        several: whether several classes, or none, may be on a picture.
    """

    def __init__(self, *, several: bool) -> None:
        self._several = several
        self._rows: list[list[str]] = []
        self._widths: list[int] = []

    def add(self, prediction: Any) -> None:
        """Keeps the row until 64 are together; those of broken files are left out."""
        if prediction.error is not None:
            return
        if not self._rows and not self._widths:
            self._rows.append(self._head(len(prediction.top)))
        self._rows.append(self._row(prediction))
        if len(self._rows) >= _ROWS_AT_ONCE:
            self.flush()

    def end(self, failed: int) -> None:
        """Prints the rows that wait."""
        self.flush()

    def flush(self) -> None:
        """Prints the rows that wait."""
        if not self._rows:
            return
        right = () if self._several else (2,)
        lines = columns(self._rows, right=right, at_least=self._widths)
        widths = [max(map(len, column)) for column in zip(*self._rows, strict=True)]
        self._widths = list(map(max, widths, self._widths or widths))
        self._rows = []
        print("\n".join(lines), flush=True)

    def _head(self, top: int) -> list[str]:
        middle = ["classes"] if self._several else ["class", "probability"]
        return ["file", *middle, f"top {top}"]

    def _row(self, prediction: Any) -> list[str]:
        top = ", ".join(f"{name} {share:.3f}" for name, share in prediction.top)
        if self._several:
            middle = [", ".join(name for name, _ in prediction.labels) or "-"]
        else:
            middle = [prediction.label, f"{prediction.probability:.4f}"]
        return [printable(cell) for cell in (prediction.file, *middle, top)]


class CsvWriter:
    """Comma-separated values, a file a row; file names come out byte for byte.

    One class a picture: file, class, probability, and so on for the next ones. Several: file,
    labels and their probabilities, each joined by |.

    Args:
        several: whether several classes, or none, may be on a picture.
    """

    def __init__(self, *, several: bool) -> None:
        self._several = several
        sys.stdout.reconfigure(errors="surrogateescape")  # type: ignore[union-attr]
        self._writer = csv.writer(sys.stdout, lineterminator="\n")
        self._began = False

    def add(self, prediction: Any) -> None:
        """Writes the row of a file that could be read."""
        if prediction.error is not None:
            return
        if not self._began:
            self._began = True
            self._writer.writerow(self._head(len(prediction.top)))
        if self._several:
            names, shares = zip(*prediction.labels, strict=True) if prediction.labels else ((), ())
            row = ["|".join(names), "|".join(f"{share:.4f}" for share in shares)]
        else:
            row = [cell for name, share in prediction.top for cell in (name, f"{share:.4f}")]
        self._writer.writerow([prediction.file, *row])
        sys.stdout.flush()

    def flush(self) -> None:
        """Nothing waits."""

    def end(self, failed: int) -> None:
        """Nothing follows."""

    def _head(self, top: int) -> list[str]:
        if self._several:
            return ["file", "labels", "probabilities"]
        more = [cell for n in range(2, top + 1) for cell in (f"class_{n}", f"probability_{n}")]
        return ["file", "class", "probability", *more]


class JsonWriter:
    """One JSON document: facts, then every prediction, then how many there were and failed.

    Nothing is printed before the first prediction: where there is none, there is an error instead.

    Args:
        facts: what stands at its beginning.
    """

    def __init__(self, facts: Mapping[str, Any]) -> None:
        begin = as_json(dict(facts)).rstrip().removesuffix("}").rstrip()
        self._begin = f'{begin},\n "predictions": ['
        self._count = 0

    def add(self, prediction: Any) -> None:
        """Writes the prediction, or why there is none."""
        entry = as_json(dataclasses.asdict(prediction), indent=None)
        print("," if self._count else self._begin, f"\n  {entry}", sep="", end="", flush=True)
        self._count += 1

    def flush(self) -> None:
        """Leaves the document open: a reader shall see that it is not whole."""

    def end(self, failed: int) -> None:
        """Closes the document."""
        begin = "" if self._count else self._begin
        print(f'{begin}\n ],\n "files": {self._count},\n "failed": {failed}\n}}')


def open_writer(classifier: Any, run: str, *, json: bool, as_csv: bool, tta: bool) -> Writer:
    """The writer that the options of a command ask for.

    Args:
        classifier: whose predictions are written.
        run: as the user named it.
        json, as_csv: one document, comma-separated values, or without both a table.
        tta: whether several views were asked for.
    """
    if json:
        facts = {"run": run, "classes": classifier.class_names, "several": classifier.several}
        return JsonWriter({**facts, "temperature": classifier.temperature, "tta": tta})
    writer = CsvWriter if as_csv else TableWriter
    return writer(several=classifier.several)
