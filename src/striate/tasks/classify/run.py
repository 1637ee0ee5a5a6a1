"""One run: the folder, the training, the scores, the model."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from striate.data import ArraySource, Subset
from striate.models import Model
from striate.records import Batch
from striate.tasks.classify.fitting import (
    augmentation,
    compiled_net,
    fit,
    search_rate,
    training_batches,
)
from striate.tasks.classify.fold_scores import Folds
from striate.tasks.classify.saying import net_sentence, plan_sentences, rate_sentence
from striate.tasks.config import ClassifyConfig, resolve_config
from striate.tasks.environment import best_device, run_environment
from striate.tasks.facts import RunFacts
from striate.tasks.figures import batch_figure, lr_find_figure, png
from striate.tasks.label_scores import LabelScores
from striate.tasks.manifest import hashed, part_hashes
from striate.tasks.model_card import model_card
from striate.tasks.options import TrainOptions
from striate.tasks.parts import ClassData
from striate.tasks.report import Report, predict_source, write_report
from striate.tasks.run_folder import new_run_folder, read_run_json, to_toml, write_run_file
from striate.tasks.scores import Scores
from striate.train.callbacks import Callback
from striate.train.history import History
from striate.train.precision import resolve

__all__ = ["Run", "Say", "silent", "train_once"]

Say = Callable[[str], object]

_RATE_WITHOUT_A_VALLEY = {"sgd": 0.05, "adamw": 2e-3}


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
    parent: Path | None = None,
    callbacks: Sequence[Callback] = (),
    say: Say = silent,
) -> Run:
    """Trains one net on the training part, and scores it on the held-out pictures.

    Args:
        options: what the user says.
        data: opened by the same options.
        parent: folder in which the run is fold-<k>-<n>. Default None: <runs>/classify, in which
            it is <name>-<n>.
        callbacks: told of what happens.
        say: told in sentences.

    Raises:
        ArgumentError: options that do not fit the data.
        DivergedError: the loss is not finite.
        KeyboardInterrupt: Ctrl-C, after model and numbers were written.
    """
    device = best_device()
    precision = resolve(options.precision, device, place="train")
    config, reasons = resolve_config(options, data, precision=precision)
    for sentence in (*data.found, *data.warnings):
        say(sentence)
    net = compiled_net(data, config, device)
    sentences = [net_sentence(net, data, config)]
    folder = new_run_folder(
        parent or Path(config.runs) / "classify", f"fold-{config.fold}" if parent else config.name
    )
    if config.learning_rate is None:
        config, searched = _searched(net, data, config, folder)
        sentences.append(searched)
        net = compiled_net(data, config, device)
    sentences += [*reasons, *plan_sentences(config, data, device, asked=options.precision)]
    for sentence in sentences:
        say(sentence)
    facts = _write_beginning(folder, config, data, notes=[*data.found, *sentences])
    started = time.perf_counter()
    try:
        history = fit(net, data, config, folder=folder, callbacks=callbacks)
    except KeyboardInterrupt:
        _save(net, folder, facts, report=None)
        say(f"Stopped. The weights so far and their numbers are in {folder}.")
        raise
    facts = replace(facts, history=history.history, seconds=time.perf_counter() - started)
    facts = _with_the_chosen_epoch(facts, config, data, history, say)
    for sentence in dict.fromkeys(note for part in data.parts.values() for note in part.notes):
        say(sentence)
    say(f"Scoring the {data.held_out} pictures.")
    report = _report(folder, net, facts, data)
    _save(net, folder, facts, report=report)
    return Run(folder, net, data.class_names, history, report.scores)


def _searched(
    net: Model, data: ClassData, config: ClassifyConfig, folder: Path
) -> tuple[ClassifyConfig, str]:
    """The settings with a learning rate that a short run suggests; its curve is written."""
    sweep = search_rate(net, data, config)
    write_run_file(
        folder, "lr_find.png", png(lr_find_figure(sweep, title=f"Learning rates for {data.name}"))
    )
    rate = sweep.suggestion or _RATE_WITHOUT_A_VALLEY[config.optimizer]
    return replace(config, learning_rate=rate), rate_sentence(sweep, rate)


def _with_the_chosen_epoch(
    facts: RunFacts, config: ClassifyConfig, data: ClassData, history: History, say: Say
) -> RunFacts:
    """With early stopping: which epoch was kept, and what that means for the scores."""
    if not config.early_stop:
        return facts
    losses = history.history["val_loss"]
    best = int(np.argmin(losses))
    said = [f"Epoch {best + 1} of {len(losses)} had the lowest validation loss and was kept."]
    warnings = list(facts.warnings)
    if data.held_out == "validation":
        warnings.append(
            "The scored pictures are those that chose the epoch: the scores are a little too good."
        )
    for sentence in [*said, *warnings[len(facts.warnings) :]]:
        say(sentence)
    return replace(facts, notes=[*facts.notes, *said], warnings=warnings)


def _write_beginning(
    folder: Path, config: ClassifyConfig, data: ClassData, *, notes: Sequence[str]
) -> RunFacts:
    """Writes what is known before the first step, and gives it for the report."""
    settings, machine = to_toml(asdict(config)), run_environment()
    manifest = hashed({**data.manifest, "held_out": data.held_out}, _arrays(data))
    write_run_file(folder, "config.toml", settings)
    write_run_file(folder, "env.json", machine)
    write_run_file(folder, "data_manifest.json", manifest)
    write_run_file(folder, "batch0.png", png(_first_batch(data, config)))
    count = len(data.class_names)
    return RunFacts(
        data.name,
        data.class_names,
        data.preprocess,
        config=settings,
        counts={name: part.counts(count).tolist() for name, part in data.parts.items()},
        notes=notes,
        warnings=data.warnings,
        environment=machine,
        data_hash=manifest["data_sha256"],
    )


def _first_batch(data: ClassData, config: ClassifyConfig) -> Any:
    """The first batch as the net sees it, augmented."""
    batch: Batch = next(iter(training_batches(data, config).epoch(0)))
    batch = augmentation(config)(batch, seed=config.seed, epoch=0, step=0)
    return batch_figure(batch, data.preprocess, class_names=data.class_names)


def _arrays(data: ClassData) -> dict[str, list[npt.NDArray[Any]]]:
    """The arrays of the parts that are no files."""
    found = {}
    for name, part in data.parts.items():
        source = part.source
        if isinstance(source, Subset) and isinstance(source.source, ArraySource):
            chosen = torch.from_numpy(source.numbers)
            found[name] = [source.source.images[chosen].numpy(), part.labels]
    return found


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
