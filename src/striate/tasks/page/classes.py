"""The table of the classes, and the most confused pairs."""

from __future__ import annotations

from striate.io.markup import Child, Html, element
from striate.io.page import table
from striate.tasks.scoring.label_scores import LabelScore, LabelScores
from striate.tasks.scoring.scores import ClassScore, Scores

__all__ = ["class_table", "confused_table", "share_text"]

_MOST_CLASSES, _MOST_PAIRS = 200, 15


def class_table(scores: Scores | LabelScores) -> list[Child]:
    """Pictures, precision, recall and F1 of each class, and its average precision if it has one."""
    several = isinstance(scores, LabelScores)
    head = ["class", "pictures", "precision", "recall", "F1"]
    head += ["average precision"] if several else []
    rows = [_row(each) for each in scores.classes[:_MOST_CLASSES]]
    parts: list[Child] = [table([*head, ""], rows, numbers=range(1, len(head)), bar=True)]
    if len(scores.classes) > _MOST_CLASSES:
        more = len(scores.classes) - _MOST_CLASSES
        parts.append(element("p", f"And {more:,} more: scores.json has them.", class_="muted"))
    return parts


def _row(each: ClassScore | LabelScore) -> list[Child]:
    shares = [each.precision, each.recall, each.f1]
    if isinstance(each, LabelScore):
        shares.append(each.average_precision)
    width = f"width:{100 * (shares[-1] or 0.0):.1f}%"
    bar = element("span", class_="bar", style=width)
    return [each.name, f"{each.pictures:,}", *map(share_text, shares), bar]


def confused_table(scores: Scores) -> Html:
    """The pairs of classes that were taken for each other most often."""
    pairs = scores.most_confused(_MOST_PAIRS)
    if not pairs:
        return element("p", "No picture was taken for another class.", class_="muted")
    pictures = {each.name: each.pictures for each in scores.classes}
    rows = [
        [true, answer, f"{times:,}", f"{times / pictures[true]:.1%}"]
        for true, answer, times in pairs
    ]
    return table(["true", "answer", "pictures", "of the class"], rows, numbers=(2, 3))


def share_text(value: float | None) -> str:
    """A share with three digits; a dash where there is none.

    Example:
        >>> share_text(0.5), share_text(None)
        ('0.500', '–')
    """
    return "–" if value is None else f"{value:.3f}"
