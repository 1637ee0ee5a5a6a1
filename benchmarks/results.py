"""What a row found: samples of each contender in each cell, the targets, and what they come to."""

from __future__ import annotations

import json
import statistics
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Measured:
    """What one contender did in one cell.

    Args:
        contender: its name.
        samples: one a round, in the row's unit; none where it failed.
        gate: what shows that it did the same work, such as "97.1 %".
        passed: whether that is good enough; None where nothing is judged.
        note: why there is no figure, or what it did differently.
    """

    contender: str
    samples: list[float] = field(default_factory=list)
    gate: str = ""
    passed: bool | None = None
    note: str = ""


@dataclass
class Cell:
    """One question of a row, put to all contenders.

    Args:
        name: in the table.
        measured: of each contender.
        unit: of the samples.
        more_is_better: a rate, not a time or a size.
    """

    name: str
    measured: list[Measured]
    unit: str
    more_is_better: bool = True

    def of(self, contender: str) -> Measured | None:
        """What a contender did, None where it took no part or has no figure."""
        return next((m for m in self.measured if m.contender == contender and m.samples), None)

    def passed(self, contender: str) -> bool:
        """Whether a contender's work is good enough, as far as that is judged."""
        measured = self.of(contender)
        return measured is None or measured.passed is not False

    def ratio(self, ours: str, peer: str) -> float | None:
        """How many times as good ours is: the median over the rounds."""
        a, b = self.of(ours), self.of(peer)
        if a is None or b is None:
            return None
        pairs = zip(a.samples, b.samples, strict=False)
        return statistics.median(x / y if self.more_is_better else y / x for x, y in pairs)


@dataclass
class Target:
    """What is wanted of a cell: so many times as good as the best of some peers; None: stated."""

    cell: str
    ours: str
    peers: list[str]
    at_least: float | None

    def reached(self, cells: list[Cell]) -> float | None:
        """The ratio to the best of the peers, None where it was not measured.

        A peer that failed its gate counts too: it would only flatter us to leave it out.
        """
        cell = next((each for each in cells if each.name == self.cell), None)
        ratios = [cell.ratio(self.ours, peer) for peer in self.peers] if cell else []
        return min((ratio for ratio in ratios if ratio is not None), default=None)

    def failed(self, cells: list[Cell]) -> bool:
        """Whether ours failed its gate."""
        return any(each.name == self.cell and not each.passed(self.ours) for each in cells)


@dataclass
class Line:
    """A curve: samples over a size, for one contender.

    Args:
        contender: its name.
        sizes: where it was measured.
        values: the medians there.
    """

    contender: str
    sizes: list[float]
    values: list[float]


@dataclass
class Curve:
    """How a cost grows with a size.

    Args:
        name, size, unit: title and the two axes.
        lines: one a contender.
        at_most: the exponent that is wanted; None: stated.
    """

    name: str
    size: str
    unit: str
    lines: list[Line]
    at_most: float | None = None


@dataclass
class Row:
    """A row of the benchmarks as it was run.

    Args:
        name: of the file of the row.
        title: on the page.
        what: is measured and how, for the page.
        settings: rounds, threads, versions and all else that the figures hang on.
        cells, targets, curves: what was found.
    """

    name: str
    title: str
    what: str
    settings: dict[str, Any] = field(default_factory=dict)
    cells: list[Cell] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")


def read(path: Path) -> Row:
    """The row that was written to a file."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    cells = [
        Cell(**each | {"measured": [Measured(**m) for m in each["measured"]]})
        for each in kept.pop("cells")
    ]
    targets = [Target(**each) for each in kept.pop("targets")]
    curves = [
        Curve(**each | {"lines": [Line(**line) for line in each["lines"]]})
        for each in kept.pop("curves")
    ]
    return Row(cells=cells, targets=targets, curves=curves, **kept)
