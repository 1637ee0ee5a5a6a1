"""Scores as lines of text."""

from __future__ import annotations

from typing import Any

from striate.cli.streams import columns

__all__ = ["score_lines"]

_MOST_CLASSES = 100


def score_lines(scores: Any) -> list[str]:
    """The lines that `striate train` and `striate evaluate` print for a `Scores`."""
    low, high = scores.accuracy_interval
    lines = [
        f"{scores.part}: {scores.pictures:,} pictures",
        f"accuracy  {scores.accuracy:.4f}  (95 % interval {low:.4f} to {high:.4f}; always the most "
        f"frequent class: {scores.most_frequent:.4f})",
        f"loss      {scores.loss:.4f}  (cross-entropy, without label smoothing)",
        "",
    ]
    rows = [["class", "pictures", "precision", "recall"]]
    rows += [
        [each.name, f"{each.pictures:,}", _share(each.precision), _share(each.recall)]
        for each in scores.classes[:_MOST_CLASSES]
    ]
    lines += columns(rows, right=(1, 2, 3))
    if len(scores.classes) > _MOST_CLASSES:
        lines.append(f"… and {len(scores.classes) - _MOST_CLASSES} more (--json has them all)")
    confused = scores.most_confused()
    if confused:
        lines += ["", "most confused:"]
        lines += [f"  {true} taken for {guess}: {times}" for true, guess, times in confused]
    return lines


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
