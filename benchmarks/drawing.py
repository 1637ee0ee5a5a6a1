"""One picture a row: bars with their spread, or curves on logarithmic axes."""

from __future__ import annotations

import statistics
from pathlib import Path

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter, NullLocator, StrMethodFormatter

from benchmarks.results import Cell, Curve, Row

OURS, PEER = "#d1495b", "#66788a"
COLUMNS = 3
# Words stay words, and the same figures give the same file.
DRAWN = {"svg.fonttype": "none", "svg.hashsalt": "striate"}


def draw(row: Row, path: Path) -> None:
    """The picture of a row as a vector drawing."""
    panels = [*row.cells, *row.curves]
    if not panels:
        return
    columns = min(COLUMNS, len(panels))
    lines = -(-len(panels) // columns)
    tallest = max((len(cell.measured) for cell in row.cells), default=8)
    figure = Figure(figsize=(4.2 * columns, lines * (0.9 + 0.26 * max(tallest, 8))))
    axes = list(figure.subplots(lines, columns, squeeze=False).flat)
    for panel, ax in zip(panels, axes, strict=False):
        bars(panel, ax) if isinstance(panel, Cell) else curves(panel, ax)
    for ax in axes[len(panels) :]:
        ax.set_visible(False)
    figure.tight_layout()
    with rc_context(DRAWN):
        figure.savefig(path, format="svg", metadata={"Date": None})


def bars(cell: Cell, ax: Axes) -> None:
    measured = [each for each in reversed(cell.measured) if each.samples]
    middles = [statistics.median(each.samples) for each in measured]
    below = [m - min(each.samples) for m, each in zip(middles, measured, strict=True)]
    above = [max(each.samples) - m for m, each in zip(middles, measured, strict=True)]
    colors = [OURS if each.contender.startswith("striate") else PEER for each in measured]
    places = range(len(measured))
    ax.barh(places, middles, xerr=[below, above], color=colors, error_kw={"elinewidth": 0.8})
    ax.set_yticks(places, [each.contender for each in measured], fontsize=7)
    ax.tick_params(axis="x", labelsize=7)
    ax.set_title(cell.name, fontsize=9)
    better = "more is better" if cell.more_is_better else "less is better"
    ax.set_xlabel(f"{cell.unit} ({better})", fontsize=7)
    if middles and max(middles) > 30 * min(middles):
        ax.set_xscale("log")
        ax.set_xlim(left=min(middles) / 3)
    ax.spines[["top", "right"]].set_visible(False)


def curves(curve: Curve, ax: Axes) -> None:
    for line in curve.lines:
        ours = line.contender.startswith("striate")
        color = {"color": OURS} if line.contender == "striate" else {}
        width = 2 if ours else 1
        ax.loglog(line.sizes, line.values, "o-", ms=3, lw=width, label=line.contender, **color)
    sizes = sorted({size for line in curve.lines for size in line.sizes})
    ax.set_xticks(sizes, [f"{size:,g}" for size in sizes])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,g}"))
    ax.yaxis.set_minor_formatter(NullFormatter())
    ax.set_xlabel(curve.size, fontsize=7)
    ax.set_ylabel(curve.unit, fontsize=7)
    ax.set_title(curve.name, fontsize=9)
    ax.tick_params(labelsize=7)
    ax.legend(fontsize=6)
    ax.spines[["top", "right"]].set_visible(False)
