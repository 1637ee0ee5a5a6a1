"""plan_run: the plan of the steps that a run makes, by its own settings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from striate.losses import BinaryCrossentropy, CategoricalCrossentropy
from striate.metrics import BinaryAccuracy
from striate.models import Model, plan
from striate.models.loading import read_model_folder
from striate.plan import Plan
from striate.tasks.classify.fitting import optimizer_of
from striate.tasks.classify.resuming import config_of

__all__ = ["plan_run"]


def plan_run(
    folder: str | os.PathLike[str],
    *,
    batch: int | None = None,
    precision: str | None = None,
    optimizer: str | None = None,
    mode: str = "train",
) -> tuple[Model, Plan]:
    """The net of a run, and the plan of its steps.

    Preprocessing, loss, optimizer, precision, batch, parts and the average of the weights are the
    run's, but for what is given. Pictures are uint8, as they come from files. The copy of them that
    augmentation makes is not in the plan.

    Args:
        folder: of a run that has left a model.
        batch: pictures a step. Default None: the run's.
        precision: "float32" or "bfloat16". Default None: the run's.
        optimizer: its name. Default None: the run's own, as it was set.
        mode: "train" or "predict".

    Raises:
        DataError: no run of a training.
        WeightsError: it has left no whole model.

    Example:
        >>> from striate.tasks.classify import train
        >>> run = train("digits", epochs=1, batch_size=50)
        >>> found = plan_run(run.folder)[1]
        >>> found.batch, found.optimizer, found.pixels
        (50, 'sgd', 'uint8')
    """
    config = config_of(Path(folder))
    found = read_model_folder(Path(folder))
    net: Any = found.model
    several = net.layers[-1].get_config().get("activation") == "sigmoid"
    loss = BinaryCrossentropy if several else CategoricalCrossentropy
    metrics: list[Any] = [BinaryAccuracy(name="accuracy"), "f1_score"] if several else ["accuracy"]
    own = optimizer_of(net, config, 1)
    own.bind(net.parameters())
    net.compile(own, loss(label_smoothing=config.label_smoothing), metrics=metrics)
    return net, plan(
        net,
        batch or config.batch_size,
        mode=mode,
        precision=precision or config.precision,
        optimizer=optimizer,
        accumulate=config.accumulate,
        pixels="uint8",
        ema=config.ema or None,
        preprocess=found.preprocess,
    )
