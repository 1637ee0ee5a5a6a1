"""The confusion matrix as a drawing: rows are the true classes, columns the answers."""

from __future__ import annotations

from striate.io.markup import Attributes, Html, element
from striate.tasks.scoring.scores import Scores

__all__ = ["confusion_drawing"]

_CELL, _SMALL_CELL = 36, 14
_MOST_NUMBERED, _MOST_NAMED, _MOST_DRAWN = 25, 60, 150
_LONGEST, _LETTER = 20, 6.6
_DARK = 0.55


def confusion_drawing(scores: Scores) -> Html:
    """The matrix; its colour is the part of the row, its numbers are pictures.

    Above 25 classes the numbers are left out, above 60 the names, above 150 the drawing: the
    most confused pairs and scores.json have them all.

    Args:
        scores: of a classifier of one class a picture.
    """
    count = len(scores.classes)
    if count > _MOST_DRAWN:
        return element("p", f"{count} classes are too many to draw.", class_="muted")
    cell = _CELL if count <= _MOST_NUMBERED else _SMALL_CELL
    names = [_short(each.name) for each in scores.classes] if count <= _MOST_NAMED else []
    margin = 28 + max((len(name) for name in names), default=0) * _LETTER
    top = 24 + 0.72 * max((len(name) for name in names), default=0) * _LETTER
    side = count * cell
    width, height = margin + side + (top if names else 8), top + side + 8
    parts = [
        _cell(scores, row, column, (margin + column * cell, top + row * cell), cell)
        for row, content in enumerate(scores.confusion)
        for column, number in enumerate(content)
        if number
    ]
    frame: Attributes = {"x": margin, "y": top, "width": side, "height": side, "fill": "none"}
    parts.append(element("rect", class_="grid", **frame))
    for number, name in enumerate(names):
        middle = number * cell + cell / 2
        place: Attributes = {"x": margin - 6, "y": top + middle + 4, "text_anchor": "end"}
        parts.append(element("text", name, **place))
        x, y = margin + middle + 3, top - 6
        turned = f"rotate(-45 {x:g} {y:g})"
        parts.append(element("text", name, x=x, y=y, transform=turned))
    middle = top + side / 2
    turned = f"rotate(-90 12 {middle:g})"
    parts.append(
        element(
            "text", "true", x=12, y=middle, text_anchor="middle", class_="tick", transform=turned
        )
    )
    parts.append(element("text", "answer", x=4, y=12, class_="tick"))
    title = f"Confusion matrix of {count} classes"
    box: Attributes = {
        "viewBox": f"0 0 {width:g} {height:g}",
        "style": f"max-width:{min(width, 900):g}px",
    }
    return element("svg", element("title", title), parts, role="img", aria_label=title, **box)


def _cell(scores: Scores, row: int, column: int, place: tuple[float, float], cell: int) -> Html:
    number = scores.confusion[row][column]
    share = number / sum(scores.confusion[row])
    true, answer = scores.classes[row].name, scores.classes[column].name
    text = f"{true} taken for {answer}: {number:,} ({share:.0%})"
    if row == column:
        text = f"{true} recognised: {number:,} ({share:.0%})"
    x, y = place
    box = {"x": x + 0.5, "y": y + 0.5, "width": cell - 1, "height": cell - 1}
    rect = element("rect", element("title", text), class_="fill", fill_opacity=share, **box)
    if cell != _CELL:
        return rect
    style = "on" if share > _DARK else None
    middle: Attributes = {"x": x + cell / 2, "y": y + cell / 2 + 4, "text_anchor": "middle"}
    letters = element("text", f"{number}", class_=style, pointer_events="none", **middle)
    return element("g", rect, letters)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
