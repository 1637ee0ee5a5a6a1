"""Tables: CSV or JSON Lines with a file and its label, or labels, a row."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from striate import _check
from striate.data.formats.clue import Clue
from striate.data.formats.entries import entries, folders
from striate.data.formats.parts import in_order, part_in, part_of, quoted
from striate.data.formats.rows import (
    SUFFIXES,
    Columns,
    column_names,
    columns_of,
    read_column,
    read_rows,
)
from striate.data.formats.table_part import TablePart
from striate.data.index import PictureIndex

__all__ = ["column_of", "read_table", "table_clue"]


def table_clue(root: Path) -> Clue | None:
    """The clue that a folder, or each part in it, has a table of files and labels."""
    names = sorted(path.relative_to(root).as_posix() for path in _tables(root))
    if not names:
        return None
    uses = frozenset(name.split("/")[0] for name in names)
    return Clue(f"it holds {quoted(names)}, with files and labels", uses)


def read_table(root: Path) -> dict[str, PictureIndex]:
    r"""Reads a table, or the tables of a folder.

    A column file (or filename, file_name, filepath, path, image, …) names the pictures, from the
    table's folder on, or from images/ in it, or from a folder of the table's or the part's name:
    whichever holds them. A column label (or class, category, …) names the class. A column labels
    (or tags, classes, …) holds several, as a|b, a;b or ["a", "b"], or none. A column split names
    the part. Tables called train.csv, val.csv and test.csv are parts, and so are those that lie
    in train/, val/ and test/. Classes are those of the part train, in the order of their names,
    whole numbers first and by their value.

    Args:
        root: a table, or a folder.

    Raises:
        DataError: no such table, several that may be meant, no part train, another word for a
            part, classes that the part train has not, or a class without a picture.

    Example:
        >>> for name in "ab":
        ...     Path(f"{name}.png").touch()
        >>> _ = Path("labels.csv").write_text("file,label\na.png,cat\nb.png,dog\ngone.png,dog\n")
        >>> index = read_table(Path("labels.csv"))["train"]
        >>> index.counts, index.faults[0][1]
        ({'cat': 1, 'dog': 1}, 'no such file (labels.csv, line 4)')
    """
    if os.path.isfile(root):
        columns = {root: _columns(root)}
        root = root.parent
    else:
        columns = _tables(root)
    place = f'Table "{next(iter(columns))}"' if len(columns) == 1 else f'Folder "{root}"'
    if not columns:
        fix = "Name a column file and a column label, or labels for several a picture."
        got = "no such table"
        _check.data_fail(place, f"hold a table ({', '.join(SUFFIXES)}) of labels", got, fix)
    if len({each.many for each in columns.values()}) > 1:
        rule = "have tables of one kind: with one label a row, or with several"
        _check.data_fail(place, rule, "both", "Name one of them.")
    words: dict[str, int] = {}
    parts: dict[str, TablePart] = {}
    for path, own in _named(root, columns).items():
        for part, rows in _read(path, columns[path], own, words).items():
            if part in parts:
                got = f"{parts[part].table.name} and {path.name}"
                _check.data_fail(place, f"have one table of the part {part}", got, "Name one.")
            parts[part] = rows
    fix = "Name the parts train, val and test."
    return _indices(root, place, in_order(place, parts, fix), words)


def column_of(source: Path, name: str, index: PictureIndex) -> list[str] | None:
    r"""What a column of the table says of each picture; None where no table has such a column.

    Args:
        source: the table, or the folder with the tables, that the index was read from.
        name: of the column.
        index: of the pictures.

    Example:
        >>> Path("c.png").touch()
        >>> _ = Path("owners.csv").write_text("file,label,owner\nc.png,cat,Ann\n")
        >>> column_of(Path("owners.csv"), "owner", read_table(Path("owners.csv"))["train"])
        ['Ann']
    """
    tables = {source: _columns(source)} if os.path.isfile(source) else _tables(source)
    values: dict[str, str] = {}
    for path, columns in tables.items():
        if name in column_names(path):
            values = {**read_column(path, columns, name), **values}
    if not values:
        return None
    names = [index.paths.name(number).split("/") for number in range(len(index))]
    for left_out in range(max(map(len, names), default=0)):  # the folder that the names begin at
        inside = ["/".join(parts[left_out:]) for parts in names]
        if all(name in values for name in inside):
            return [values[name] for name in inside]
    return None


def _tables(root: Path) -> dict[Path, Columns]:
    """The tables of labels in a folder, or in the folders of its parts, with their columns."""
    found = _tables_in(root)
    if not found:
        for entry in folders(root):
            if part_of(entry.name):
                found |= _tables_in(root / entry.name)
    return found


def _tables_in(folder: Path) -> dict[Path, Columns]:
    found = {}
    for entry in entries(folder):
        path = folder / entry.name
        if path.suffix.lower() in SUFFIXES and entry.name[0] != "." and os.path.isfile(path):
            columns = columns_of(path)
            if columns is not None:
                found[path] = columns
    return found


def _columns(path: Path) -> Columns:
    columns = columns_of(path)
    if columns is None:
        rule = "begin with the names of its columns, among them file and label (or labels)"
        fix = "Name them in the first line, or in each object of JSON Lines."
        _check.data_fail(f'Table "{path}"', rule, "others, or no row", fix)
    return columns


def _named(root: Path, columns: dict[Path, Columns]) -> dict[Path, str]:
    """The part that each table is, by its folder or name; "" for one that may hold them all."""
    if len(columns) == 1:
        return {
            path: part_of(path.parent.name) or "" if path.parent != root else "" for path in columns
        }
    named = {
        path: (part_of(path.parent.name) if path.parent != root else part_in(path.name)) or ""
        for path in columns
    }
    other = [path.name for path, part in named.items() if not part]
    if other:
        got = quoted(path.name for path in columns)
        fix = f'Name one of them, as "{root / other[0]}".'
        _check.data_fail(f'Folder "{root}"', "have one table, or one a part", got, fix)
    return named


def _read(path: Path, columns: Columns, own: str, words: dict[str, int]) -> dict[str, TablePart]:
    """The rows of a table, part by part."""
    parts: dict[str, TablePart] = {}
    for row in read_rows(path, columns):
        part = part_of(row.split) if columns.split else own or "train"
        if part is None:
            rule = f'name train, val or test in column "{columns.split}"'
            got = f'"{row.split}", line {row.line}'
            _check.data_fail(f'Table "{path}"', rule, got, "Mend that line.")
        if part not in parts:
            parts[part] = TablePart(path, columns.many)
        parts[part].add(row, words)
    return parts


def _indices(
    root: Path, place: str, parts: dict[str, TablePart], words: dict[str, int]
) -> dict[str, PictureIndex]:
    known = list(words)
    names = sorted({known[code] for code in np.unique(parts["train"].codes)}, key=_by_value)
    numbers = np.full(len(words), -1, np.int64)
    for number, name in enumerate(names):
        numbers[words[name]] = number
    found = {}
    for part, rows in parts.items():
        strange = np.unique(rows.codes[numbers[rows.codes] < 0])
        if len(strange):
            got = f"{quoted(known[code] for code in strange)} in the part {part}"
            fix = "Give the part train pictures of them."
            _check.data_fail(place, "have classes that the part train has", got, fix)
        folder = rows.table.parent
        below = [folder / "images", folder / rows.table.stem, folder / part]
        candidates = [folder, *below, folder / "images" / part]
        found[part] = rows.index(root, candidates, tuple(names), numbers)
    empty = [name for name, count in found["train"].counts.items() if not count]
    if empty:
        got, fix = f"none of {quoted(empty)}", "Add pictures, or take those rows out."
        _check.data_fail(place, "have a picture of each class", got, fix)
    return found


def _by_value(name: str) -> tuple[bool, int, str]:
    whole = name.isascii() and name.isdigit() and len(name) < 19
    return (not whole, int(name) if whole else 0, name)
