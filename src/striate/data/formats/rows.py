"""The rows of a table of pictures: CSV with a line of column names, or JSON Lines."""

from __future__ import annotations

import csv
import itertools
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from striate import _check
from striate.data.formats.documents import read_lines
from striate.io.one_line import is_one_line

__all__ = ["SUFFIXES", "Columns", "Row", "column_names", "columns_of", "read_column", "read_rows"]

SUFFIXES = (".csv", ".tsv", ".jsonl")
"""What the name of a table ends with."""

_FILE = (
    "file filename file_name filepath file_path path picture image image_name image_path".split()
)
_LABEL = "label class class_name category target".split()
_LABELS = "labels classes tags categories".split()
_SPLIT = "split part subset".split()


@dataclass(frozen=True)
class Columns:
    """The columns of a table that say what a picture is.

    Args:
        file: name of the column of files.
        label: name of the column of labels.
        many: whether a picture may have several labels, or none.
        split: name of the column of parts, if there is one.
    """

    file: str
    label: str
    many: bool
    split: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table.

    Args:
        line: its number in the file, from 1.
        file: what stands there as the file's name.
        labels: the labels, each once.
        split: what stands there as the part; "" without such a column.
        fault: why the row cannot be used; empty if it can.
    """

    line: int
    file: str
    labels: tuple[str, ...]
    split: str = ""
    fault: str = ""


def columns_of(path: Path) -> Columns | None:
    """The columns of a table, by their names; None where a column of files or labels lacks.

    Raises:
        DataError: the file cannot be read, or several of its columns may be the files or labels.
    """
    first = next(_records(path), None)
    return None if first is None else _columns(path, first[1])


def column_names(path: Path) -> tuple[str, ...]:
    """The names of all columns of a table; () where it has no row.

    Raises:
        DataError: the file cannot be read.
    """
    first = next(_records(path), None)
    return () if first is None else tuple(str(key) for key in first[1] if key is not None)


def read_column(path: Path, columns: Columns, name: str) -> dict[str, str]:
    """What stands in one column, by the file's name; the first row counts where there are two.

    Raises:
        DataError: the file cannot be read, or is no CSV or JSON Lines.
    """
    found: dict[str, str] = {}
    for _, record in _records(path):
        file, value = record.get(columns.file), record.get(name)
        if isinstance(file, str):
            found.setdefault(file.strip(), "" if value is None else str(value).strip())
    return found


def read_rows(path: Path, columns: Columns) -> Iterator[Row]:
    """The rows of a table. Empty lines are left out.

    Several labels stand in one field as a|b, a;b or ["a", "b"].

    Raises:
        DataError: the file cannot be read, or is no CSV or JSON Lines.
    """
    for line, record in _records(path):
        file, value = record.get(columns.file), record.get(columns.label)
        split = record.get(columns.split, "") if columns.split else ""
        fault, labels = "", tuple[str, ...]()
        if None in record:
            fault = "more fields than columns"
        elif not isinstance(file, str) or not file.strip() or "\0" in file:
            fault = f'no file in column "{columns.file}"'
        else:
            found = _labels(value, columns.many)
            if found is None:
                fault = f'no label in column "{columns.label}"'
            elif not all(map(is_one_line, found)):
                fault = f'no label of one line of text in column "{columns.label}"'
            else:
                labels = found
        name = file.strip() if isinstance(file, str) else ""
        yield Row(line, name, labels, str(split or "").strip(), fault)


def _labels(value: Any, many: bool) -> tuple[str, ...] | None:
    """The labels of a field; None where it holds none and must, or something else."""
    if many and isinstance(value, str):
        value = _listed(value)
    values: Sequence[Any] = value if many and isinstance(value, list) else [value]
    if many and value is None:
        values = []
    words = [_word(each) for each in values]
    if None in words or (not many and not words[0]):
        return None
    return tuple(dict.fromkeys(word for word in words if word))


def _word(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip()


def _listed(text: str) -> Any:
    if text.lstrip().startswith("["):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return [None]
    return re.split(r"[|;]", text)


def _columns(path: Path, record: dict[Any, Any]) -> Columns | None:
    lower = {str(key).strip().lower(): key for key in record if key is not None}
    found = [
        [lower[word] for word in words if word in lower]
        for words in (_FILE, _LABEL + _LABELS, _SPLIT)
    ]
    if not found[0] or not found[1]:
        return None
    for keys, what in zip(found, ("files", "labels", "parts"), strict=True):
        if len(keys) > 1:
            got = ", ".join(f'"{key}"' for key in keys)
            fix = "Rename those that are not."
            _check.data_fail(f'Table "{path}"', f"have one column of {what}", got, fix)
    label = found[1][0]
    many = label.strip().lower() in _LABELS or isinstance(record[label], list)
    return Columns(found[0][0], label, many, found[2][0] if found[2] else None)


def _records(path: Path) -> Iterator[tuple[int, dict[Any, Any]]]:
    return _json_lines(path) if path.suffix.lower() == ".jsonl" else _csv(path)


def _json_lines(path: Path) -> Iterator[tuple[int, dict[Any, Any]]]:
    for line, row in enumerate(read_lines(path), 1):
        if not row.strip():
            continue
        try:
            record = json.loads(row)
        except (ValueError, RecursionError) as error:
            _fail(path, line, "hold one JSON object a line", f"{type(error).__name__}: {error}")
        if not isinstance(record, dict):
            _fail(path, line, "hold one JSON object a line", type(record).__name__)
        yield line, record


def _csv(path: Path) -> Iterator[tuple[int, dict[Any, Any]]]:
    lines = read_lines(path)
    head = next(lines, "")
    delimiter = max(",\t;", key=head.count)
    reader = csv.reader(itertools.chain([head], lines), delimiter=delimiter, strict=True)
    names: list[str] | None = None
    try:
        for fields in reader:
            if not any(field.strip() for field in fields):
                continue
            if names is None:
                names = _names(path, fields)
                continue
            record: dict[Any, Any] = {
                **dict.fromkeys(names),
                **dict(zip(names, fields, strict=False)),
            }
            if len(fields) > len(names):
                record[None] = fields[len(names) :]
            yield reader.line_num, record
    except csv.Error as error:
        _fail(path, reader.line_num, "be CSV", error)


def _names(path: Path, fields: list[str]) -> list[str]:
    names = [field.strip() for field in fields]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        _fail(path, 1, "name each column once", f'"{repeated[0]}" twice')
    return names


def _fail(path: str | os.PathLike[str], line: int, rule: str, got: object) -> NoReturn:
    _check.data_fail(f'Table "{path}"', rule, f"{got}, line {line}", "Mend that line.")
