"""train: from labelled pictures to a trained, scored model in a run folder."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from striate import optimizers
from striate.data import ArraySource, Loader
from striate.losses import SparseCategoricalCrossentropy
from striate.models import Model
from striate.tasks.class_data import ClassData, open_class_data
from striate.tasks.config import ClassifyConfig, resolve_config
from striate.tasks.convnet import convnet
from striate.tasks.environment import best_device, run_environment
from striate.tasks.facts import RunFacts
from striate.tasks.figures import batch_figure, png
from striate.tasks.label_scores import LabelScores
from striate.tasks.manifest import hashed, part_hashes
from striate.tasks.metrics_log import run_logs
from striate.tasks.model_card import model_card
from striate.tasks.report import Report, predict_source, write_report
from striate.tasks.run_folder import new_run_folder, read_run_json, to_toml, write_run_file
from striate.tasks.scores import Scores
from striate.tasks.survey import check_readable
from striate.train.callbacks import Callback
from striate.train.history import History
from striate.train.precision import resolve

__all__ = ["Run", "train"]

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
    """

    folder: Path
    model: Model
    class_names: tuple[str, ...]
    history: History
    scores: Scores | LabelScores


def train(
    data: str | os.PathLike[str],
    *,
    epochs: int | None = None,
    batch_size: int | None = None,
    size_px: int | None = None,
    learning_rate: float | None = None,
    precision: str = "auto",
    seed: int = 0,
    validation: float | None = None,
    name: str | None = None,
    runs: str | os.PathLike[str] = "runs",
    callbacks: Sequence[Callback] = (),
    say: Say | None = None,
) -> Run:
    """Trains a convnet on labelled pictures, scores it on held-out ones, writes a run folder.

    The net is `convnet`, trained by gradient descent with Nesterov's momentum under a one-cycle
    schedule. The last weights are kept: nothing is chosen by the held-out pictures, so that the
    scores are honest. Every picture is decoded once before training begins; a broken one ends
    the run with its name. Ctrl-C ends after the step, and the run folder keeps model and numbers.

    Args:
        data: a folder with one folder a class (perhaps below train/, val/, test/), or the name of
            a data set: mnist, fashion_mnist, cifar10, digits.
        epochs: passes over the training pictures. Default None: 10 to 40 by their number.
        batch_size: pictures a step. Default None: 32 below 10,000 pictures, else 128.
        size_px: side to which a folder's pictures are brought. Default None: the median of their
            shorter sides, from 16 to 128.
        learning_rate: peak of the schedule. Default None: by the batch size.
        precision: "float32", "bfloat16", or "auto": bfloat16 where the device multiplies it.
        seed: of weights, order, draws and held-out pictures.
        validation: fraction of each class that is held out where the data does not say. Default
            None: 0.2, or 0.1 where there is a test part.
        name: of the run. Default None: the data's.
        runs: the folder of runs; the new one is <runs>/classify/<name>-<n>.
        callbacks: told of what happens, such as `striate.callbacks.ProgressBar()`.
        say: told in sentences what is found, chosen and done.

    Raises:
        ArgumentError: an unknown name, or a number out of its range.
        DataError: a folder or picture that cannot be used.
        DivergedError: the loss is not finite.
        KeyboardInterrupt: Ctrl-C, after model and numbers were written.

    Example:
        >>> run = train("digits", epochs=1)
        >>> run.folder.as_posix(), run.scores.pictures
        ('runs/classify/digits-1', 355)
    """
    say = say or _silent
    found = open_class_data(data, size_px=size_px, validation=validation, seed=seed)
    device = best_device()
    config = resolve_config(
        os.fspath(data),
        name or found.name,
        pictures=len(found.parts["train"]),
        input_shape=found.input_shape,
        epochs=epochs,
        batch_size=batch_size,
        learning_rate=learning_rate,
        precision=resolve(precision, device, place="train"),
        seed=seed,
    )
    for sentence in found.found:
        say(sentence)
    for part in found.parts.values():
        check_readable(part.source, Path(data))
    model = _net(found, config).to(device)
    folder = new_run_folder(Path(runs) / "classify", config.name)
    say(_net_sentence(model, found, config))
    say(_plan_sentence(config, found, device, asked=precision))
    facts = _write_beginning(folder, config, found)
    started = time.perf_counter()
    history = _fit(model, found, facts, config, folder, callbacks=callbacks, say=say)
    facts = replace(facts, history=history.history, seconds=time.perf_counter() - started)
    say("Scoring the held-out pictures.")
    report = _report(folder, model, facts, found)
    _save(model, folder, facts, report=report)
    return Run(folder, model, found.class_names, history, report.scores)


def _silent(sentence: str) -> None:
    """Says nothing."""


