"""The first phase: the last layer is trained on the features of the frozen net."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from striate import optimizers
from striate.data import ArraySource, Loader
from striate.layers import Dense, Dropout
from striate.models import Input, Model, Sequential
from striate.records import Preprocess
from striate.tasks.classify.loss import class_weight, loss_of, metrics_of
from striate.tasks.config import ClassifyConfig
from striate.tasks.nets.base import Base
from striate.tasks.nets.building import DROPOUT, HEAD
from striate.tasks.pictures.parts import ClassData, Part
from striate.tasks.run.metrics_log import METRICS_FILE, MetricsLog
from striate.tasks.run.run_log import RunLog
from striate.tasks.transfer.features import Features, Say, features_of
from striate.train import norms_and_biases
from striate.train.history import History

__all__ = ["PHASE", "train_head"]

_WEIGHT_DECAY = 0.05
PHASE = "head"
"""What the lines of metrics.jsonl and log.jsonl call it."""


def train_head(
    net: Model, data: ClassData, config: ClassifyConfig, base: Base, *, folder: Path, say: Say
) -> History:
    """Trains the last layer of a net, all others frozen and in inference mode.

    Labels are not smoothed: on folds of two sets of photographs that was no gain.

    The features of each picture are computed once and kept in the cache, then every epoch is a
    matter of milliseconds. All is a function of data, weights and seed: a run that is killed in
    this phase begins it again, and finds its features in the cache.

    Args:
        net: with a new last layer, which gets what was learned.
        data, config: of the run.
        base: the weights with which the net began.
        folder: of the run.
        say: told in sentences.
    """
    below = Model(net.input, net.get_layer(DROPOUT).input, name=f"{net.name}_features")
    log = RunLog(folder, phase=PHASE)
    found: dict[str, Features] = {}
    for name in ("train", "validation"):
        if name in data.parts:
            source, how = data.parts[name].source, data.preprocess
            recipe = _recipe(base, how)
            found[name] = features_of(below, source, how, recipe=recipe, say=say)
    total, computed = (sum(f(each) for each in found.values()) for f in (_count, _computed))
    seconds = sum(each.seconds for each in found.values())
    log.write("features", pictures=total, computed=computed, seconds=round(seconds, 3))
    cached = f", {total - computed:,} from the cache" if computed < total else ""
    say(f"Features of {total:,} pictures: {computed:,} computed{cached}, {seconds:.1f} s.")
    head = _head(net, data, config)
    batches = _batches(data.parts["train"], found["train"], data, config, shuffle=True)
    held = found.get("validation")
    check = _batches(data.parts["validation"], held, data, config) if held else None
    try:
        return head.fit(
            batches,
            epochs=config.head_epochs or 1,
            validation_data=check,
            class_weight=class_weight(data) if config.balance == "weights" else None,
            seed=config.seed,
            verbose=0,
            callbacks=[MetricsLog(folder / METRICS_FILE, phase=PHASE), log],
        )
    finally:  # where Ctrl-C ends it, what was learned so far is saved
        net.get_layer(HEAD).set_weights(head.get_layer(HEAD).get_weights())


def _count(features: Features) -> int:
    return len(features.rows)


def _computed(features: Features) -> int:
    return features.computed


def _recipe(base: Base, preprocess: Preprocess) -> dict[str, Any]:
    """All that the features depend on beside pixels and machine."""
    how = asdict(preprocess)
    own = {name: how[name] for name in ("size", "channels", "scale", "mean", "std", "order")}
    return {
        "net": base.architecture.name,
        "dialect": base.dialect,
        "weights": base.sha256,
        **{name: list(value) if isinstance(value, tuple) else value for name, value in own.items()},
    }


def _head(net: Model, data: ClassData, config: ClassifyConfig) -> Model:
    """The last two layers as a net of their own, with the same first weights."""
    last = net.get_layer(HEAD)
    end = "sigmoid" if data.several else "softmax"
    with torch.random.fork_rng(devices=[]):
        head = Sequential(
            [
                Input((net.get_layer(DROPOUT).input.shape[-1],)),
                Dropout(config.dropout or 0.0, name=DROPOUT),
                Dense(len(data.class_names), activation=end, name=HEAD),
            ],
            name=PHASE,
        )
    head.get_layer(HEAD).set_weights(last.get_weights())
    steps = (config.head_epochs or 1) * -(-len(data.parts["train"]) // config.batch_size)
    rate = optimizers.schedules.OneCycle(config.head_learning_rate or 1e-3, max(2, steps))
    optimizer = optimizers.AdamW(rate, weight_decay=_WEIGHT_DECAY)
    optimizer.exclude_from_weight_decay(norms_and_biases(head))
    head.compile(optimizer, loss_of(data, 0.0), metrics=metrics_of(data))
    return head


def _batches(
    part: Part,
    features: Features,
    data: ClassData,
    config: ClassifyConfig,
    *,
    shuffle: bool = False,
) -> Loader:
    """The features of a part in batches, with its targets."""
    source = ArraySource(features.rows)
    own = Part(source, part.labels, part.names)
    balance = part.labels if shuffle and config.balance == "sampling" else None
    return own.batches(
        config.batch_size,
        Preprocess(),
        shuffle=shuffle,
        seed=config.seed,
        balance=balance,
        classes=len(data.class_names),
    )
