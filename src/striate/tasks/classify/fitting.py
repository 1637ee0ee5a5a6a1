"""How a net is fitted: its batches, augmentation, loss, optimizer and schedule, by the settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch

from striate import optimizers
from striate.data import Loader
from striate.data.augment import MixUp, Policy, policy
from striate.models import Backbone, Model, rates_by_depth
from striate.tasks.classify.loss import class_weight, loss_of, metrics_of
from striate.tasks.config import ClassifyConfig
from striate.tasks.nets.building import built_net
from striate.tasks.nets.choice import CONVNET, NetChoice
from striate.tasks.pictures.parts import ClassData
from striate.tasks.run.metrics_log import run_logs
from striate.tasks.run.run_folder import CHECKPOINTS
from striate.tasks.run.run_log import RunLog
from striate.tasks.transfer.frozen import NONE, freeze
from striate.train import Checkpoint, LearningRateSweep, norms_and_biases
from striate.train.callbacks import Callback, EarlyStopping
from striate.train.history import History

__all__ = [
    "augmentation",
    "compiled_net",
    "fit",
    "optimizer_of",
    "search_rate",
    "training_batches",
]

_WARMUP = 0.05
_VALIDATION_BATCH, _TIMES = 128, 4
"""Pictures at a time that are not trained on: so many, but four times the batch at most."""


def compiled_net(
    data: ClassData, config: ClassifyConfig, device: torch.device, net: NetChoice = CONVNET
) -> Model:
    """The net with its first weights, frozen and with rates as the settings say.

    Args:
        data: whose pictures and classes it fits.
        config: with a learning rate, or with None before it is searched.
        device: where it computes.
        net: which net.
    """
    made = built_net(data, config, net).to(device)
    if net.base is not None and isinstance(made, Backbone):
        freeze(made, config.freeze_until or NONE)
    loss = loss_of(data, config.label_smoothing)
    steps = -(-len(data.parts["train"]) // config.batch_size)
    made.compile(optimizer_of(made, config, steps), loss, metrics=metrics_of(data))
    return made


def training_batches(data: ClassData, config: ClassifyConfig) -> Loader:
    """The training part in the order of each epoch."""
    part = data.parts["train"]
    return part.batches(
        config.batch_size,
        data.preprocess,
        shuffle=True,
        seed=config.seed,
        balance=part.labels if config.balance == "sampling" else None,
        classes=len(data.class_names),
    )


def augmentation(config: ClassifyConfig) -> Policy:
    """What happens to training pictures."""
    named = policy(config.augment, mirror=config.mirror)
    if not config.mixup:
        return named
    return Policy((*named.transforms, MixUp(config.mixup)))


def fit(
    net: Model,
    data: ClassData,
    config: ClassifyConfig,
    *,
    folder: Path,
    log: RunLog,
    callbacks: Sequence[Callback] = (),
    say: Callable[[str], object] | None = None,
    first_epoch: int = 0,
    phase: str | None = None,
) -> History:
    """Trains the net from its last checkpoint on; numbers and checkpoints go into the run folder.

    Args:
        net: from `compiled_net`.
        data, config: as there.
        folder: of the run.
        log: of what happens in it.
        callbacks: told of what happens.
        say: told in sentences of what is resumed.
        first_epoch: the epochs of the phases before.
        phase: what the lines of the log call it.
    """
    held = data.parts.get("validation")
    classes = len(data.class_names)
    watchers: list[Callback] = []
    if config.early_stop:
        watchers = [EarlyStopping(patience=config.early_stop, restore_best_weights=True)]
    every, place = config.checkpoint_every, folder / CHECKPOINTS
    logs = run_logs(folder, phase=phase, keep=first_epoch > 0)
    checkpoint = Checkpoint(place, every, say=say, saved=log.saved)
    return net.fit(
        training_batches(data, config),
        epochs=first_epoch + config.epochs,
        initial_epoch=first_epoch,
        validation_data=held.batches(
            min(_VALIDATION_BATCH, _TIMES * config.batch_size), data.preprocess, classes=classes
        )
        if held
        else None,
        class_weight=class_weight(data) if config.balance == "weights" else None,
        precision=config.precision,
        seed=config.seed,
        accumulate=config.accumulate,
        ema=config.ema or None,
        augment=augmentation(config),
        verbose=0,
        callbacks=[
            *logs,
            log,
            *watchers,
            *callbacks,
        ],
        checkpoint=checkpoint,
        resume="auto",
        on_diverge=config.on_diverge,
        on_oom=config.on_oom,
    )


def search_rate(net: Model, data: ClassData, config: ClassifyConfig) -> LearningRateSweep:
    """A short run over rising learning rates; the net is left as it is."""
    return net.lr_find(
        training_batches(data, config),
        class_weight=class_weight(data) if config.balance == "weights" else None,
        precision=config.precision,
        seed=config.seed,
        accumulate=config.accumulate,
    )


def optimizer_of(net: Model, config: ClassifyConfig, steps_per_epoch: int) -> optimizers.Optimizer:
    """The optimizer under its schedule; norms and biases do not decay.

    Args:
        net: that it trains.
        config: the settings.
        steps_per_epoch: of the training, for the schedule.
    """
    rate: Any = config.learning_rate
    if rate is None:
        rate = 1e-3  # only until it is searched
    else:
        rate = _schedule(config, rate, steps_per_epoch)
    found: optimizers.Optimizer
    if config.optimizer == "adamw":
        found = optimizers.AdamW(rate, weight_decay=config.weight_decay)
    else:
        decay = config.weight_decay
        found = optimizers.SGD(rate, config.momentum or 0.0, nesterov=True, weight_decay=decay)
    found.exclude_from_weight_decay(norms_and_biases(net))
    if config.depth_decay is not None and isinstance(net, Backbone):
        for parameters, factor in rates_by_depth(net, config.depth_decay):
            found.scale_learning_rate(parameters, factor)
    return found


def _schedule(config: ClassifyConfig, peak: float, steps_per_epoch: int) -> Any:
    steps = max(2, config.epochs * steps_per_epoch)
    if config.schedule == "one-cycle":
        return optimizers.schedules.OneCycle(peak, steps)
    if config.schedule == "constant":
        return peak
    warmup = max(1, round(_WARMUP * steps))
    return optimizers.schedules.CosineDecay(
        0.0, max(1, steps - warmup), warmup_target=peak, warmup_steps=warmup
    )
