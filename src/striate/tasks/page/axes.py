"""A chart's frame: from numbers to places on the sheet, with ticks and a light grid."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from striate.io.markup import Attributes, Html, element

__all__ = ["Axes", "ticks"]

_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 10, 40
_STEPS = (1, 2, 2.5, 5, 10)


def ticks(low: float, high: float, most: int = 6, *, whole: bool = False) -> list[float]:
    """Round numbers within low..high, evenly apart.

    Args:
        low, high: the ends.
        most: ticks at most.
        whole: whether only whole numbers will do.

    Example:
        >>> ticks(0.0, 1.0), ticks(1, 12, whole=True)
        ([0.0, 0.2, 0.4, 0.6, 0.8, 1.0], [2.0, 4.0, 6.0, 8.0, 10.0, 12.0])
    """
    span = high - low
    if not 0 < span < math.inf:
        return [low]
    size = 10.0 ** math.floor(math.log10(span / most))
    wide = [step * size for step in _STEPS if span / (step * size) <= most]
    step = wide[0] if wide else 10 * size
    if whole:
        step = max(1.0, float(math.ceil(step)))
    first = math.ceil(low / step - 1e-9)
    count = math.floor(high / step + 1e-9) - first + 1
    return [round((first + number) * step, 12) for number in range(count)]


@dataclass(frozen=True)
class Axes:
    """A chart of the given size, whose inner rectangle spans the given numbers.

    Args:
        width, height: of the sheet.
        x, y: (low, high) of the numbers.
        x_label, y_label: what the numbers are.
    """

    width: int
    height: int
    x: tuple[float, float]
    y: tuple[float, float]
    x_label: str
    y_label: str

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The place of a point on the sheet."""
        across = (x - self.x[0]) / ((self.x[1] - self.x[0]) or 1.0)
        up = (y - self.y[0]) / ((self.y[1] - self.y[0]) or 1.0)
        return (
            round(_LEFT + across * (self.width - _LEFT - _RIGHT), 2),
            round(self.height - _BOTTOM - up * (self.height - _TOP - _BOTTOM), 2),
        )

    def path(self, points: Sequence[tuple[float, float]]) -> str:
        """The points as SVG's polyline takes them."""
        return " ".join(f"{x:g},{y:g}" for x, y in (self.at(*point) for point in points))

    def frame(
        self,
        *,
        whole: bool = False,
        text: Callable[[float], str] = "{:g}".format,
    ) -> list[Html]:
        """Grid, ticks and labels.

        Args:
            whole: whether the numbers across are whole ones.
            text: how the numbers upward are written.
        """
        parts = []
        for value in ticks(*self.y):
            x, y = self.at(self.x[0], value)
            right = self.width - _RIGHT
            parts.append(element("line", x1=x, y1=y, x2=right, y2=y, class_="grid"))
            place: Attributes = {"x": x - 6, "y": y + 4, "class_": "tick", "text_anchor": "end"}
            parts.append(element("text", text(value), **place))
        for value in ticks(*self.x, whole=whole):
            x, y = self.at(value, self.y[0])
            place = {"x": x, "y": y + 16, "class_": "tick", "text_anchor": "middle"}
            parts.append(element("text", f"{value:g}", **place))
        middle_x = (_LEFT + self.width - _RIGHT) / 2
        middle_y = (_TOP + self.height - _BOTTOM) / 2
        turned = f"rotate(-90 12 {middle_y:g})"
        return [
            *parts,
            element("text", self.x_label, x=middle_x, y=self.height - 6, text_anchor="middle"),
            element("text", self.y_label, x=12, y=middle_y, text_anchor="middle", transform=turned),
        ]

    def chart(self, title: str, *children: Html | list[Html]) -> Html:
        """The sheet with what was drawn on it; the title is read aloud, not shown."""
        box = {
            "viewBox": f"0 0 {self.width} {self.height}",
            "style": f"max-width:{self.width}px",
        }
        return element(
            "svg", element("title", title), children, role="img", aria_label=title, **box
        )
