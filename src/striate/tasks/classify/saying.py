"""What a training is going to do, in sentences."""

from __future__ import annotations

import torch

from striate._counted import counted
from striate.models import Model
from striate.tasks.classify.fitting import augmentation
from striate.tasks.config import ClassifyConfig
from striate.tasks.nets.choice import NetChoice
from striate.tasks.pictures.parts import ClassData
from striate.tasks.run.base_sentence import base_sentence
from striate.train import LearningRateSweep

__all__ = ["net_sentence", "plan_sentences", "rate_sentence"]


def net_sentence(net: Model, data: ClassData, choice: NetChoice) -> str:
    """What the net is, and why."""
    height, width, channels = data.input_shape
    head = ", each by its own yes or no" if data.several else ""
    size = f"{net.count_params():,} parameters, {len(data.class_names)} classes{head}"
    if choice.architecture is None:
        end_h, end_w = net.get_layer("mean").input.shape[1:3]
        large = net.get_layer("block1_conv1").strides != (1, 1)
        stride = "; strides of 2 at once, as the pictures are large" if large else ""
        return (
            f"Net: {choice.name}, as it trains fast and needs no weights from elsewhere: blocks of "
            f"3 × 3 convolutions from {height} × {width} × {channels} down to {end_h} × {end_w}"
            f"{stride}; {size}."
        )
    shape = f"from {height} × {width} × {channels}"
    if choice.base is None:
        return f"Net: {choice.name}, as said, with random weights, {shape}; {size}."
    return (
        f"Net: {choice.name}, as said, with a new last layer, {shape}; {size}. "
        f"{base_sentence(choice.base.facts)}"
    )


def rate_sentence(sweep: LearningRateSweep, rate: float) -> str:
    """What the search for a learning rate gave."""
    if sweep.suggestion is None:
        return f"Learning rate: the search found none, as the loss never fell; {rate:.3g} is taken."
    return f"Learning rate: {rate:.3g}, a tenth of where the loss was least (lr_find.png)."


def plan_sentences(
    config: ClassifyConfig, data: ClassData, device: torch.device, *, asked: str
) -> list[str]:
    """How it will be trained.

    Args:
        config: the settings, with a learning rate.
        data: that is trained on.
        device: where.
        asked: the precision that the user named.
    """
    chosen = " (chosen by auto)" if asked == "auto" else ""
    steps = -(-len(data.parts["train"]) // config.batch_size)
    threads = f" with {counted(torch.get_num_threads(), 'thread')}" if device.type == "cpu" else ""
    most = "at most " if config.early_stop else ""
    extras = []
    if config.ema:
        extras.append(f"weights averaged with decay {config.ema:.4g}")
    if config.balance == "sampling":
        extras.append("every class drawn equally often")
    if config.early_stop:
        patience = counted(config.early_stop, "epoch")
        extras.append(f"an end after {patience} without a lower validation loss")
    more = f" With {', '.join(extras)}." if extras else ""
    pictures = " ".join(augmentation(config).describe().splitlines())
    rows = [f"Each epoch the pictures anew: {pictures}" if config.augment != "none" else pictures]
    first = ""
    if config.weights:
        first = "Then "
        rows.append(
            "First the last layer alone, on features that are computed once, labels not smoothed: "
            f"{counted(config.head_epochs or 0, 'epoch')}, adamw, learning rate up to "
            f"{config.head_learning_rate:.3g}."
        )
        if not config.epochs:
            return rows[1:]
    rows.append(
        f"{first or 'Training: '}{most}{counted(config.epochs, 'epoch')} of "
        f"{counted(steps, 'step')}, batches of {config.batch_size}, {config.optimizer}, "
        f"learning rate up to {config.learning_rate:.3g}{_by_depth(config)}, "
        f"{config.schedule}, {config.precision}{chosen}, {device}{threads}, seed {config.seed}."
        f"{more}"
    )
    return rows


def _by_depth(config: ClassifyConfig) -> str:
    """At which rates the stages learn, where they differ."""
    if config.depth_decay in (None, 1.0):
        return ""
    return f" and {config.depth_decay:g} times that for each stage below"
