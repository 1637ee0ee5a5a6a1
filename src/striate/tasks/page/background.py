"""What a run stands on: its data, its settings, its machine."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from striate.io.markup import Child, Html, element
from striate.io.page import table
from striate.io.thumbnail import data_uri
from striate.tasks.run.base_sentence import base_sentence
from striate.tasks.run.facts import RunFacts

__all__ = ["data_part", "environment_part", "settings_part"]

_MOST_CLASSES = 100
_LARGEST_SHEET_BYTES = 2**21


def data_part(facts: RunFacts, sheet: bytes | None) -> list[Child]:
    """Sentences, the pictures of each class and part, and a batch as the net saw it.

    Args:
        facts: of the run.
        sheet: a PNG of the first batch; None where there is none. One of more than 2 MiB is
            left out.
    """
    parts: list[Child] = [element("p", note) for note in facts.notes]
    if facts.data_hash:
        text = f"SHA-256 of the data: {facts.data_hash}"
        parts.append(element("p", text, class_="muted"))
    if facts.counts:
        parts.append(_count_table(facts))
    if sheet is not None and len(sheet) <= _LARGEST_SHEET_BYTES:
        address = data_uri(sheet, "image/png")
        image = element("img", src=address, class_="sheet", alt="the first training batch")
        parts += [element("h3", "What the net saw first"), image]
    return parts


def settings_part(facts: RunFacts) -> list[Child]:
    """With which weights the net began, and config.toml."""
    began: list[Child] = [element("p", base_sentence(facts.base))] if facts.base else []
    return [*began, element("pre", facts.config or "none")]


def environment_part(environment: Mapping[str, Any]) -> Html:
    """Versions and machine; a record in it has rows of its own, a list is a command's words."""
    rows: list[list[Child]] = []
    for name, value in environment.items():
        inner = value if isinstance(value, Mapping) else {"": value}
        for key, content in inner.items():
            if content is not None:
                words = shlex.join(content) if isinstance(content, list) else str(content)
                rows.append([f"{name} {key}".rstrip(), words])
    return table(["what", "value"], rows)


def _count_table(facts: RunFacts) -> Html:
    most = max((max(counts, default=0) for counts in facts.counts.values()), default=0) or 1
    first = next(iter(facts.counts.values()))
    rows: list[list[Child]] = []
    for number, name in enumerate(facts.class_names[:_MOST_CLASSES]):
        row: list[Child] = [name]
        row += [f"{counts[number]:,}" for counts in facts.counts.values()]
        width = f"width:{100 * first[number] / most:.1f}%"
        rows.append([*row, element("span", class_="bar", style=width)])
    left = len(facts.class_names) - _MOST_CLASSES
    if left > 0:
        rows.append([f"and {left:,} more", *[""] * (len(facts.counts) + 1)])
    total = [f"{sum(counts):,}" for counts in facts.counts.values()]
    rows.append([element("b", "all"), *(element("b", text) for text in total), ""])
    head = ["class", *facts.counts, ""]
    return table(head, rows, numbers=range(1, len(head) - 1), bar=True)
