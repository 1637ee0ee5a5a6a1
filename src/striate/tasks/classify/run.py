"""One run: the folder, the training, the scores, the model."""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from striate.errors import DataError
from striate.io.sole_writer import SoleWriter
from striate.models import Model
from striate.tasks.classify.beginning import facts_of, searched, write_beginning
from striate.tasks.classify.fitting import compiled_net, fit
from striate.tasks.classify.fold_scores import Folds
from striate.tasks.classify.memory import require_memory, with_batch
from striate.tasks.classify.saying import net_sentence, plan_sentences
from striate.tasks.config import ClassifyConfig, resolve_config
from striate.tasks.model_card import model_card
from striate.tasks.nets.choice import CONVNET, NetChoice
from striate.tasks.options import TrainOptions
from striate.tasks.pictures.parts import ClassData
from striate.tasks.report import Report, predict_source, write_report
from striate.tasks.run.environment import best_device
from striate.tasks.run.facts import RunFacts
from striate.tasks.run.manifest import part_hashes
from striate.tasks.run.run_folder import new_run_folder, read_run_json
from striate.tasks.run.run_log import RunLog, training_seconds
from striate.tasks.scoring.label_scores import LabelScores
from striate.tasks.scoring.scores import Scores
from striate.tasks.transfer.phases import fit_in_phases
from striate.train.callbacks import Callback
from striate.train.history import History
from striate.train.precision import resolve

__all__ = ["Run", "Say", "silent", "train_in", "train_once"]

Say = Callable[[str], object]


@dataclass(frozen=True)
class Run:
    """A finished training.

    Args:
        folder: where everything lies.
        model: in inference mode; it takes preprocessed pictures.
        class_names: in the order of the model's outputs.
        history: of the epochs.
        scores: on the held-out pictures.
        folds: the summary of all runs where there were folds, else None.
    """

    folder: Path
    model: Model
    class_names: tuple[str, ...]
    history: History
    scores: Scores | LabelScores
    folds: Folds | None = None


def silent(sentence: str) -> None:
    """Says nothing."""


def train_once(
    options: TrainOptions,
    data: ClassData,
    *,
    choice: NetChoice = CONVNET,
    parent: Path | None = None,
    callbacks: Sequence[Callback] = (),
    say: Say = silent,
) -> Run:
    """Trains one net on the training part, and scores it on the held-out pictures.

    Args:
        options: what the user says.
        data: opened by the same options.
        choice: which net, by the same options.
        parent: folder in which the run is fold-<k>-<n>. Default None: <runs>/classify, in which
            it is <name>-<n>.
        callbacks: told of what happens.
        say: told in sentences.

    Raises:
        ArgumentError: options that do not fit the data.
        DivergedError: the loss is not finite.
        PlanError: memory does not suffice; before the first step nothing is written yet.
        KeyboardInterrupt: Ctrl-C, after checkpoint, model and numbers were written.
        SystemExit: SIGTERM, in the same way; its code is 143.
    """
    device = best_device()
    precision = resolve(options.precision, device, place="train")
    for sentence in (*data.found, *data.warnings):
        say(sentence)
    options, of_batch = with_batch(options, data, choice, precision=precision, device=device)
    config, reasons = resolve_config(options, data, precision=precision, net=choice)
    net = compiled_net(data, config, device, choice)
    require_memory(net, data, config)
    sentences = [net_sentence(net, data, choice), *of_batch]
    folder = new_run_folder(
        parent or Path(config.runs) / "classify", f"fold-{config.fold}" if parent else config.name
    )
    with SoleWriter(folder):
        if config.learning_rate is None:
            config, found = searched(net, data, config, folder)
            sentences.append(found)
            net = compiled_net(data, config, device, choice)
        sentences += [*reasons, *plan_sentences(config, data, device, asked=options.precision)]
        for sentence in sentences:
            say(sentence)
        notes = [*data.found, *sentences]
        write_beginning(folder, config, data, notes=notes, base=choice.base)
        return train_in(folder, net, data, config, choice=choice, callbacks=callbacks, say=say)


