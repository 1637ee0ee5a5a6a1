"""A plan as a page in one file, with a bar for each layer."""

from __future__ import annotations

import os
from collections.abc import Sequence

from striate.io.markup import Child, Html, element
from striate.io.new_file import new_file
from striate.io.page import page, section, table

from .plan import Plan
from .report import CALCULATED, NOT_CALCULATED, Report
from .row import Row
from .table import compare, size_text
from .time_section import time_section

__all__ = ["report_page", "write_page"]

_HEAD = ("layer", "kind", "output", "parameters", "multiply-adds", "made", "kept", "sees")
_LARGEST_WHOLE = 10**7


def report_page(report: Report) -> str:
    """The whole text of the page.

    Args:
        report: of a plan.
    """
    plan = report.plan
    parts = [
        section("What holds the peak", *_peaks(plan), anchor="peak"),
        *time_section(plan, report.samples),
        section("Memory by layer", *_layer_bars(plan), anchor="bars"),
        section("Layers", *_layers(plan.rows), anchor="layers"),
    ]
    if report.remedies:
        parts.insert(1, section("What would save memory", _remedies(report), anchor="remedies"))
    if report.against is not None:
        text = "\n".join(compare(plan, report.against))
        beside = element("pre", text)
        parts.insert(0, section("Beside another", beside, anchor="against"))
    return page(
        f"Plan of {plan.net}",
        element("h1", f"Plan of {plan.net}"),
        element("p", _what(report), class_="muted"),
        _tiles(report),
        element("p", CALCULATED, " ", NOT_CALCULATED, class_="note"),
        parts,
    )


def write_page(report: Report, path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
    """Writes the page to a file, whole or not at all.

    Args:
        report: of a plan.
        path: of the file.
        overwrite: whether a file that stands there may be replaced. Default False.

    Raises:
        WeightsError: something stands there that may not be replaced; the disk refuses.
    """
    with new_file(path, overwrite=overwrite) as place:
        place.write_text(report_page(report), encoding="utf-8")


def _what(report: Report) -> str:
    plan, memory = report.plan, report.memory
    words = [f"batch {plan.batch}", plan.precision, plan.optimizer, f"input {plan.input_shape}"]
    if memory is not None:
        words.append(f"memory {size_text(memory.bytes)} ({memory.source})")
    return ", ".join(word for word in words if word)


def _tiles(report: Report) -> Html:
    plan = report.plan
    facts = [
        ("parameters", _count(plan.parameters)),
        ("multiply-adds a sample", _count(plan.multiply_adds)),
    ]
    facts += [
        (f"peak to {mode}", size_text(plan.peak(mode).total_bytes)) for mode in plan.timelines
    ]
    if report.memory is not None:
        for mode, count in report.largest_batches().items():
            facts.append((f"largest batch to {mode}", f"{count:,}"))
    tiles = [element("div", element("b", v), element("span", k), class_="tile") for k, v in facts]
    return element("div", tiles, class_="tiles small")


def _count(number: int | None) -> str:
    """A number that fits into a tile."""
    if number is None:
        return "not known"
    if number < _LARGEST_WHOLE:
        return f"{number:,}"
    return f"{number / 10**6:,.{1 if number < 10**9 else 0}f} M"


def _peaks(plan: Plan) -> list[Child]:
    found: list[Child] = []
    for mode in plan.timelines:
        peak = plan.peak(mode)
        where = f" of {peak.layer}" if peak.layer else ""
        text = f"To {mode}: {size_text(peak.total_bytes)}, in phase “{peak.phase}”{where}"
        found.append(element("h3", text))
        found.append(_bars("kind", list(peak.by_kind.items())))
    return found


def _remedies(report: Report) -> Html:
    plan = report.plan
    sizes = [each.peak_bytes for each in report.remedies or ()]
    most = max([plan.peak_bytes, *sizes])
    rows: list[list[Child]] = [
        ["none", "as planned", size_text(plan.peak_bytes), "", _bar(plan.peak_bytes, most)]
    ]
    for each in report.remedies or ():
        peak, saved = size_text(each.peak_bytes), size_text(each.saved_bytes)
        rows.append([each.name, each.how, peak, saved, _bar(each.peak_bytes, most)])
    head = ["remedy", "how", "peak", "saves", ""]
    return table(head, rows, numbers=(2, 3), bar=True)


def _layer_bars(plan: Plan) -> list[Child]:
    """What each layer has made of that which is held at the peak, in the order of the layers."""
    held = plan.peak().by_layer
    names = [row.name for row in plan.rows]
    pairs = [(name, held[name]) for name in names if name in held]
    pairs += [(name, size) for name, size in held.items() if name not in set(names)]
    text = f"What each layer made and is held at the peak to {plan.mode}, batch {plan.batch}."
    return [element("p", text), _bars("layer", pairs)]


def _layers(rows: Sequence[Row]) -> list[Child]:
    text = (
        "For one sample: the bytes made are those of the output in float32, the bytes kept are "
        "those that the backward pass needs. A position sees so many pixels of the picture."
    )
    cells: list[list[Child]] = []
    for row in rows:
        adds = "?" if row.multiply_adds is None else f"{row.multiply_adds:,}"
        made = "?" if row.output_bytes is None else size_text(row.output_bytes)
        shape = " × ".join(map(str, row.output_shape))
        counts = [f"{row.parameters:,}", adds, made, size_text(row.kept_bytes)]
        cells.append([row.name, row.kind, shape, *counts, _sees(row)])
    return [element("p", text), table(_HEAD, cells, numbers=(3, 4, 5, 6, 7))]


def _sees(row: Row) -> str:
    if row.fields is None:
        return ""
    if all(axis.is_whole for axis in row.fields):
        return "whole"
    sizes = list(dict.fromkeys("whole" if f.is_whole else f"{f.size_px}" for f in row.fields))
    return " × ".join(sizes)


def _bars(what: str, pairs: Sequence[tuple[str, int]]) -> Html:
    most = max((size for _, size in pairs), default=0)
    rows = [[name, size_text(size), _bar(size, most)] for name, size in pairs]
    return table([what, "bytes", ""], rows, numbers=(1,), bar=True)


def _bar(size: int, most: int) -> Html:
    return element("span", class_="bar", style=f"width:{100 * size / max(most, 1):.1f}%")
