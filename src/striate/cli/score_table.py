"""Scores as lines of text."""

from __future__ import annotations

from typing import Any

from striate._counted import counted
from striate.cli.streams import columns

__all__ = ["score_lines"]

_MOST_CLASSES = 100


def score_lines(scores: Any) -> list[str]:
    """The lines that `striate train` and `striate evaluate` print.

    Args:
        scores: `Scores` of one class a picture, or `LabelScores` of several.
    """
    several = not hasattr(scores, "confusion")
    lines = [f"{scores.part}: {counted(scores.pictures, 'picture')}", *_whole(scores, several), ""]
    rows = [["class", "pictures", "precision", "recall", "AP" if several else "F1"]]
    rows += [
        [
            each.name,
            f"{each.pictures:,}",
            _share(each.precision),
            _share(each.recall),
            _share(each.average_precision if several else each.f1),
        ]
        for each in scores.classes[:_MOST_CLASSES]
    ]
    lines += columns(rows, right=(1, 2, 3, 4))
    if len(scores.classes) > _MOST_CLASSES:
        lines.append(f"… and {len(scores.classes) - _MOST_CLASSES} more (--json has them all)")
    confused = [] if several else scores.most_confused()
    if confused:
        lines += ["", "most confused:"]
        lines += [f"  {true} taken for {guess}: {times}" for true, guess, times in confused]
    return lines


def _whole(scores: Any, several: bool) -> list[str]:
    """The measures of all pictures together."""
    low, high = scores.accuracy_interval
    interval = f"95 % interval {low:.4f} to {high:.4f}; always the most frequent"
    if not several:
        return [
            f"accuracy  {scores.accuracy:.4f}  ({interval} class: {scores.most_frequent:.4f})",
            f"loss      {scores.loss:.4f}  (cross-entropy, without label smoothing)",
        ]
    return [
        f"mAP       {_share(scores.mean_average_precision, 4)}  (average precision, mean of the "
        "classes)",
        f"F1        {_share(scores.micro_f1, 4)}  (of all classes together; mean of the classes: "
        f"{_share(scores.macro_f1, 4)})",
        f"all right {scores.accuracy:.4f}  (no class too many or missing; {interval} set: "
        f"{scores.most_frequent:.4f})",
        f"loss      {scores.loss:.4f}  (binary cross-entropy)",
    ]


def _share(value: float | None, digits: int = 3) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
