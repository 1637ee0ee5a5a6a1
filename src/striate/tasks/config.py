"""The settings of a classification run, and how they are chosen where the user leaves them out."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from striate import _check
from striate.tasks.defaults import SMALL_SET, defaults
from striate.tasks.nets.choice import CONVNET, NetChoice
from striate.tasks.options import TrainOptions
from striate.tasks.pictures.parts import ClassData
from striate.train.rollback import Rollback
from striate.train.save_times import SaveTimes

__all__ = ["ClassifyConfig", "resolve_config"]

_TINY_PX = 24
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
        weights, weights_sha256, freeze_until, head_epochs, head_learning_rate, depth_decay: None
            for a net that begins without weights.
        filters: None but for convnet.
        dropout: None where the net has its own.
        momentum: None for adamw.
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
    model: str
    pretrained: bool
    weights: str | None
    weights_sha256: str | None
    freeze_until: str | None
    head_epochs: int | None
    head_learning_rate: float | None
    depth_decay: float | None
    filters: int | None
    dropout: float | None
    epochs: int
    batch_size: int
    accumulate: int
    optimizer: str
    learning_rate: float | None
    schedule: str
    momentum: float | None
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


def resolve_config(
    options: TrainOptions, data: ClassData, *, precision: str, net: NetChoice = CONVNET
) -> tuple[ClassifyConfig, tuple[str, ...]]:
    """The settings of a run, and what was chosen for the user with the reasons, in sentences.

    What the options say stands. The rest follows from the training part, and from whether the net
    begins with weights: see `striate.tasks.defaults`. Besides:
    augment: "standard" below 10,000 pictures, else "light", and for pictures below 24 pixels too;
    no mirroring of digits.
    ema: averages over about a tenth of the run, at most 1,000 updates, where there are 500.
    balance: "weights" where the largest class has 3 times the pictures of the smallest.
    label_smoothing: 0.1, but 0 where a picture may have several classes.

    Args:
        options: what the user said; a batch of "auto" was settled before.
        data: that is trained on.
        precision: resolved already.
        net: that is trained.

    Raises:
        ArgumentError: options that do not go together, or not with the data or the net.
    """
    _refuse_what_does_not_fit(options, data)
    SaveTimes.read(options.checkpoint_every, place="train", argument="checkpoint_every")
    Rollback.read(options.on_diverge, place="train")
    train = len(data.parts["train"])
    chosen, whys = defaults(options, train, net)
    if chosen["optimizer"] == "adamw" and options.momentum is not None:
        _check.fail("train", "momentum", "be left out for adamw", options.momentum)
    reasons = list(whys)
    steps = chosen["epochs"] * -(-train // chosen["batch_size"])
    rate = chosen["learning_rate"]
    augment, why = _augment(options.augment, train, data.input_shape[0])
    reasons += [why] if why else []
    mirror = _or(options.mirror, data.mirrors)
    if augment != "none" and not mirror and options.mirror is None:
        reasons.append("Pictures are not mirrored, as digits have a side.")
    balance, why = _balance(options.balance, data)
    reasons += [why] if why else []
    config = ClassifyConfig(
        **{
            **asdict(options),
            **chosen,
            "data": options.data or data.name,
            "name": options.name or data.name,
            "size_px": data.input_shape[0],
            "channels": data.input_shape[2],
            "validation": data.manifest.get("validation_fraction"),
            "fold": (options.fold or 1) if options.folds else None,
            "learning_rate": None if rate == "auto" else rate,
            "schedule": _or(options.schedule, "one-cycle"),
            "momentum": _or(options.momentum, 0.9) if chosen["optimizer"] == "sgd" else None,
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


def _augment(said: str | None, train: int, side_px: int) -> tuple[str, str]:
    """How pictures are changed, and why if it was chosen."""
    if said is not None:
        return said, ""
    if side_px < _TINY_PX:
        return "light", "Augmentation: light, as pictures so small lose much."
    if train < SMALL_SET:
        return "standard", f"Augmentation: standard, as {train:,} pictures are few."
    return "light", f"Augmentation: light, as {train:,} pictures are many."


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
