"""README.md of a model folder: what the model is, how good, what it is for, and how to use it."""

from __future__ import annotations

import json

from striate.tasks.page.whole import summary_sentence
from striate.tasks.run.base_sentence import base_sentence
from striate.tasks.run.durations import duration
from striate.tasks.run.facts import RunFacts
from striate.tasks.scoring.label_scores import LabelScores
from striate.tasks.scoring.scores import Scores

__all__ = ["model_card"]

_MOST_COUNTED, _MOST_PAIRS, _WEAK = 50, 5, 5


def model_card(
    name: str,
    facts: RunFacts,
    *,
    scores: Scores | LabelScores | None = None,
    temperature: float | None = None,
) -> str:
    """The card, with the front matter that the Hugging Face hub reads.

    Args:
        name: of the net.
        facts: what is known of the run.
        scores: on the held-out pictures; None where the training was broken off.
        temperature: see `striate.tasks.scoring.calibration`; None where there is none.

    Example:
        >>> from striate.records import Preprocess
        >>> facts = RunFacts("pets", ("cat", "dog"), Preprocess(size=(64, 64), channels=3))
        >>> model_card("convnet", facts).splitlines()[1:4]
        ['library_name: striate', 'pipeline_tag: image-classification', 'tags: ["convnet"]']
    """
    size = " × ".join(map(str, facts.preprocess.size or ()))
    count = len(facts.class_names)
    asked = "Says which of {} classes is on a picture"
    if isinstance(scores, LabelScores):
        asked = "Says which of {} classes are on a picture; several may be, or none"
    rows = [
        "---",
        *_front(name, facts, scores),
        "---",
        "",
        f"# {name} for {_plain(facts.data)}",
        "",
        f"{asked.format(count)}: {', '.join(map(_plain, facts.class_names))}.",
        f"It takes pictures of {size} pixels; `preprocess.json` says how they are made so.",
        "",
        "## How good it is",
        "",
        summary_sentence(scores) if scores else "The training was broken off; it was not scored.",
        *_known_failures(scores, temperature),
        "",
        "## What it is for",
        "",
        "Pictures of the kind it was trained on, of these classes. A picture of anything else gets "
        "one of these answers all the same. It was not examined for fairness or for safety.",
        "",
        "Use it: `striate predict RUN picture.jpg`, or in Python `striate.load_model(folder)`,",
        "which takes the preprocessed numbers.",
        "",
        "## What it was trained on",
        "",
        *_data_rows(facts),
        *(["", _plain(base_sentence(facts.base))] if facts.base else []),
        "",
        "Trained with:",
        "",
        "```toml",
        facts.config.rstrip(),
        "```",
        "",
    ]
    return "\n".join(rows)


def _front(name: str, facts: RunFacts, scores: Scores | LabelScores | None) -> list[str]:
    front = [
        "library_name: striate",
        "pipeline_tag: image-classification",
        f"tags: [{json.dumps(name)}]",
    ]
    if scores is None:
        return front
    kinds = {"accuracy": scores.accuracy, "f1": scores.macro_f1}
    if isinstance(scores, LabelScores):
        kinds["mean_average_precision"] = scores.mean_average_precision
    known = {kind: value for kind, value in kinds.items() if value is not None}
    listed = ", ".join(f"{{type: {kind}, value: {value:.4f}}}" for kind, value in known.items())
    data = json.dumps(facts.data)
    return [
        *front,
        f"metrics: [{', '.join(known)}]",
        "model-index:",
        f"  - name: {json.dumps(name)}",
        "    results:",
        "      - task: {type: image-classification}",
        f"        dataset: {{name: {data}, type: {data}, split: {json.dumps(scores.part)}}}",
        f"        metrics: [{listed}]",
    ]


def _known_failures(scores: Scores | LabelScores | None, temperature: float | None) -> list[str]:
    rows: list[str] = []
    if scores is None:
        return rows
    weak = sorted(
        (each for each in scores.classes if each.recall is not None and each.recall < 1.0),
        key=lambda each: each.recall or 0.0,
    )
    if weak:
        shown = ", ".join(f"{_plain(c.name)} {c.recall:.1%}" for c in weak[:_WEAK])
        rows += ["", f"It finds these classes least: {shown} of their pictures."]
    if isinstance(scores, Scores) and (pairs := scores.most_confused(_MOST_PAIRS)):
        shown = ", ".join(f"{_plain(a)} for {_plain(b)} ({times})" for a, b, times in pairs)
        rows += ["", f"It most often takes {shown}."]
    words = f"Its expected calibration error is {scores.calibration_error:.3f}"
    if temperature is not None:
        words += f"; a temperature of {temperature:.3f} was fitted to lower it"
    return [*rows, "", f"{words}."]


def _data_rows(facts: RunFacts) -> list[str]:
    rows = []
    for part, counts in facts.counts.items():
        named = [
            f"{_plain(name)} {number:,}"
            for name, number in zip(facts.class_names, counts, strict=True)
        ]
        if len(named) > _MOST_COUNTED:
            named = [*named[:_MOST_COUNTED], f"and {len(named) - _MOST_COUNTED} more classes"]
        rows.append(f"- {part}: {sum(counts):,} ({', '.join(named)})")
    if facts.data_hash:
        rows.append(f"- SHA-256 of the data: {facts.data_hash}")
    if facts.seconds is not None:
        device = facts.environment.get("device", "cpu")
        rows.append(f"- training took {duration(facts.seconds)} on {device}; energy: not measured")
    return rows or ["Not recorded."]


def _plain(name: str) -> str:
    """A name in Markdown: on one line, its own marks escaped."""
    flat = " ".join(name.encode("utf-8", "replace").decode().split())
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|&!" else sign for sign in flat)
