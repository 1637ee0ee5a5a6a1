"""What is chosen for a training where the user leaves it out: epochs, batches, rates."""

from __future__ import annotations

from typing import Any

from striate import _check
from striate.tasks.nets.base import Base
from striate.tasks.nets.choice import NetChoice
from striate.tasks.options import TrainOptions
from striate.tasks.transfer.frozen import ALL, NONE, checked_stage, early_stage

__all__ = ["SMALL_SET", "defaults", "epochs_for"]

SMALL_SET = 10_000
"""Sets with fewer training pictures are small: small batches, strong augmentation."""

_EPOCHS = ((2_000, 60), (10_000, 30), (30_000, 15))
"""(fewer training pictures than this, epochs): small sets need more passes."""

_EPOCHS_OF_LARGE_SETS = 10
_FILTERS = 32
_RATES = {"sgd": 0.05, "adamw": 2e-3}
"""The peak of the learning rate at batches of 32; it grows as the square root of the batch."""

_DECAYS = {"sgd": 5e-3, "adamw": 0.05}
"""Taken off without momentum, so that 5e-3 is the 5e-4 of those who add it to the gradient."""

_FEW = 400
_TRANSFER_EPOCHS = ((_FEW, 10), (2_000, 5), (10_000, 3))
_TRANSFER_EPOCHS_OF_LARGE_SETS = 2
_TRANSFER_RATES = {"sgd": 3e-3, "adamw": 3e-4}
_TRANSFER_RATES_OF_FEW = {"sgd": 3e-3, "adamw": 1e-4}
"""The peak for fewer than 400 training pictures: a greater one forgets more than they teach."""

_TRANSFER_DROPOUT = 0.2
_HEAD_EPOCHS = 30
_HEAD_RATE = 5e-3
_DEPTH_DECAY = 0.8


def epochs_for(pictures: int) -> int:
    """How often a net without weights should see a training set of so many pictures.

    Example:
        >>> epochs_for(640), epochs_for(60_000)
        (60, 10)
    """
    return _by_size(pictures, _EPOCHS, _EPOCHS_OF_LARGE_SETS)


def defaults(
    options: TrainOptions, pictures: int, net: NetChoice
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Settings by name, and the reasons of those that need one.

    A net without weights: 60 epochs below 2,000 pictures, 30 below 10,000, 15 below 30,000, else
    10; batches of 32 below 10,000 pictures, else 128; learning rate 0.05 (sgd) or 0.002 (adamw)
    at batches of 32, growing as the square root.

    A net with weights: 30 epochs of the last layer; then 10 below 400 pictures, 5 below 2,000, 3
    below 10,000, else 2; adamw at 0.0003, below 400 pictures 0.0001, and 0.8 times that for each
    stage below; batches of 32; below 10,000 pictures the stages of the largest maps are frozen.

    Args:
        options: what the user said, a batch as its number.
        pictures: to train on.
        net: that is trained.

    Raises:
        ArgumentError: options that the net does not have; an unknown stage.
    """
    if net.base is not None:
        return _of_weights(options, pictures, net.base)
    optimizer = _or(options.optimizer, "sgd")
    batch = int(_or(options.batch_size, 32 if pictures < SMALL_SET else 128))
    if net.architecture is not None:
        for name in ("filters", "dropout"):
            if getattr(options, name) is not None:
                rule = f"be left out for {net.name}, which has its own"
                _check.fail("train", name, rule, getattr(options, name))
    ours = net.architecture is None
    found = {
        "filters": _or(options.filters, _FILTERS) if ours else None,
        "dropout": _or(options.dropout, 0.3) if ours else None,
        "epochs": _or(options.epochs, epochs_for(pictures)),
        "batch_size": batch,
        "optimizer": optimizer,
        "learning_rate": _or(options.learning_rate, _RATES[optimizer] * (batch / 32) ** 0.5),
        "weight_decay": _or(options.weight_decay, _DECAYS[optimizer]),
    }
    return found, ()


def _of_weights(
    options: TrainOptions, pictures: int, base: Base
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """For a net that begins with weights."""
    reasons: list[str] = []
    if options.filters is not None:
        _check.fail("train", "filters", "be left out but for convnet", options.filters)
    stage = options.freeze_until
    if stage is None:
        stage = early_stage(base.stages) if pictures < SMALL_SET else NONE
        if stage != NONE:
            reasons.append(
                f"Frozen: up to {stage}, as edges and colours serve all pictures and the largest "
                "maps take the most time."
            )
    checked_stage(stage, base.stages)
    epochs = _or(options.epochs, 0 if stage == ALL else _transfer_epochs(pictures))
    if stage == ALL and epochs:
        fix = "Say head_epochs for the last layer's."
        _check.fail("train", "epochs", "be left out where all else is frozen", epochs, fix)
    optimizer = _or(options.optimizer, "adamw")
    rates = _TRANSFER_RATES_OF_FEW if pictures < _FEW else _TRANSFER_RATES
    batch = int(_or(options.batch_size, 32))
    found = {
        "pretrained": True,
        "weights": base.facts["weights"],
        "weights_sha256": base.sha256,
        "freeze_until": stage,
        "head_epochs": _or(options.head_epochs, _HEAD_EPOCHS),
        "head_learning_rate": _or(options.head_learning_rate, _HEAD_RATE),
        "depth_decay": _or(options.depth_decay, _DEPTH_DECAY),
        "filters": None,
        "dropout": _or(options.dropout, _TRANSFER_DROPOUT),
        "epochs": epochs,
        "batch_size": batch,
        "optimizer": optimizer,
        "learning_rate": _or(options.learning_rate, rates[optimizer]),
        "weight_decay": _or(options.weight_decay, _DECAYS[optimizer]),
    }
    return found, tuple(reasons)


def _transfer_epochs(pictures: int) -> int:
    return _by_size(pictures, _TRANSFER_EPOCHS, _TRANSFER_EPOCHS_OF_LARGE_SETS)


def _by_size(pictures: int, table: tuple[tuple[int, int], ...], largest: int) -> int:
    return next((epochs for limit, epochs in table if pictures < limit), largest)


def _or(said: Any, chosen: Any) -> Any:
    return chosen if said is None else said
