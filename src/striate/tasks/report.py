"""What a finished run leaves behind: scores, calibration, predictions, pictures, report.html."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from striate import _check
from striate.data import Loader, Source
from striate.models import Model
from striate.tasks.figures import (
    confusion_figure,
    curves_figure,
    features_figure,
    mistakes_figure,
    png,
)
from striate.tasks.figures.features import feature_layers
from striate.tasks.page.whole import report_page
from striate.tasks.run.facts import RunFacts
from striate.tasks.run.run_folder import write_run_file
from striate.tasks.scoring.calibration import Calibration, calibrate
from striate.tasks.scoring.label_scores import LabelScores
from striate.tasks.scoring.predictions import Predictions, write_predictions
from striate.tasks.scoring.scores import Scores
from striate.tasks.scoring.worst import best_number, worst_cases

__all__ = ["WORST", "Report", "clear_report", "predict_source", "write_report"]

WORST = 25
_ON_SHEET = 24
_FILES = (
    "scores.json",
    "calibration.json",
    "predictions.safetensors",
    "curves.png",
    "confusion.png",
    "mistakes.png",
    "features.png",
    "report.html",
)
_BATCH = 128


@dataclass(frozen=True)
class Report:
    """What a report says in numbers.

    Args:
        scores: on the held-out pictures.
        calibration: on the same.
    """

    scores: Scores | LabelScores
    calibration: Calibration


def predict_source(
    model: Model,
    source: Source,
    truth: npt.NDArray[Any],
    *,
    facts: RunFacts,
    part: str,
    names: Sequence[str],
    hashes: Sequence[bytes] | None = None,
) -> Predictions:
    """What a model answers about labelled pictures.

    Args:
        model: with one output a class: softmax, or sigmoid where there are several.
        source: of the pictures.
        truth: (n,) class numbers, or (n, q) 0 and 1.
        facts: data, class names and preprocessing.
        part: what the pictures are called.
        names: of the pictures.
        hashes: of their files, where they are files.
    """
    batches = Loader(source, _BATCH, preprocess=facts.preprocess)
    probabilities = np.asarray(model.predict(batches), np.float32)
    return Predictions(facts.data, part, facts.class_names, names, truth, probabilities, hashes)


def write_report(
    folder: Path,
    model: Model,
    facts: RunFacts,
    *,
    held_out: Predictions,
    source: Source,
    validation: Predictions | None = None,
) -> Report:
    """Writes what the held-out pictures say about a model into its run folder.

    scores.json, calibration.json, predictions.safetensors, curves.png and report.html; for one
    class a picture also confusion.png, mistakes.png and, where the net has maps, features.png.

    Args:
        folder: of the run; batch0.png in it is shown on the page.
        model: that answered.
        facts: what is known of the run.
        held_out: the answers about the held-out pictures.
        source: of the held-out pictures.
        validation: the answers about other pictures, on which the temperature is fitted; None
            to cross-fit it on the held-out ones.

    Raises:
        DataError: the disk refuses, or the folder has a report already.
    """
    scores = held_out.scores()
    fit = None if validation is None else (validation.probabilities, validation.truth)
    found = calibrate(held_out.probabilities, held_out.truth, part=held_out.part, fit=fit)
    write_run_file(folder, "scores.json", scores.to_json())
    write_run_file(folder, "calibration.json", found.to_json())
    write_predictions(folder, held_out)
    curves = curves_figure(facts.history, title=f"Training of {folder.name}")
    write_run_file(folder, "curves.png", png(curves))
    cases = worst_cases(held_out, WORST)
    images = _pictures(source, [case.number for case in cases])
    mistakes = int((~held_out.hits).sum())
    if isinstance(scores, Scores):
        write_run_file(folder, "confusion.png", png(confusion_figure(scores)))
        _write_examples(folder, model, facts, held_out=held_out, source=source)
    text = report_page(
        folder.name,
        facts,
        scores=scores,
        calibration=found,
        cases=cases,
        images=images,
        mistakes=mistakes,
        sheet=_sheet(folder),
    )
    write_run_file(folder, "report.html", text)
    return Report(scores, found)


def clear_report(folder: Path) -> None:
    """Removes what a run that was killed while it wrote its report has left of it.

    Raises:
        DataError: the disk refuses.
    """
    for name in _FILES:
        try:
            (folder / name).unlink(missing_ok=True)
        except OSError as error:
            reason = error.strerror or str(error)
            fix = "Check the rights of the folder."
            _check.data_fail(f'Run "{folder}"', f"let its {name} be replaced", reason, fix)


def _write_examples(
    folder: Path, model: Model, facts: RunFacts, *, held_out: Predictions, source: Source
) -> None:
    """mistakes.png, and features.png of the picture that the net is surest of."""
    cases = worst_cases(held_out, _ON_SHEET)
    chosen = [case.number for case in cases]
    sheet = mistakes_figure(
        _pictures(source, chosen),
        held_out.probabilities[chosen],
        held_out.truth[chosen],
        class_names=facts.class_names,
        mistakes=int((~held_out.hits).sum()),
        pictures=len(held_out),
    )
    write_run_file(folder, "mistakes.png", png(sheet))
    if not feature_layers(model):
        return
    best = best_number(held_out)
    features = features_figure(
        model,
        _pictures(source, [best])[0],
        preprocess=facts.preprocess,
        label=f"{facts.class_names[held_out.truth[best]]} ({held_out.names[best]})",
    )
    write_run_file(folder, "features.png", png(features))


def _pictures(source: Source, numbers: list[int]) -> npt.NDArray[Any]:
    images, _, _ = source.fetch(np.array(numbers, np.int64))
    return np.asarray(images.numpy())


def _sheet(folder: Path) -> bytes | None:
    path = folder / "batch0.png"
    return path.read_bytes() if path.is_file() else None
