"""What a training settles about memory before it begins: its batch, and whether it fits."""

from __future__ import annotations

from dataclasses import replace

import torch

from striate.models import Model
from striate.models.planning.enough_memory import beginning, largest_batch
from striate.models.planning.run_memory import run_memory
from striate.models.planning.step_memory import StepMemory
from striate.tasks.classify.fitting import augmentation, compiled_net, training_batches
from striate.tasks.config import ClassifyConfig, resolve_config
from striate.tasks.nets.choice import NetChoice
from striate.tasks.options import TrainOptions
from striate.tasks.pictures.parts import ClassData

__all__ = ["require_memory", "with_batch"]


def with_batch(
    options: TrainOptions,
    data: ClassData,
    choice: NetChoice,
    *,
    precision: str,
    device: torch.device,
) -> tuple[TrainOptions, list[str]]:
    """The options with a number in the place of a batch of "auto", and a sentence on it.

    It is the largest whose steps fit into nine tenths of the free memory, at most all pictures.
    Learning rate and average then follow from it as from any other.

    Args:
        options: what the user says.
        data: opened by the same options.
        choice: which net, by the same options.
        precision: resolved already.
        device: where the net computes.

    Raises:
        PlanError: not even one picture fits, or what fits cannot be known.
    """
    if options.batch_size != "auto":
        return options, []
    one = replace(options, batch_size=1)
    config, _ = resolve_config(one, data, precision=precision, net=choice)
    memory = _memory_of(compiled_net(data, config, device, choice), data, config)
    count, sentence = largest_batch(memory, len(data.parts["train"]), place="train")
    return replace(options, batch_size=count), [sentence]


def require_memory(net: Model, data: ClassData, config: ClassifyConfig) -> None:
    """Refuses a training whose steps do not fit, before anything of it is written.

    Args:
        net: from `compiled_net`.
        data, config: as there.

    Raises:
        PlanError: they do not fit; the ways out are named.
    """
    if config.epochs and config.on_oom == "stop":
        samples = min(config.batch_size, len(data.parts["train"]))
        beginning(_memory_of(net, data, config), samples, place="train")


def _memory_of(net: Model, data: ClassData, config: ClassifyConfig) -> StepMemory:
    return run_memory(
        net,
        training_batches(data, replace(config, batch_size=1)),
        place="train",
        precision=config.precision,
        accumulate=config.accumulate,
        ema=config.ema or None,
        augment=augmentation(config),
    )