def train_in(
    folder: Path,
    net: Model,
    data: ClassData,
    config: ClassifyConfig,
    *,
    choice: NetChoice = CONVNET,
    callbacks: Sequence[Callback] = (),
    say: Say = silent,
) -> Run:
    """Trains in a folder where a run has begun, from its last checkpoint on, to its end.

    Args:
        folder: of the run; no other process writes it.
        net: from `compiled_net`.
        data, config: of the run.
        choice: which net.
        callbacks, say: as for `train_once`.

    Raises:
        DivergedError, KeyboardInterrupt, SystemExit: as `train_once`.
    """
    log, facts = RunLog(folder), facts_of(folder, config, data)
    try:
        if choice.base is None:
            history = fit(net, data, config, folder=folder, log=log, callbacks=callbacks, say=say)
        else:
            history = fit_in_phases(
                net, data, config, choice.base, folder=folder, callbacks=callbacks, say=say
            )
    except BaseException as error:
        with contextlib.suppress(DataError):  # a full disk hides no other error
            log.stopped(_reason(error))
        if isinstance(error, KeyboardInterrupt | SystemExit):
            _save(net, folder, facts, report=None)
            say(f"Stopped. The weights so far and their numbers are in {folder}.")
            say(f"Go on with: striate train --resume {shlex.quote(str(folder))}")
        raise
    facts = replace(
        facts,
        history=history.history,
        seconds=training_seconds(folder),
        warnings=[*facts.warnings, *history.notes],
    )
    facts = _with_the_chosen_epoch(facts, config, data, history, say)
    for sentence in dict.fromkeys(note for part in data.parts.values() for note in part.notes):
        say(sentence)
    say(f"Scoring the {data.held_out} pictures.")
    report = _report(folder, net, facts, data)
    _save(net, folder, facts, report=report)
    log.write("finished", accuracy=report.scores.accuracy)
    return Run(folder, net, data.class_names, history, report.scores)


def _reason(error: BaseException) -> str:
    """What has stopped a run, in a word or a sentence."""
    if isinstance(error, KeyboardInterrupt):
        return "Ctrl-C"
    if isinstance(error, SystemExit):
        return "SIGTERM"
    return f"{type(error).__name__}: {error}"


def _with_the_chosen_epoch(
    facts: RunFacts, config: ClassifyConfig, data: ClassData, history: History, say: Say
) -> RunFacts:
    """With early stopping: which epoch was kept, and what that means for the scores."""
    if not config.early_stop or not config.epochs:
        return facts
    losses = history.history["val_loss"]
    before = config.head_epochs or 0  # of these the last one stands
    best = before + int(np.argmin(losses[before:]))
    said = [f"Epoch {best + 1} of {len(losses)} had the lowest validation loss and was kept."]
    warnings = list(facts.warnings)
    if data.held_out == "validation":
        warnings.append(
            "The scored pictures are those that chose the epoch: the scores are a little too good."
        )
    for sentence in [*said, *warnings[len(facts.warnings) :]]:
        say(sentence)
    return replace(facts, notes=[*facts.notes, *said], warnings=warnings)


def _report(folder: Path, net: Model, facts: RunFacts, data: ClassData) -> Report:
    """Asks the net about the pictures that it was not trained on, and writes what it answers."""
    manifest = read_run_json(folder, "data_manifest.json")
    answers = {
        name: predict_source(
            net,
            part.source,
            part.labels,
            facts=facts,
            part=name,
            names=part.names,
            hashes=part_hashes(manifest, name),
        )
        for name, part in data.parts.items()
        if name != "train"
    }
    held_out = answers.pop(data.held_out)
    return write_report(
        folder,
        net,
        facts,
        held_out=held_out,
        source=data.parts[data.held_out].source,
        validation=answers.get("validation"),
    )


def _save(net: Model, folder: Path, facts: RunFacts, *, report: Report | None) -> None:
    scores = report.scores if report else None
    temperature = report.calibration.temperature if report else None
    net.save(
        folder / "model",
        labels=facts.class_names,
        preprocess=facts.preprocess,
        details=None if temperature is None else {"temperature": temperature},
        card=model_card(net.name, facts, scores=scores, temperature=temperature),
    )
