"""The settings of a classification run, and how they are chosen where the user leaves them out."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from striate import _check
from striate.tasks.options import TrainOptions
from striate.tasks.pictures.parts import ClassData
from striate.train.rollback import Rollback
from striate.train.save_times import SaveTimes

__all__ = ["ClassifyConfig", "epochs_for", "resolve_config"]

_EPOCHS = ((2_000, 60), (10_000, 30), (30_000, 15))
"""(fewer training pictures than this, epochs): small sets need more passes."""

_EPOCHS_OF_LARGE_SETS = 10
_SMALL_SET = 10_000
_FILTERS = 32
_TINY_PX = 24
_RATES = {"sgd": 0.05, "adamw": 2e-3}
"""The peak of the learning rate at batches of 32; it grows as the square root of the batch."""

_DECAYS = {"sgd": 5e-3, "adamw": 0.05}
"""Taken off without momentum, so that 5e-3 is the 5e-4 of those who add it to the gradient."""

_EMA_STEPS = 500
"""A shorter run has too few updates for an average of the weights to be better than the last."""

_IMBALANCE = 3.0
"""From this ratio of the largest class to the smallest on the loss is weighted by class."""


@dataclass(frozen=True)
class ClassifyConfig:
    """Every setting of a classification run: config.toml. See `TrainOptions` for what they mean.

    Args:
        learning_rate: the peak; None until it is searched.
        ema: decay of the average of the weights; 0 for none.
        fold: of `folds`, from 1; None without folds.
    """

    data: str
    task: str
    name: str
    runs: str
    format: str
    size_px: int
    channels: int
    validation: float | None
    group_by: str | None
    folds: int
    fold: int | None
    on_bad_image: str
    net: str
    filters: int
    dropout: float
    epochs: int
    batch_size: int
    accumulate: int
    optimizer: str
    learning_rate: float | None
    schedule: str
    momentum: float
    weight_decay: float
    label_smoothing: float
    augment: str
    mirror: bool
    mixup: float
    ema: float
    balance: str
    early_stop: int
    precision: str
    checkpoint_every: str
    on_diverge: str
    on_oom: str
    seed: int


def epochs_for(pictures: int) -> int:
    """How often a net of ours should see a training set of so many pictures.

    Example:
        >>> epochs_for(640), epochs_for(60_000)
        (60, 10)
    """
    for limit, epochs in _EPOCHS:
        if pictures < limit:
            return epochs
    return _EPOCHS_OF_LARGE_SETS


def resolve_config(
    options: TrainOptions, data: ClassData, *, precision: str
) -> tuple[ClassifyConfig, tuple[str, ...]]:
    """The settings of a run, and what was chosen for the user with the reasons, in sentences.

    What the options say stands. The rest follows from the training part:
    epochs: 60 below 2,000 pictures, 30 below 10,000, 15 below 30,000, else 10.
    batch_size: 32 below 10,000 pictures, else 128.
    learning_rate: 0.05 (sgd) or 0.002 (adamw) at batches of 32, growing as the square root.
    augment: "standard" below 10,000 pictures, else "light", and for pictures below 24 pixels too;
    no mirroring of digits.
    ema: averages over about a tenth of the run, at most 1,000 updates, where there are 500.
    balance: "weights" where the largest class has 3 times the pictures of the smallest.
    label_smoothing: 0.1, but 0 where a picture may have several classes.

    Args:
        options: what the user said.
        data: that is trained on.
        precision: resolved already.

    Raises:
        ArgumentError: options that do not go together, or not with the data.
    """
    _refuse_what_does_not_fit(options, data)
    SaveTimes.read(options.checkpoint_every, place="train", argument="checkpoint_every")
    Rollback.read(options.on_diverge, place="train")
    train = len(data.parts["train"])
    small = train < _SMALL_SET
    reasons: list[str] = []
    batch = _or(options.batch_size, 32 if small else 128)
    epochs = _or(options.epochs, epochs_for(train))
    steps = epochs * -(-train // batch)
    optimizer = _or(options.optimizer, "sgd")
    rate = options.learning_rate
    if rate is None:
        rate = _RATES[optimizer] * (batch / 32) ** 0.5
    tiny = data.input_shape[0] < _TINY_PX
    augment = _or(options.augment, "standard" if small and not tiny else "light")
    if options.augment is None:
        why = f"{train:,} pictures are {'few' if small else 'many'}"
        why = "pictures so small lose much" if tiny else why
        reasons.append(f"Augmentation: {augment}, as {why}.")
    mirror = _or(options.mirror, data.mirrors)
    if augment != "none" and not mirror and options.mirror is None:
        reasons.append("Pictures are not mirrored, as digits have a side.")
    balance, why = _balance(options.balance, data)
    reasons += [why] if why else []
    config = ClassifyConfig(
        **{
            **asdict(options),
            "data": options.data or data.name,
            "name": options.name or data.name,
            "size_px": data.input_shape[0],
            "channels": data.input_shape[2],
            "validation": data.manifest.get("validation_fraction"),
            "fold": (options.fold or 1) if options.folds else None,
            "filters": _or(options.filters, _FILTERS),
            "dropout": _or(options.dropout, 0.3),
            "epochs": epochs,
            "batch_size": batch,
            "optimizer": optimizer,
            "learning_rate": None if rate == "auto" else rate,
            "schedule": _or(options.schedule, "one-cycle"),
            "momentum": _or(options.momentum, 0.9),
            "weight_decay": _or(options.weight_decay, _DECAYS[optimizer]),
            "label_smoothing": _or(options.label_smoothing, 0.0 if data.several else 0.1),
            "augment": augment,
            "mirror": mirror,
            "mixup": _or(options.mixup, 0.0),
            "ema": _ema(options.ema, steps),
            "balance": balance,
            "precision": precision,
        }
    )
    return config, tuple(reasons)


def _or(said: Any, chosen: Any) -> Any:
    return chosen if said is None else said


def _refuse_what_does_not_fit(options: TrainOptions, data: ClassData) -> None:
    if data.several and options.balance in ("weights", "sampling"):
        rule = "be none where a picture may have several classes"
        _check.fail("train", "balance", rule, options.balance)
    if options.early_stop and "validation" not in data.parts:
        rule = "be 0 where there is no validation part to watch"
        _check.fail("train", "early_stop", rule, options.early_stop, "Leave --validation out.")
    if options.optimizer == "adamw" and options.momentum is not None:
        _check.fail("train", "momentum", "be left out for adamw", options.momentum)


def _ema(said: float | bool | None, steps: int) -> float:
    """The decay of the average: over a tenth of the run, 1,000 updates at most."""
    if said is False or (said is None and steps < _EMA_STEPS):
        return 0.0
    if isinstance(said, float | int) and said is not True:
        return float(said)
    return 1.0 - 1.0 / min(max(steps / 10, 2.0), 1000.0)


def _balance(said: str, data: ClassData) -> tuple[str, str]:
    """What is done about classes of different sizes, and why if it was chosen."""
    if said != "auto":
        return said, ""
    counts = data.counts[data.counts > 0]
    ratio = float(counts.max() / counts.min()) if len(counts) else 1.0
    if data.several or ratio < _IMBALANCE:
        return "none", ""
    names = [data.class_names[int(pick(data.counts))] for pick in (np.argmax, np.argmin)]
    return "weights", (
        f"Balance: the loss is weighted by class, as {names[0]} has {ratio:.1f} times as many "
        f"training pictures as {names[1]}."
    )
