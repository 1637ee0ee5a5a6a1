"""evaluate: the scores of a trained run, on its own held-out pictures or on other data."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from striate import _check
from striate._counted import counted
from striate.data import Loader
from striate.data.doctor import refuse_inside
from striate.io.writable import require_writable
from striate.tasks.classify.classifier import Classifier, open_classifier
from striate.tasks.classify.labelled import Labelled, held_out, other_data, trained_on
from striate.tasks.figures.canvas import png
from striate.tasks.figures.cases import cases_figure
from striate.tasks.run.run_folder import new_run_folder, write_run_file
from striate.tasks.scoring.label_scores import LabelScores
from striate.tasks.scoring.predictions import Predictions, write_predictions
from striate.tasks.scoring.scores import Scores
from striate.tasks.scoring.worst import Case, worst_cases

__all__ = ["Evaluation", "evaluate"]

_BATCH = 128
_MOST_DRAWN = 120


@dataclass(frozen=True)
class Evaluation:
    """How good a classifier is on some labelled pictures.

    Args:
        scores: of all pictures.
        worst: as many of the worst answers as were asked for.
        folder: where they were written; None where nothing was.
    """

    scores: Scores | LabelScores
    worst: tuple[Case, ...] = ()
    folder: Path | None = None


def evaluate(
    run: str | os.PathLike[str],
    data: str | os.PathLike[str] | None = None,
    *,
    format: str = "auto",
    worst: int = 0,
    out: str | os.PathLike[str] | None = None,
    tta: bool = False,
    say: Callable[[str], object] | None = None,
) -> Evaluation:
    """Scores a trained classifier, and shows its worst answers.

    The probabilities are the net's own: scores and loss are those of the run's report, which says
    beside them what the temperature makes of them. Files are written only where `worst` or `out`
    asks for them, never among the data: scores.json, predictions.safetensors, and the worst
    answers as worst.csv and worst.png.

    Args:
        run: a run folder, or with `data` a model folder.
        data: a folder, table or archive of labelled pictures (of its parts test, else val, else
            train is taken), or the name of a data set, whose test part is taken. Default None:
            the pictures that the run held out, as its data_manifest.json lists them.
        format: of the data, as for `striate.data.formats.open_index`.
        worst: how many of the worst answers are shown: mistakes first, then by the probability
            that the truth was given. The picture holds 120 at most, the table all.
        out: a new or empty folder for the files. Default None: <run>/evaluations/<data>-<n>.
        tta: whether each picture is seen in several views, and the mean taken.
        say: told in sentences what of the data is left out, has changed, or was trained on.

    Raises:
        WeightsError: the model is missing, damaged, or no classifier of pictures.
        DataError: no run folder, data that is missing, broken, or of other classes, or a folder
            that cannot be written.
        ArgumentError: worst is below 0, or a model folder or the data is to be written into.

    Example:
        >>> from striate.tasks.classify import train
        >>> run = train("digits", epochs=1)
        >>> evaluate(run.folder).scores == run.scores
        True
    """
    _check.whole("evaluate", "worst", worst, 0)
    classifier = open_classifier(run)
    writes = bool(worst) or out is not None
    if writes:
        _check_place(Path(run), out, data)
    labelled = _labelled(run, data, classifier, format)
    if say is not None:
        for note in labelled.notes:
            say(note)
    said = _predictions(classifier, labelled, tta)
    scores, cases = said.scores(), tuple(worst_cases(said, worst))
    if not writes:
        return Evaluation(scores)
    folder = _folder(Path(run), out, labelled)
    write_run_file(folder, "scores.json", scores.to_json())
    write_predictions(folder, said)
    if cases:
        write_run_file(folder, "worst.csv", _table(cases))
        images, _, _ = labelled.source.fetch(np.array([c.number for c in cases[:_MOST_DRAWN]]))
        figure = cases_figure(images.numpy(), cases[:_MOST_DRAWN], title=_title(said, cases))
        write_run_file(folder, "worst.png", png(figure))
    return Evaluation(scores, cases, folder)


def _labelled(
    run: str | os.PathLike[str],
    data: str | os.PathLike[str] | None,
    classifier: Classifier,
    format: str,
) -> Labelled:
    """The pictures, and what must be known of them."""
    if data is None:
        return held_out(run, classifier)
    found = other_data(data, classifier, format=format)
    return replace(found, notes=found.notes + trained_on(run, found))


def _predictions(classifier: Classifier, labelled: Labelled, tta: bool) -> Predictions:
    """What the net says, in the order of the pictures."""
    batches = Loader(labelled.source, _BATCH).epoch(0)
    rows = [classifier.probabilities(batch.images, tta=tta, scaled=False) for batch in batches]
    return Predictions(
        labelled.data,
        labelled.part,
        classifier.class_names,
        labelled.names,
        labelled.truth,
        np.concatenate(rows),
        labelled.hashes,
    )


def _check_place(
    run: Path, out: str | os.PathLike[str] | None, data: str | os.PathLike[str] | None
) -> None:
    """Refuses a place where files would not be ours, before anything is computed."""
    if out is None and not (run / "model").is_dir():
        rule = "be named where the model is no run's: a model folder holds nothing else"
        _check.fail("evaluate", "out", rule, None, "For example out='evaluation'.")
    if out is not None and data is not None:
        refuse_inside("evaluate", "out", out, data)
    if out is not None and os.path.lexists(out) and not _is_empty(Path(out)):
        rule = "be a new or an empty folder"
        _check.fail("evaluate", "out", rule, os.fspath(out), "Name another one.")
    require_writable(run / "evaluations" if out is None else out)


def _is_empty(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def _folder(run: Path, out: str | os.PathLike[str] | None, labelled: Labelled) -> Path:
    if out is None:
        return new_run_folder(run / "evaluations", labelled.part)
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        _check.data_fail(f'Folder "{folder}"', "take the evaluation", reason, "Name another one.")
    return folder


def _table(cases: tuple[Case, ...]) -> bytes:
    """The worst answers as CSV; of several classes a picture, joined by |."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["file", "true", "said", "probability", "probability_of_true", "right"])
    for case in cases:
        names = "|".join(name for name, _ in case.said)
        sure = "|".join(f"{probability:.6f}" for _, probability in case.said)
        right = "yes" if case.right else "no"
        row = [case.name, "|".join(case.truth), names, sure, f"{case.chance:.6f}", right]
        writer.writerow(row)
    return text.getvalue().encode("utf-8", "surrogateescape")


def _title(said: Predictions, cases: tuple[Case, ...]) -> str:
    mistakes = int((~said.hits).sum())
    wrong = counted(mistakes, "mistake")
    shown = min(len(cases), _MOST_DRAWN)
    rest = f"the worst {shown}" if shown <= mistakes else "the mistakes, then the least certain"
    return f"{said.part}: {wrong} on {counted(len(said), 'picture')}; {rest}"
