"""What is said of the receptive field of a layer, as JSON and as a line of a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from striate.cli.streams import columns

__all__ = ["field_facts", "field_lines"]

_SIZES = ("size_px", "stride_px", "start_px")


def field_facts(name: str, fields: Any) -> dict[str, Any]:
    """The facts of one layer; pairs are of height and width.

    Args:
        name: of the layer.
        fields: its two receptive fields.
    """
    facts: dict[str, Any] = {"layer": name}
    for key in _SIZES:
        values = [float(getattr(field, key)) for field in fields]
        facts[key] = [int(value) if value.is_integer() else value for value in values]
    return {**facts, "is_whole": any(field.is_whole for field in fields)}


def field_lines(rows: Iterable[dict[str, Any]]) -> list[str]:
    """The lines of the table; height and width stand once where they are the same."""
    head = ["layer", "size", "stride", "start"]
    return columns([head, *map(_cells, rows)], right=(1, 2, 3))


def _cells(facts: dict[str, Any]) -> list[str]:
    texts = [" × ".join(f"{value:g}" for value in dict.fromkeys(facts[key])) for key in _SIZES]
    return [facts["layer"], "all" if facts["is_whole"] else texts[0], *texts[1:]]
