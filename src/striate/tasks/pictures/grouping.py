"""Which pictures belong together, by --group-by: folders, a column of the table, or names."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from striate import _check
from striate.data import PictureIndex
from striate.data.formats.table import column_of

__all__ = ["group_keys"]


def group_keys(index: PictureIndex, names: Sequence[str], by: str, *, source: Path) -> list[str]:
    """The group of each picture.

    "parent" is the folder that a picture lies in. Where the data is a table that has a column of
    that name, its values are the groups. Anything else is a regular expression that is searched
    in the path of each picture below the data's folder, such as cat/p1_3.jpg; its first group, or
    else all that it finds, is the key.

    Args:
        index: of the pictures.
        names: of the pictures, below the data's folder.
        by: the rule.
        source: the table or folder that the data was read from.

    Raises:
        ArgumentError: a wrong expression, or a name in which it finds nothing; a picture without
            a value in the column.
    """
    if by == "parent":
        return [os.path.dirname(name) for name in names]
    if index.format == "table":
        values = column_of(source, by, index)
        if values is not None:
            for name, value in zip(names, values, strict=True):
                if not value:
                    rule = "name a column that is filled in for every picture"
                    _check.fail("train", "group_by", rule, by, f'It is empty for "{name}".')
            return values
    try:
        pattern = re.compile(by)
    except re.error as error:
        rule = "be parent, a column of the table, or a regular expression"
        _check.fail("train", "group_by", rule, by, f"As an expression: {error}.")
    return [_found(pattern, name) for name in names]


def _found(pattern: re.Pattern[str], name: str) -> str:
    match = pattern.search(name)
    if match is None:
        fix = f'It finds nothing in "{name}".'
        rule = "be parent, a column of the table, or an expression that is found in every path"
        _check.fail("train", "group_by", rule, pattern.pattern, fix)
    return match[1] or "" if pattern.groups else match[0]
