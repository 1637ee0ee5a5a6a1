"""Folds: several runs of one setting, each scored on other pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from striate import _check
from striate.tasks.classify.fold_scores import summary_of
from striate.tasks.classify.memory import with_batch
from striate.tasks.classify.run import Run, Say, train_once
from striate.tasks.nets.choice import NetChoice, choose_net
from striate.tasks.options import TrainOptions
from striate.tasks.pictures.class_data import open_class_data
from striate.tasks.pictures.parts import ClassData
from striate.tasks.run.environment import best_device
from striate.tasks.run.run_folder import new_run_folder, write_run_file
from striate.train.callbacks import Callback
from striate.train.precision import resolve

__all__ = ["train_folds"]


def train_folds(options: TrainOptions, *, callbacks: Sequence[Callback], say: Say) -> Run:
    """One run a fold; each picture is held out once. See `train`."""
    say = _once(say)
    folder, run = None, None
    runs: list[str] = []
    accuracies: list[float] = []
    choice = choose_net(options)
    for fold in range(1, options.folds + 1):
        say(f"Fold {fold} of {options.folds}.")
        own = replace(options, fold=fold)
        data = open_class_data(options.data or "", own, wanted=choice.wanted)
        if folder is None:
            options = _with_batch(own, data, choice, say)
            own = replace(options, fold=fold)
            name = f"{options.name or data.name}-folds"
            folder = new_run_folder(Path(options.runs) / "classify", name)
        run = train_once(own, data, choice=choice, parent=folder, callbacks=callbacks, say=say)
        runs.append(run.folder.name)
        accuracies.append(run.scores.accuracy)
    if run is None or folder is None:
        _check.fail("train", "folds", "be 2 or more", options.folds)
    found = summary_of(folder, runs, accuracies)
    write_run_file(folder, "folds.json", {**asdict(found), "folder": folder.name})
    say(
        f"Accuracy over {len(runs)} folds: {found.mean:.4f} ± {found.margin:.4f} "
        f"(95 % interval of the mean, from {min(accuracies):.4f} to {max(accuracies):.4f})."
    )
    return replace(run, folds=found)


def _with_batch(
    options: TrainOptions, data: ClassData, choice: NetChoice, say: Say
) -> TrainOptions:
    """One batch for all folds."""
    device = best_device()
    precision = resolve(options.precision, device, place="train")
    options, sentences = with_batch(options, data, choice, precision=precision, device=device)
    for sentence in sentences:
        say(sentence)
    return options


def _once(say: Say) -> Say:
    """Says no sentence twice: folds have much in common."""
    said: set[str] = set()

    def told(sentence: str) -> None:
        if sentence not in said:
            said.add(sentence)
            say(sentence)

    return told
