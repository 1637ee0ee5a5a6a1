"""The curves of a training: each measure over the epochs, training beside validation."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from striate._counted import counted
from striate.io.markup import Html, element
from striate.tasks.page.axes import Axes

__all__ = ["curves", "measures"]

_WIDTH, _HEIGHT = 480, 260
_LEFT_OUT = ("learning_rate", "lr", "seconds")
_ROOM = 0.05


def measures(history: Mapping[str, Sequence[float]]) -> list[str]:
    """The names of what was measured, training and validation under one name.

    Example:
        >>> measures({"loss": [1.0], "val_loss": [1.0], "accuracy": [0.5], "lr": [0.1]})
        ['loss', 'accuracy']
    """
    names = dict.fromkeys(name.removeprefix("val_") for name in history)
    return [name for name in names if name not in _LEFT_OUT]


def curves(history: Mapping[str, Sequence[float]]) -> Html:
    """One chart a measure; the validation's line is dashed.

    Args:
        history: one number an epoch, "val_…" of the validation pictures.
    """
    charts = [_chart(name, history) for name in measures(history)]
    return element("div", charts, class_="side")


def _chart(name: str, history: Mapping[str, Sequence[float]]) -> Html:
    lines = [
        (label, values, style)
        for key, label, style in (
            (name, "training", "line first"),
            (f"val_{name}", "validation", "line second dashed"),
        )
        if (values := [float(value) for value in history.get(key, ())])
    ]
    finite = [value for _, values, _ in lines for value in values if math.isfinite(value)]
    if not finite:
        return element("p", f"{name}: no finite numbers.", class_="muted")
    low, high = min(finite), max(finite)
    room = (high - low or abs(high) or 1.0) * _ROOM
    longest = max(len(values) for _, values, _ in lines)
    bottom = 0.0 if 0 <= low < high / 2 else low - room
    axes = Axes(_WIDTH, _HEIGHT, (1, max(longest, 2)), (bottom, high + room), "epoch", name)
    drawn = [
        element("polyline", points=axes.path(part), class_=style)
        for _, values, style in lines
        for part in _finite_parts(values)
    ]
    dots = [
        element("circle", cx=x, cy=y, r=3, class_=f"{style} fill" if "first" in style else "gap")
        for _, values, style in lines
        if len(values) == 1
        for x, y in [axes.at(1, values[0])]
    ]
    title = f"{name} over {counted(longest, 'epoch')}"
    legend = [
        element("span", element("i", class_=f"key {style}"), f" {label}, last {values[-1]:.4g}")
        for label, values, style in lines
    ]
    return element(
        "figure",
        axes.chart(title, axes.frame(whole=True), drawn, dots),
        element("figcaption", legend),
    )


def _finite_parts(values: Sequence[float]) -> list[list[tuple[float, float]]]:
    """The points of each stretch of finite numbers."""
    parts: list[list[tuple[float, float]]] = [[]]
    for epoch, value in enumerate(values, 1):
        if math.isfinite(value):
            parts[-1].append((epoch, value))
        elif parts[-1]:
            parts.append([])
    return [part for part in parts if len(part) > 1]
