"""A run that was stopped goes on: which one, with which settings, on which data."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from striate import _check
from striate.errors import DataError
from striate.io.sole_writer import SoleWriter
from striate.models.loading import load_model
from striate.tasks.classify.beginning import data_manifest
from striate.tasks.classify.fitting import compiled_net
from striate.tasks.classify.run import Run, Say, train_in
from striate.tasks.config import ClassifyConfig, resolve_config
from striate.tasks.nets.choice import CONVNET, NetChoice, choose_net
from striate.tasks.options import TrainOptions
from striate.tasks.pictures.class_data import open_class_data
from striate.tasks.pictures.parts import ClassData
from striate.tasks.report import clear_report
from striate.tasks.run.data_difference import data_difference
from striate.tasks.run.environment import best_device, run_environment
from striate.tasks.run.metrics_log import history_of
from striate.tasks.run.run_folder import read_run_json
from striate.tasks.run.run_log import RunLog, is_finished
from striate.tasks.run.runs import read_settings
from striate.tasks.scoring.predictions import read_predictions
from striate.train.callbacks import Callback
from striate.train.precision import resolve

__all__ = ["config_of", "resume_run", "unfinished_like"]

_OPTIONAL = (
    "channels",
    "validation",
    "group_by",
    "fold",
    "weights",
    "weights_sha256",
    "freeze_until",
    "head_epochs",
    "head_learning_rate",
    "depth_decay",
    "filters",
    "dropout",
    "learning_rate",
    "momentum",
)
"""Settings that may be None, which config.toml leaves out."""

_OF_PLACE = ("data", "runs")
"""Settings that say where things are: data are known by their content."""


def resume_run(
    folder: Path, said: Mapping[str, Any], *, callbacks: Sequence[Callback], say: Say
) -> Run:
    """Goes on with a run from its last checkpoint; one that is finished is only read.

    Args:
        folder: of the run.
        said: option -> value, of what the user says beside it; it must be the run's own.
        callbacks, say: as for `train`.

    Raises:
        ArgumentError: other settings than the run's.
        DataError: no run of a training, other data than the run's, or another process trains it.
    """
    config = config_of(folder)
    _require_own(folder, config, said)
    config = replace(config, on_oom=said.get("on_oom") or config.on_oom)
    with SoleWriter(folder):
        if is_finished(folder):
            say(f"The run {folder} is finished: there is nothing left to do.")
            return _finished(folder)
        where = str(said.get("data") or config.data)
        options = replace(_options_of(config), data=where)
        choice = choose_net(options)
        data = open_class_data(where, options, wanted=choice.wanted, resumed=True)
        odd = data_difference(read_run_json(folder, "data_manifest.json"), data_manifest(data))
        if odd:
            fix = "Bring the data back, or begin a new run."
            _check.data_fail(f'Data "{where}"', f"be those of the run {folder}", odd, fix)
        return _go_on(folder, config, data, choice, callbacks=callbacks, say=say)


def unfinished_like(
    options: TrainOptions, data: ClassData, *, choice: NetChoice = CONVNET, say: Say
) -> Path | None:
    """The newest run that was stopped, of the same settings and the same data; None without one.

    Args:
        options: of the training.
        data: opened by them.
        choice: the net that they name.
        say: told why a run of the same settings is not taken.
    """
    precision = resolve(options.precision, best_device(), place="train")

    def wanted(folder: Path) -> ClassifyConfig:
        batch = options.batch_size
        own = config_of(folder).batch_size if batch == "auto" else batch
        return resolve_config(
            replace(options, batch_size=own), data, precision=precision, net=choice
        )[0]

    found: list[tuple[str, int, Path]] = []
    now: dict[str, Any] = {}
    for path in (Path(options.runs) / "classify").glob("*/config.toml"):
        folder = path.parent
        try:
            same = not is_finished(folder) and _is_like(folder, wanted(folder))
            started = str(read_run_json(folder, "env.json").get("started")) if same else ""
            manifest = read_run_json(folder, "data_manifest.json") if same else {}
        except DataError:
            continue
        if not same:
            continue
        now = now or data_manifest(data)
        odd = data_difference(manifest, now)
        if odd:
            say(f"The run {folder} is not resumed, as its data are others now: {odd}.")
            continue
        found.append((started, _number(folder), folder))
    return max(found)[2] if found else None


def _go_on(
    folder: Path,
    config: ClassifyConfig,
    data: ClassData,
    choice: NetChoice,
    *,
    callbacks: Sequence[Callback],
    say: Say,
) -> Run:
    for sentence in (*data.found, *data.warnings):
        say(sentence)
    say(f"The run {folder} is resumed.")
    machine = run_environment()
    RunLog(folder).write("resumed", environment=machine)
    clear_report(folder)
    net = compiled_net(data, config, best_device(), choice)
    return train_in(folder, net, data, config, choice=choice, callbacks=callbacks, say=say)


def _finished(folder: Path) -> Run:
    """What a finished run has left."""
    said = read_predictions(folder)
    model = load_model(folder / "model")
    return Run(folder, model, said.class_names, history_of(folder), said.scores())


def config_of(folder: Path) -> ClassifyConfig:
    """The settings of a run, as config.toml holds them.

    Args:
        folder: of the run.

    Raises:
        DataError: no run, one of another task, or settings that this version does not know.
    """
    place = f'Run "{folder}"'
    fix = "Name a folder that striate train made, such as runs/classify/digits-1."
    if (folder / "folds.json").exists() or any(folder.glob("fold-*/config.toml")):
        runs = sorted(path.parent.name for path in folder.glob("fold-*/config.toml"))
        fix = "Begin a new run."
        if runs:
            fix = f"Name the run of the fold that was stopped, such as {folder / runs[-1]}."
        _check.data_fail(place, "be one run to be resumed", f"{len(runs)} folds", fix)
    settings = read_settings(folder)
    names = [each.name for each in fields(ClassifyConfig)]
    odd = set(settings) ^ set(names) - set(_OPTIONAL)
    if odd - set(_OPTIONAL) or settings.get("task") != "classify":
        got = ", ".join(sorted(odd)) or f"the task {settings.get('task')}"
        _check.data_fail(place, "hold the settings of a training of this version", got, fix)
    values: dict[str, Any] = {name: settings.get(name) for name in names}
    return ClassifyConfig(**values)


def _options_of(config: ClassifyConfig) -> TrainOptions:
    values = asdict(config)
    return TrainOptions(**{each.name: values[each.name] for each in fields(TrainOptions)})


def _require_own(folder: Path, config: ClassifyConfig, said: Mapping[str, Any]) -> None:
    """Refuses settings that are not the run's; what leaves the choice to us is always its own."""
    own = asdict(config)
    odd = [
        f"{name}: {own[name]} → {value}"
        for name, value in said.items()
        if name not in _OF_PLACE and value not in ("auto", None, own[name])
        if not (name == "ema" and value is True and own["ema"])
        if not (name == "on_oom" and value == "try")  # it changes nothing of the run
    ]
    if odd:
        fix = "Leave them out, or begin a new run without --resume."
        rule = f"go on with the settings of {folder}"
        _check.fail("train", "resume", rule, "; ".join(odd), fix)


def _is_like(folder: Path, wanted: ClassifyConfig) -> bool:
    """Whether a run has these settings; its rate may be any that was searched, where one is."""
    own, other = asdict(config_of(folder)), asdict(wanted)
    if wanted.learning_rate is None and (folder / "lr_find.png").is_file():
        own["learning_rate"] = None
    for each in (own, other):
        del each["runs"]
        each["data"] = os.path.abspath(each["data"])
    return own == other


def _number(folder: Path) -> int:
    digits = folder.name.rpartition("-")[2]
    return int(digits) if digits.isdecimal() else 0
