"""What a training is going to do, in sentences."""

from __future__ import annotations

import torch

from striate._counted import counted
from striate.models import Model
from striate.tasks.classify.fitting import augmentation
from striate.tasks.config import ClassifyConfig
from striate.tasks.pictures.parts import ClassData
from striate.train import LearningRateSweep

__all__ = ["net_sentence", "plan_sentences", "rate_sentence"]


def net_sentence(net: Model, data: ClassData, config: ClassifyConfig) -> str:
    """What the net is, and why."""
    height, width, channels = data.input_shape
    end_h, end_w = net.get_layer("mean").input.shape[1:3]
    large = net.get_layer("block1_conv1").strides != (1, 1)
    stride = "; strides of 2 at once, as the pictures are large" if large else ""
    head = ", each by its own yes or no" if data.several else ""
    return (
        f"Net: {config.net}, as it trains fast and needs no weights from elsewhere: blocks of "
        f"3 × 3 convolutions from {height} × {width} × {channels} down to {end_h} × {end_w}"
        f"{stride}; {net.count_params():,} parameters, {len(data.class_names)} classes{head}."
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
    return [
        f"Each epoch the pictures anew: {pictures}" if config.augment != "none" else pictures,
        f"Training: {most}{counted(config.epochs, 'epoch')} of {counted(steps, 'step')}, "
        f"batches of {config.batch_size}, {config.optimizer}, "
        f"learning rate up to {config.learning_rate:.3g}, "
        f"{config.schedule}, {config.precision}{chosen}, {device}{threads}, seed {config.seed}."
        f"{more}",
    ]
