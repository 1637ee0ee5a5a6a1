"""What a finished run leaves behind: scores, pictures, and the model with its card."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from striate.models import Model
from striate.tasks.class_data import ClassData, Part
from striate.tasks.figures import (
    confusion_figure,
    curves_figure,
    features_figure,
    mistakes_figure,
    png,
)
from striate.tasks.figures.mistakes import worst
from striate.tasks.run_folder import write_run_file
from striate.tasks.scores import Scores, scores_of

__all__ = ["model_card", "score_part", "write_report"]

_BATCH = 128


def score_part(
    model: Model, part: Part, *, data: ClassData, name: str
) -> tuple[Scores, npt.NDArray[Any]]:
    """The scores of a model on labelled pictures, and the probabilities (n, q)."""
    batches = part.batches(_BATCH, data.preprocess)
    probabilities = model.predict(batches)
    found = scores_of(probabilities, part.labels, class_names=data.class_names, part=name)
    return found, probabilities


def write_report(
    folder: Path, model: Model, data: ClassData, *, history: Mapping[str, Sequence[float]]
) -> Scores:
    """Scores the held-out pictures and writes scores.json and the pictures of the run."""
    part = data.parts[data.held_out]
    scores, probabilities = score_part(model, part, data=data, name=data.held_out)
    write_run_file(folder, "scores.json", scores.to_json())
    curves = curves_figure(history, title=f"Training of {folder.name}")
    write_run_file(folder, "curves.png", png(curves))
    write_run_file(folder, "confusion.png", png(confusion_figure(scores)))
    chosen = worst(probabilities, part.labels)
    images, _, _ = part.source.fetch(chosen)
    mistakes = mistakes_figure(
        images.numpy(),
        probabilities[chosen],
        part.labels[chosen],
        class_names=data.class_names,
        mistakes=int((probabilities.argmax(axis=1) != part.labels).sum()),
        pictures=len(part),
    )
    write_run_file(folder, "mistakes.png", png(mistakes))
    best = int(worst(-probabilities, part.labels, 1)[0])
    image, _, _ = part.source.fetch(np.array([best]))
    features = features_figure(
        model,
        image[0].numpy(),
        preprocess=data.preprocess,
        label=f"{data.class_names[part.labels[best]]} ({part.names[best]})",
    )
    write_run_file(folder, "features.png", png(features))
    return scores


def model_card(model: Model, data: ClassData, *, scores: Scores | None, config: str) -> str:
    """README.md of the model folder: what the model is, how good, and how to use it."""
    front = [
        "library_name: striate",
        "pipeline_tag: image-classification",
        f"tags: [{json.dumps(model.name)}]",
    ]
    if scores is not None:
        front += [
            "metrics: [accuracy]",
            "model-index:",
            f"  - name: {json.dumps(model.name)}",
            "    results:",
            "      - task: {type: image-classification}",
            f"        dataset: {{name: {json.dumps(data.name)}, type: {json.dumps(data.name)}}}",
            f"        metrics: [{{type: accuracy, value: {scores.accuracy:.4f}}}]",
        ]
    size = " × ".join(map(str, data.preprocess.size or ()))
    rows = [
        "---",
        *front,
        "---",
        "",
        f"# {model.name} for {data.name}",
        "",
        f"Says which of {len(data.class_names)} classes is on a picture: "
        f"{', '.join(data.class_names)}.",
        f"It takes pictures of {size} pixels; `preprocess.json` says how they are made so.",
        "",
        _score_text(scores),
        "",
        "Use it: `striate predict RUN picture.jpg`, or in Python `striate.load_model(folder)`,",
        "which takes the preprocessed numbers (0..1).",
        "",
        "Trained with:",
        "",
        "```toml",
        config.rstrip(),
        "```",
        "",
    ]
    return "\n".join(rows)


def _score_text(scores: Scores | None) -> str:
    if scores is None:
        return "The training was broken off; it was not scored."
    low, high = scores.accuracy_interval
    return (
        f"On {scores.pictures:,} {scores.part} pictures that it was not trained on it recognised "
        f"{scores.accuracy:.1%} (95 % interval {low:.1%} to {high:.1%}); always answering the most "
        f"frequent class gives {scores.most_frequent:.1%}."
    )
