"""The page of all rows that were run: targets, tables, pictures."""

from __future__ import annotations

import statistics
from pathlib import Path

from benchmarks.results import Cell, Curve, Measured, Row, Target, read
from benchmarks.scaling import exponent

ORDER = ("training", "accuracy", "prediction", "input", "memory", "start", "growth")
HEAD = """\
# Benchmarks

striate beside its peers, measured in one run a row: the contenders in turn, round by round, each
in its own process, and only one of them runs at a time. A figure is the median of n rounds, with
the smallest and the largest; "×" is how many times as good striate is as the contender of the
line, the median over the rounds. Above 1 striate is better.

S1 is the convnet for MNIST of Chollet's second edition (`striate.recipes.mnist_net`), S2 that of
the first (`mnist_first_edition_net`), F Géron's for Fashion-MNIST (`fashion_mnist_net`).

`python -m benchmarks` writes this page. A "+" behind a commit says that not all was committed.
"""


def write(out: Path) -> None:
    """The page from the results that lie beside it."""
    folder = out.with_suffix("")
    rows = [read(folder / f"{name}.json") for name in ORDER if (folder / f"{name}.json").is_file()]
    parts = [HEAD, *(section(row, folder.name) for row in rows)]
    out.write_text("\n".join(parts), encoding="utf-8")


def section(row: Row, folder: str) -> str:
    lines = [f"## {row.title}", "", row.what, f"![{row.title}]({folder}/{row.name}.svg)", ""]
    lines += [*settings(row), ""]
    if row.targets:
        lines += [*target_table(row), ""]
    for cell in row.cells:
        lines += [f"### {cell.name}", "", *cell_table(cell), ""]
    for curve in row.curves:
        lines += [f"### {curve.name}", "", *curve_table(curve), ""]
    return "\n".join(lines)


def settings(row: Row) -> list[str]:
    said = {name: value for name, value in row.settings.items() if name != "versions"}
    versions = row.settings.get("versions", {})
    lines = ["; ".join(f"{name}: {value}" for name, value in said.items()) + "."]
    if versions:
        lines.append(", ".join(f"{name} {value}" for name, value in sorted(versions.items())) + ".")
    return lines


def target_table(row: Row) -> list[str]:
    lines = [
        "| case | ours | against | wanted | measured | |",
        "| --- | --- | --- | --: | --: | --- |",
    ]
    for target in row.targets:
        lines.append(target_line(target, row.cells))
    return lines


def target_line(target: Target, cells: list[Cell]) -> str:
    reached = target.reached(cells)
    peers = peers_of(target, cells)
    found, verdict = "not measured", ""
    if reached is not None:
        found = f"{reached:.2f} ×"
    wanted = "" if target.at_least is None else f"{target.at_least:g} ×"
    if wanted and reached is not None:
        verdict = "met" if reached >= target.at_least else "missed"
    if reached is not None and target.failed(cells):
        verdict = "gate failed"
    return table_line([target.cell, target.ours, peers, wanted, found, verdict])


def peers_of(target: Target, cells: list[Cell]) -> str:
    """Those that were measured, and who of the target was not."""
    cell = next((each for each in cells if each.name == target.cell), None)
    there = [peer for peer in target.peers if cell is not None and cell.of(peer)]
    if not there:
        return ", ".join(target.peers)
    said = there[0] if len(target.peers) == 1 else f"best of {', '.join(there)}"
    missing = [peer for peer in target.peers if peer not in there]
    return f"{said} (without {', '.join(missing)})" if missing else said


def cell_table(cell: Cell) -> list[str]:
    ours = [m.contender for m in cell.measured if m.samples and m.contender.startswith("striate")]
    times = [f"{name} ×" for name in ours]
    heads = ["contender", cell.unit, "smallest to largest", "n", *times, "gate"]
    lines = [table_line(heads), "| --- | --: | --: | --: |" + " --: |" * len(ours) + " --- |"]
    lines += [measured_line(cell, each, ours) for each in cell.measured]
    return lines


def measured_line(cell: Cell, each: Measured, ours: list[str]) -> str:
    gate = " ".join(part for part in (each.gate, failed(each), each.note) if part)
    if not each.samples:
        return table_line([each.contender, "not measured", "", "", *("" for _ in ours), gate])
    ratios = ["" if name == each.contender else times(cell, name, each) for name in ours]
    spread = f"{number(min(each.samples))} to {number(max(each.samples))}"
    median = number(statistics.median(each.samples))
    return table_line([each.contender, median, spread, str(len(each.samples)), *ratios, gate])


def failed(each: Measured) -> str:
    return "**failed**" if each.passed is False else ""


def times(cell: Cell, ours: str, each: Measured) -> str:
    ratio = cell.ratio(ours, each.contender)
    return "" if ratio is None else f"{ratio:.2f}"


def curve_table(curve: Curve) -> list[str]:
    sizes = sorted({size for line in curve.lines for size in line.sizes})
    heads = [f"{curve.unit} by {curve.size}", *(f"{size:,g}" for size in sizes), "exponent"]
    if curve.at_most is not None:
        heads[-1] += f", at most {curve.at_most:g} wanted"
    lines = [table_line(heads), "| --- |" + " --: |" * (len(sizes) + 1)]
    for line in curve.lines:
        values = dict(zip(line.sizes, line.values, strict=True))
        cells = [number(values[size]) if size in values else "" for size in sizes]
        power = exponent(line.sizes, line.values)
        lines.append(table_line([line.contender, *cells, f"{power:.2f}"]))
    return lines


def table_line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def number(value: float) -> str:
    """Three digits that say something: 17,984 or 36.7 or 0.0412."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
