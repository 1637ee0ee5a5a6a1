"""The whole page report.html."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy.typing as npt

from striate._counted import counted
from striate.io.markup import Child, Html, element, join
from striate.io.page import page, section
from striate.tasks.page.background import data_part, environment_part, settings_part
from striate.tasks.page.classes import class_table, confused_table, share_text
from striate.tasks.page.confusion import confusion_drawing
from striate.tasks.page.curves import curves
from striate.tasks.page.gallery import gallery
from striate.tasks.page.reliability import calibration_part
from striate.tasks.run.durations import duration
from striate.tasks.run.facts import RunFacts
from striate.tasks.scoring.calibration import Calibration
from striate.tasks.scoring.label_scores import LabelScores
from striate.tasks.scoring.scores import Scores
from striate.tasks.scoring.worst import Case

__all__ = ["report_page", "summary_sentence"]

Part: TypeAlias = tuple[str, str, list[Child]]
"""Heading, anchor, content."""


def report_page(
    name: str,
    facts: RunFacts,
    *,
    scores: Scores | LabelScores,
    calibration: Calibration,
    cases: Sequence[Case],
    images: npt.NDArray[Any],
    mistakes: int,
    sheet: bytes | None = None,
) -> str:
    """The text of report.html.

    Args:
        name: of the run.
        facts: what is known of the run.
        scores: on the held-out pictures.
        calibration: on the same.
        cases: the worst answers.
        images: (n, h, w, c) uint8, their pictures.
        mistakes: how many answers were wrong.
        sheet: a PNG of the first batch.
    """
    training: list[Part] = [("Training", "training", [curves(facts.history)])]
    parts: list[Part] = [
        *training[: 1 if facts.history else 0],
        *_confusion_parts(scores),
        ("Classes", "classes", class_table(scores)),
        ("Calibration", "calibration", calibration_part(calibration)),
        ("Worst answers", "worst", _worst_part(scores, cases, images, mistakes)),
        ("Data", "data", data_part(facts, sheet)),
        ("Settings", "settings", settings_part(facts)),
        ("Environment", "environment", [environment_part(facts.environment)]),
    ]
    links = [element("a", title, href=f"#{anchor}") for title, anchor, _ in parts]
    return page(
        f"{name}: {scores.accuracy:.1%}",
        element("header", _head(name, facts, scores)),
        element("nav", [[link, " "] for link in links]),
        element("main", [section(title, *body, anchor=anchor) for title, anchor, body in parts]),
    )


def summary_sentence(scores: Scores | LabelScores) -> str:
    """What the scores say, in words."""
    low, high = scores.accuracy_interval
    done = "It found all classes, and no other, on" if _several(scores) else "It recognised"
    least = "set of classes" if _several(scores) else "class"
    return (
        f"{done} {scores.accuracy:.1%} of {scores.pictures:,} {scores.part} pictures that it was "
        f"not trained on (95 % interval {low:.1%} to {high:.1%}); always answering the most "
        f"frequent {least} gives {scores.most_frequent:.1%}."
    )


def _several(scores: Scores | LabelScores) -> bool:
    return isinstance(scores, LabelScores)


def _head(name: str, facts: RunFacts, scores: Scores | LabelScores) -> list[Child]:
    about = [f"Data: {facts.data}"]
    if facts.seconds is not None:
        about.append(f"trained in {duration(facts.seconds)}")
    if facts.environment.get("started"):
        about.append(f"begun {facts.environment['started']}")
    return [
        element("h1", name),
        element("p", " · ".join(about), class_="muted"),
        element("p", summary_sentence(scores)),
        [element("p", warning, class_="note") for warning in facts.warnings],
        element("div", _tiles(scores), class_="tiles"),
    ]


def _tiles(scores: Scores | LabelScores) -> list[Html]:
    low, high = scores.accuracy_interval
    first = "subset accuracy" if _several(scores) else "accuracy"
    rows = [(f"{scores.accuracy:.1%}", f"{first}, 95 % interval {low:.1%} to {high:.1%}")]
    if isinstance(scores, LabelScores):
        average = share_text(scores.mean_average_precision)
        rows.append((average, "mean average precision of the classes"))
    rows.append((share_text(scores.macro_f1), "macro F1, mean of the classes"))
    if isinstance(scores, Scores) and scores.top_5 is not None:
        rows.append((f"{scores.top_5:.1%}", "true class among the best five"))
    rows.append((f"{scores.loss:.3f}", "cross-entropy"))
    rows.append((f"{scores.calibration_error:.3f}", "expected calibration error"))
    return [
        element("div", element("b", big), element("span", small), class_="tile")
        for big, small in rows
    ]


def _confusion_parts(scores: Scores | LabelScores) -> list[Part]:
    if isinstance(scores, LabelScores):
        return []
    words = "Rows are the true classes; the colour is the part of the row, the number is pictures."
    drawing = element("div", confusion_drawing(scores))
    pairs = element("div", element("h3", "Most confused"), confused_table(scores))
    both: list[Child] = [
        element("p", words, class_="muted"),
        element("div", drawing, pairs, class_="side"),
    ]
    return [("Confusion", "confusion", both)]


def _worst_part(
    scores: Scores | LabelScores, cases: Sequence[Case], images: npt.NDArray[Any], mistakes: int
) -> list[Child]:
    shown = (
        f"The {len(cases)} that gave the truth the least probability"
        if mistakes
        else (f"The {len(cases)} that were the least sure")
    )
    asked = f"of {scores.pictures:,} answers"
    wrong = counted(mistakes, f"{asked} is wrong", f"{asked} are wrong")
    words = f"{wrong}. {shown}; mistakes first."
    return [element("p", join([words])), gallery(cases, images)]