def _net(data: ClassData, config: ClassifyConfig) -> Model:
    """The net with weights drawn from the seed; torch's own generator is left as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        return convnet(data.input_shape, len(data.class_names), dropout=config.dropout)


def _net_sentence(model: Model, data: ClassData, config: ClassifyConfig) -> str:
    height, width, channels = data.input_shape
    end_h, end_w = model.get_layer("mean").input.shape[1:3]
    large = model.get_layer("block1_conv1").strides != (1, 1)
    stride = "; strides of 2 at once, as the pictures are large" if large else ""
    return (
        f"Net: {config.net}, as it trains fast and needs no weights from elsewhere: blocks of "
        f"3 × 3 convolutions from {height} × {width} × {channels} down to {end_h} × {end_w}"
        f"{stride}; {model.count_params():,} parameters, {len(data.class_names)} classes."
    )


def _plan_sentence(
    config: ClassifyConfig, data: ClassData, device: torch.device, *, asked: str
) -> str:
    chosen = " (chosen by auto)" if asked == "auto" else ""
    steps = -(-len(data.parts["train"]) // config.batch_size)
    threads = f" with {torch.get_num_threads()} threads" if device.type == "cpu" else ""
    return (
        f"Training: {config.epochs} epochs of {steps:,} steps, batches of {config.batch_size}, "
        f"learning rate up to {config.learning_rate:.3g}, {config.precision}{chosen}, "
        f"{device}{threads}, seed {config.seed}."
    )


def _write_beginning(folder: Path, config: ClassifyConfig, data: ClassData) -> RunFacts:
    """Writes what is known before the first step, and gives it for the report."""
    settings, machine = to_toml(asdict(config)), run_environment()
    manifest = hashed({**data.manifest, "held_out": data.held_out}, _arrays(data))
    write_run_file(folder, "config.toml", settings)
    write_run_file(folder, "env.json", machine)
    write_run_file(folder, "data_manifest.json", manifest)
    batches = _training_batches(data, config)
    first = next(iter(batches.epoch(0)))
    figure = batch_figure(first, data.preprocess, class_names=data.class_names)
    write_run_file(folder, "batch0.png", png(figure))
    count = len(data.class_names)
    return RunFacts(
        data.name,
        data.class_names,
        data.preprocess,
        config=settings,
        counts={
            name: np.bincount(part.labels, minlength=count).tolist()
            for name, part in data.parts.items()
        },
        notes=data.found,
        environment=machine,
        data_hash=manifest["data_sha256"],
    )


def _arrays(data: ClassData) -> dict[str, list[npt.NDArray[Any]]]:
    """The arrays of the parts that are no files."""
    return {
        name: [part.source.images.numpy(), part.labels]
        for name, part in data.parts.items()
        if isinstance(part.source, ArraySource)
    }


def _report(folder: Path, model: Model, facts: RunFacts, data: ClassData) -> Report:
    """Asks the net about the pictures that it was not trained on, and writes what it answers."""
    manifest = read_run_json(folder, "data_manifest.json")
    answers = {
        name: predict_source(
            model,
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
        model,
        facts,
        held_out=held_out,
        source=data.parts[data.held_out].source,
        validation=answers.get("validation"),
    )


def _training_batches(data: ClassData, config: ClassifyConfig) -> Loader:
    return data.parts["train"].batches(
        config.batch_size, data.preprocess, shuffle=True, seed=config.seed
    )


def _fit(
    model: Model,
    data: ClassData,
    facts: RunFacts,
    config: ClassifyConfig,
    folder: Path,
    *,
    callbacks: Sequence[Callback],
    say: Say,
) -> History:
    batches = _training_batches(data, config)
    steps = max(2, config.epochs * batches.steps_per_epoch)
    schedule = optimizers.schedules.OneCycle(config.learning_rate, steps)
    optimizer = optimizers.SGD(
        schedule, config.momentum, nesterov=True, weight_decay=config.weight_decay
    )
    loss = SparseCategoricalCrossentropy(label_smoothing=config.label_smoothing)
    model.compile(optimizer, loss, metrics=["accuracy"])
    held = data.parts.get("validation")
    try:
        return model.fit(
            batches,
            epochs=config.epochs,
            validation_data=held.batches(128, data.preprocess) if held else None,
            precision=config.precision,
            seed=config.seed,
            verbose=0,
            callbacks=[*run_logs(folder), *callbacks],
        )
    except KeyboardInterrupt:
        _save(model, folder, facts, report=None)
        say(f"Stopped. The weights so far and their numbers are in {folder}.")
        raise


def _save(model: Model, folder: Path, facts: RunFacts, *, report: Report | None) -> None:
    scores = report.scores if report else None
    temperature = report.calibration.temperature if report else None
    model.save(
        folder / "model",
        labels=facts.class_names,
        preprocess=facts.preprocess,
        details=None if temperature is None else {"temperature": temperature},
        card=model_card(model.name, facts, scores=scores, temperature=temperature),
    )
