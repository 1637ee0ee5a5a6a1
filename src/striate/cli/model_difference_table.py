"""The difference of two models as lines of text."""

from __future__ import annotations

from typing import Any

from striate.cli.streams import columns

__all__ = ["model_difference_lines"]

_MOST_LAYERS = 100


def model_difference_lines(found: Any) -> list[str]:
    """The lines that `striate models diff` prints for a `ModelDifference`."""
    head = [["", "net", "parameters", "multiply-adds"]]
    for number, which in enumerate(("first", "second")):
        cost = found.multiply_adds[number]
        counts = [f"{found.parameters[number]:,}", "-" if cost is None else f"{cost:,}"]
        head.append([which, getattr(found, which), *counts])
    alike = sum(pair.is_alike for pair in found.pairs)
    lines = [*columns(head, right=(2, 3)), ""]
    if alike == len(found.pairs):
        return [*lines, f"All {alike} layers are alike."]
    reasons = [["what differs", "layers", "why it matters"]]
    reasons += [[each.what, f"{each.layers:,}", each.why] for each in found.reasons]
    lines += [*columns(reasons, right=(1,)), ""]
    rows = _layers(found.pairs)
    lines += columns([["first", "second", "difference"], *rows[:_MOST_LAYERS]])
    if len(rows) > _MOST_LAYERS:
        lines.append(f"… and {len(rows) - _MOST_LAYERS:,} more rows (--json has them all)")
    return lines


def _layers(pairs: Any) -> list[list[str]]:
    """A row for each pair that differs; layers in a row that are alike are one."""
    rows: list[list[str]] = []
    alike = 0
    for pair in [*pairs, None]:
        if pair is not None and pair.is_alike:
            alike += 1
            continue
        if alike:
            rows.append([f"… {alike}", f"… {alike}", "alike"])
            alike = 0
        if pair is not None:
            rows.append([_layer(pair.first), _layer(pair.second), _difference(pair)])
    return rows


def _layer(facts: Any) -> str:
    return "-" if facts is None else f"{facts.name} ({facts.kind})"


def _difference(pair: Any) -> str:
    if pair.first is None or pair.second is None:
        there, which = (pair.first, "first") if pair.second is None else (pair.second, "second")
        output = _text(there.output_shape)
        return f"only in the {which}: output {output}, parameters {there.parameters:,}"
    return (
        "; ".join(
            f"{each.name} {_text(each.first)} → {_text(each.second)}"
            for each in pair.changes
            if each.name != "kind"
        )
        or f"kind {pair.first.kind} → {pair.second.kind}"
    )


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return " × ".join("n" if size is None else _text(size) for size in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, dict):
        return str(value.get("type", value.get("initializer", value)))
    return "-" if value is None else str(value)
