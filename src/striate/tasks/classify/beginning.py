"""The beginning of a run: its settings, its net, and what is written before the first step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy.typing as npt
import torch

from striate.data import ArraySource, Subset
from striate.models import Model
from striate.records import Batch
from striate.tasks.classify.fitting import augmentation, search_rate, training_batches
from striate.tasks.classify.saying import rate_sentence
from striate.tasks.config import ClassifyConfig
from striate.tasks.figures import batch_figure, lr_find_figure, png
from striate.tasks.nets.base import Base
from striate.tasks.pictures.parts import ClassData
from striate.tasks.run.environment import run_environment
from striate.tasks.run.facts import RunFacts
from striate.tasks.run.manifest import hashed
from striate.tasks.run.run_folder import read_run_json, to_toml, write_run_file
from striate.tasks.run.run_log import RunLog, read_events

__all__ = ["BASE_FILE", "data_manifest", "facts_of", "searched", "write_beginning"]

BASE_FILE = "base.json"
"""What is known of the weights with which a run began."""

_RATE_WITHOUT_A_VALLEY = {"sgd": 0.05, "adamw": 2e-3}


def searched(
    net: Model, data: ClassData, config: ClassifyConfig, folder: Path
) -> tuple[ClassifyConfig, str]:
    """The settings with a learning rate that a short run suggests; its curve is written."""
    sweep = search_rate(net, data, config)
    write_run_file(
        folder, "lr_find.png", png(lr_find_figure(sweep, title=f"Learning rates for {data.name}"))
    )
    rate = sweep.suggestion or _RATE_WITHOUT_A_VALLEY[config.optimizer]
    return replace(config, learning_rate=rate), rate_sentence(sweep, rate)


def write_beginning(
    folder: Path,
    config: ClassifyConfig,
    data: ClassData,
    *,
    notes: Sequence[str],
    base: Base | None = None,
) -> None:
    """Writes what is known before the first step; config.toml is the last, so all is there then.

    Args:
        folder: of the run.
        config: with a learning rate.
        data: that is trained on.
        notes: sentences about the data and what was chosen.
        base: the weights with which the net begins, or None.
    """
    write_run_file(folder, "env.json", run_environment())
    if base is not None:
        write_run_file(folder, BASE_FILE, {"net": base.architecture.name, **base.facts})
    write_run_file(folder, "data_manifest.json", data_manifest(data))
    write_run_file(folder, "batch0.png", png(_first_batch(data, config)))
    RunLog(folder).write("begun", notes=list(notes))
    write_run_file(folder, "config.toml", to_toml(asdict(config)))


def data_manifest(data: ClassData) -> dict[str, Any]:
    """Which pictures the data is made of, with the hash of each."""
    return hashed({**data.manifest, "held_out": data.held_out}, _arrays(data))


def facts_of(folder: Path, config: ClassifyConfig, data: ClassData) -> RunFacts:
    """What is known of a run that has begun, for its report.

    Args:
        folder: in which `write_beginning` wrote.
        config, data: of the run.
    """
    begun = next((row for row in read_events(folder) if row["event"] == "begun"), {})
    count = len(data.class_names)
    return RunFacts(
        data.name,
        data.class_names,
        data.preprocess,
        config=to_toml(asdict(config)),
        counts={name: part.counts(count).tolist() for name, part in data.parts.items()},
        notes=list(map(str, begun.get("notes", []))),
        warnings=data.warnings,
        environment=read_run_json(folder, "env.json"),
        data_hash=read_run_json(folder, "data_manifest.json")["data_sha256"],
        base=read_run_json(folder, BASE_FILE) if config.weights else {},
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
