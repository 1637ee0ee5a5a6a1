"""list_architectures: the rows of the table of all nets."""

from __future__ import annotations

import re
import sys
from dataclasses import asdict, dataclass
from typing import Any

from ..models import Model
from ..models.costs import multiply_adds
from ..weights.sizes import SIZES
from .registry import ARCHITECTURES, Architecture
from .sketch import sketch

__all__ = ["Row", "list_architectures", "measured"]

_YEAR = re.compile(r"(?<![\d.])(?:19|20)\d\d(?!\.?\d)")
_TITLE = re.compile(r'"([^"]+)"')


@dataclass(frozen=True)
class Row:
    """One net of the table.

    Args:
        name: of the architecture.
        paper: its title.
        year: of the paper.
        input_shape: (h, w, c) of the paper.
        classes: of the paper.
        parameters: that are trained, without those of classifiers that exist only in training.
        multiply_adds: for one picture of that shape.
        dialects: in which it can be written.
    """

    name: str
    paper: str | None
    year: int | None
    input_shape: tuple[int, int, int]
    classes: int
    parameters: int
    multiply_adds: int
    dialects: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)


def list_architectures(word: str = "") -> list[Row]:
    """The architectures, the oldest paper first; parameters and costs are those of the paper's.

    Args:
        word: only those whose name or paper holds it; capitals do not matter. Default: all.

    Example:
        >>> [row.name for row in list_architectures("darknet")]
        ['darknet53', 'cspdarknet53']
    """
    rows = []
    for name in ARCHITECTURES:
        architecture = ARCHITECTURES.get(name)
        paper, year = _cited(architecture)
        if word.lower() in f"{name}\n{paper}".lower():
            rows.append(_row(architecture, paper, year))
    return sorted(rows, key=lambda row: row.year or sys.maxsize)


def measured(architecture: Architecture) -> tuple[int, int]:
    """(trained parameters, multiply-adds) of a net as its paper has it, from the net itself."""
    net = sketch(architecture.name, dialect=architecture.dialects[0].name)
    alone = Model(net.input, net.output)
    return sum(p.numel() for p in alone.parameters()), multiply_adds(alone) or 0


def _row(architecture: Architecture, paper: str | None, year: int | None) -> Row:
    known = SIZES.get(architecture.name)
    parameters, cost = measured(architecture) if known is None else known
    return Row(
        name=architecture.name,
        paper=paper,
        year=year,
        input_shape=architecture.input_shape,
        classes=architecture.classes,
        parameters=parameters,
        multiply_adds=cost,
        dialects=tuple(each.name for each in architecture.dialects),
    )


def _cited(architecture: Architecture) -> tuple[str | None, int | None]:
    """Title and year that the head of the architecture's file names."""
    text = sys.modules[architecture.make.__module__].__doc__ or ""
    head = " ".join(" ".join(text.split("\n\n")[:2]).split())
    title, year = _TITLE.search(head), _YEAR.search(head)
    return title and title[1].rstrip(","), year and int(year[0])
