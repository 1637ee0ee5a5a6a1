"""A training from weights: the last layer on frozen features, then the net at a lower rate."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from striate.io.step_folders import standing_numbers
from striate.models import Model
from striate.tasks.classify.fitting import fit
from striate.tasks.config import ClassifyConfig
from striate.tasks.nets.base import Base
from striate.tasks.pictures.parts import ClassData
from striate.tasks.run.metrics_log import history_of
from striate.tasks.run.run_folder import CHECKPOINTS
from striate.tasks.run.run_log import RunLog
from striate.tasks.transfer.features import Say
from striate.tasks.transfer.head import train_head
from striate.train.callbacks import Callback
from striate.train.history import History

__all__ = ["PHASE", "fit_in_phases"]

PHASE = "net"
"""What the lines of metrics.jsonl and log.jsonl call the second phase."""


def fit_in_phases(
    net: Model,
    data: ClassData,
    config: ClassifyConfig,
    base: Base,
    *,
    folder: Path,
    callbacks: Sequence[Callback] = (),
    say: Say,
) -> History:
    """Trains the last layer, then the stages that are not frozen; goes on where it was stopped.

    Args:
        net: from `compiled_net`, with frozen stages.
        data, config: of the run.
        base: the weights with which the net began.
        folder: of the run.
        callbacks: told of the second phase.
        say: told in sentences.

    Returns:
        The epochs of both phases.
    """
    if not standing_numbers(folder / CHECKPOINTS):
        head = train_head(net, data, config, base, folder=folder, say=say)
        say(_sentence(head))
        if not config.epochs:
            return head
    log = RunLog(folder, phase=PHASE)
    history = fit(
        net,
        data,
        config,
        folder=folder,
        log=log,
        callbacks=callbacks,
        say=say,
        first_epoch=config.head_epochs or 0,
        phase=PHASE,
    )
    whole = history_of(folder)
    whole.notes, whole.params = history.notes, history.params
    return whole


def _sentence(head: History) -> str:
    """How good the last layer alone has become."""
    kind = "val_accuracy" if "val_accuracy" in head.history else "accuracy"
    where = "validation" if kind == "val_accuracy" else "training"
    return f"The last layer alone: {where} accuracy {head.history[kind][-1]:.4f}."
