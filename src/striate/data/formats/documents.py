"""Text, JSON, YAML and XML that describe data: read with limits, refused in one kind of error."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn
from xml.etree.ElementTree import Element, ParseError

import yaml
from defusedxml import ElementTree

from striate import _check
from striate.errors import ArgumentError
from striate.io.regular_file import read_at_most

__all__ = ["is_number", "read_json", "read_lines", "read_text", "read_xml", "read_yaml"]

_TEXT_BYTES, _XML_BYTES, _YAML_BYTES, _JSON_BYTES = 1 << 28, 1 << 24, 1 << 22, 1 << 32


def read_text(path: str | os.PathLike[str], max_bytes: int = _TEXT_BYTES) -> str:
    """The text of a file, which is UTF-8; a byte order mark is left out.

    Raises:
        DataError: no regular file, more than max_bytes, or other bytes than UTF-8.
    """
    try:
        return _bytes(path, max_bytes).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        got = f"byte {error.object[error.start]:#04x} at {error.start}"
        _check.data_fail(f'File "{path}"', "be text in UTF-8", got, "Save it as UTF-8.")


def read_lines(path: str | os.PathLike[str]) -> Iterator[str]:
    """The lines of a text file in UTF-8, with their ends, one after the other.

    Raises:
        DataError: no regular file, one that may not be read, or other bytes than UTF-8.
    """
    _check_regular(path)
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            yield from file
    except UnicodeDecodeError as error:
        got = f"byte {error.object[error.start]:#04x}"
        _check.data_fail(f'File "{path}"', "be text in UTF-8", got, "Save it as UTF-8.")
    except OSError as error:
        _fail_to_read(path, error)


def read_json(path: str | os.PathLike[str]) -> Any:
    """What a JSON file holds.

    Raises:
        DataError: it cannot be read, or is no JSON.
    """
    data = _bytes(path, _JSON_BYTES)
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        _fail(path, "hold JSON", error)


def read_yaml(path: str | os.PathLike[str]) -> Any:
    """What a YAML file holds: lists, dicts and words. No word becomes a number, a date or a truth.

    So a class may be called no, 1e3 or 007. A key that stands twice is refused: one of the two
    would be lost.

    Raises:
        DataError: it cannot be read, or is no YAML.
    """
    text = read_text(path, _YAML_BYTES)
    try:
        return yaml.load(text, _Words)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        _fail(path, "hold YAML", error)


def read_xml(path: str | os.PathLike[str]) -> Element:
    """The outermost element of an XML file. Entities and document types are refused.

    Raises:
        DataError: it cannot be read, is no XML, or defines entities.
    """
    data = _bytes(path, _XML_BYTES)
    try:
        element: Element = ElementTree.fromstring(data, forbid_dtd=True)
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        _fail(path, "hold plain XML", error)
    return element


def is_number(value: Any) -> bool:
    """Whether a value of JSON is a number that can be computed with: no NaN, no infinity."""
    return type(value) in (int, float) and -1e300 < value < 1e300


class _Words(yaml.BaseLoader):
    """Lists, dicts and words, no key twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if key.value in seen if isinstance(key, yaml.ScalarNode) else False:
                line = key.start_mark.line + 1
                raise ArgumentError(f'the key "{key.value}" stands there twice, line {line}')
            seen.add(key.value if isinstance(key, yaml.ScalarNode) else id(key))
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        return found


def _bytes(path: str | os.PathLike[str], max_bytes: int) -> bytes:
    _check_regular(path)
    try:
        with open(path, "rb") as file:
            data = read_at_most(file, max_bytes + 1)
    except OSError as error:
        _fail_to_read(path, error)
    if len(data) > max_bytes:
        place, size = f'File "{path}"', f"{Path(path).stat().st_size:,}"
        _check.data_fail(place, f"have at most {max_bytes:,} bytes", size, "Is it the right file?")
    return data


def _check_regular(path: str | os.PathLike[str]) -> None:
    if not os.path.isfile(path):  # a pipe would block
        got = "a folder, pipe or device" if os.path.exists(path) else "no such file"
        _check.data_fail(f'File "{path}"', "be a regular file", got, "Check the path.")


def _fail_to_read(path: str | os.PathLike[str], error: OSError) -> NoReturn:
    got = error.strerror or str(error)
    _check.data_fail(f'File "{path}"', "be readable", got, "Check its rights.")


def _fail(path: str | os.PathLike[str], rule: str, error: Exception) -> NoReturn:
    text = " ".join(str(error).split())[:200]
    got = f"{type(error).__name__}: {text}" if text else type(error).__name__
    _check.data_fail(f'File "{path}"', rule, got, "Mend or replace it.")
