"""train: from labelled pictures to a trained, scored model in a run folder."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from striate import _check
from striate.data.doctor import refuse_inside
from striate.tasks.classify.folds import train_folds
from striate.tasks.classify.resuming import resume_run, unfinished_like
from striate.tasks.classify.run import Run, Say, silent, train_once
from striate.tasks.nets.choice import choose_net
from striate.tasks.options import TrainOptions
from striate.tasks.pictures.class_data import open_class_data
from striate.train.callbacks import Callback

__all__ = ["train", "train_with"]

_NO_OPTIONS = ("resume", "callbacks", "say")


def train(
    data: str | os.PathLike[str],
    *,
    name: str | None = None,
    runs: str | os.PathLike[str] = "runs",
    format: str = "auto",
    size_px: int | None = None,
    channels: int | None = None,
    validation: float | None = None,
    group_by: str | None = None,
    folds: int = 0,
    fold: int | None = None,
    on_bad_image: str = "fail",
    model: str = "convnet",
    pretrained: bool = False,
    weights: str | None = None,
    weights_sha256: str | None = None,
    freeze_until: str | None = None,
    head_epochs: int | None = None,
    head_learning_rate: float | None = None,
    depth_decay: float | None = None,
    filters: int | None = None,
    dropout: float | None = None,
    epochs: int | None = None,
    batch_size: int | str | None = None,
    accumulate: int = 1,
    optimizer: str | None = None,
    learning_rate: float | str | None = None,
    schedule: str | None = None,
    momentum: float | None = None,
    weight_decay: float | None = None,
    label_smoothing: float | None = None,
    augment: str | None = None,
    mirror: bool | None = None,
    mixup: float | None = None,
    ema: float | bool | None = None,
    balance: str = "auto",
    early_stop: int = 0,
    precision: str = "auto",
    checkpoint_every: str = "epoch, 60s",
    on_diverge: str = "stop",
    on_oom: str = "stop",
    seed: int = 0,
    resume: str | os.PathLike[str] | None = None,
    callbacks: Sequence[Callback] = (),
    say: Say | None = None,
) -> Run:
    """Trains a net on labelled pictures, scores it on held-out ones, writes a run folder.

    The net is `convnet`, or one of `striate.architectures`. What is left out is chosen from the
    data, and said with the reason; see `striate.tasks.config.resolve_config`. The last weights
    are kept, or the average that ends with them: nothing is chosen by the held-out pictures, so
    that the scores are honest. With
    `early_stop` the best epoch is kept; the score is then on the test part if there is one, and
    else the run says that it is on the pictures that chose the epoch. Every picture is decoded
    once before training begins. Ctrl-C ends after the step, and the run folder keeps model and
    numbers.

    Args:
        data: class folders (perhaps below train/, val/, test/), a CSV or JSON Lines table of
            files and labels, an archive of these, or the name of a data set: mnist,
            fashion_mnist, cifar10, digits.
        name: of the run. Default None: the data's.
        runs: the folder of runs; the new one is <runs>/classify/<name>-<n>.
        format: of the data, see `striate.data.open_index`.
        size_px: side to which pictures are brought. Default None: the median of their shorter
            sides, from 16 to 128.
        channels: 1 grey, 3 colour. Default None: grey where all pictures are.
        validation: fraction of each class that is held out where the data does not say. Default
            None: 0.2, or 0.1 where there is a test part.
        group_by: "parent" (folder), a column of the table, or a regular expression of names:
            pictures of one group are never divided.
        folds: how many runs there are, each with another part held out. Default 0: one run.
        fold: the only fold that is trained, from 1. Default None: all.
        on_bad_image: "fail" with the list, or "skip".
        model: "convnet", or a name of `striate.architectures`.
        pretrained: whether the net begins with public weights, "imagenet". The last layer is
            trained first, on features of the frozen net that are computed once and cached; then
            the rest, at a lower rate.
        weights: another name of public weights, a file that `load_weights` takes, or a model or
            run folder. Default None: "imagenet" with `pretrained`, else none.
        weights_sha256: that the weights must have.
        freeze_until: the last stage that keeps its weights; "none", or "all" to train the last
            layer alone. Default None: where the maps are a quarter of the picture's side, and
            "none" from 10,000 pictures on.
        head_epochs, head_learning_rate: of the last layer alone.
        depth_decay: part of the learning rate that each stage has of that of the next.
        filters: of convnet's first block.
        dropout: before the last layer.
        epochs: passes over the training pictures; with weights those after the last layer's.
            Default None: by their number, 10 to 60, with weights 2 to 10.
        batch_size: pictures a step; or "auto": the largest that fits into nine tenths of the free
            memory, at most all. Default None: 32 below 10,000 pictures, else 128.
        accumulate: parts in which a batch passes through the net.
        optimizer: "sgd" (Nesterov's momentum) or "adamw".
        learning_rate: peak of the schedule, or "auto": a short search. Default None: by the batch.
        schedule: "one-cycle", "cosine" (after a warm-up of 5 %) or "constant".
        momentum: of sgd.
        weight_decay: of kernels only, as in `striate.optimizers`.
        label_smoothing: of the cross-entropy, but not where the last layer is trained alone.
        augment: "none", "light", "standard" or "strong", see `striate.data.augment.policy`.
        mirror: whether augmentation mirrors pictures.
        mixup: alpha of MixUp; 0 for none.
        ema: decay of an average of the weights, or whether there is one.
        balance: "none", "weights" of classes in the loss, "sampling" of every class equally
            often, or "auto".
        early_stop: epochs without a lower validation loss that are borne; 0 for no end.
        precision: "float32", "bfloat16", or "auto": bfloat16 where the device multiplies it.
        checkpoint_every: when the run is saved: "epoch", a number of steps, a time such as "60s",
            or several with commas. What was saved goes on with `resume`, bit for bit.
        on_diverge: "stop", or "rollback:lr*0.5": go back to the last checkpoint with half the
            learning rate, three times at most.
        on_oom: "stop": the step is planned first, and a run that does not fit does not begin;
            "accumulate": compute batches in as many parts as memory needs; or "try": begin
            whatever the plan says.
        seed: of weights, order, draws and held-out pictures.
        resume: a run folder goes on with that run from its last checkpoint: what is given beside
            it and is not a default must be its own setting. "auto" goes on with the newest run of
            these settings and data that was stopped, else begins one. Default None: a new run.
        callbacks: told of what happens, such as `striate.callbacks.ProgressBar()`.
        say: told in sentences what is found, chosen and done.

    Returns:
        The run; with folds, that of the last one, with the summary of all in `folds`.

    Raises:
        ArgumentError: an unknown name, or a number out of its range.
        DataError: data or a picture that cannot be used.
        WeightsError: weights that are missing, damaged, or not of the net.
        DivergedError: the loss or a gradient is not finite.
        PlanError: memory does not suffice; the largest batch that fits is named.
        KeyboardInterrupt: Ctrl-C, after model and numbers were written.

    Example:
        >>> run = train("digits", epochs=1)
        >>> run.folder.as_posix(), run.scores.pictures
        ('runs/classify/digits-1', 355)
    """
    given = {name: value for name, value in locals().items() if name not in _NO_OPTIONS}
    given |= {"data": os.fspath(data), "runs": os.fspath(runs)}
    plain = asdict(TrainOptions())
    said = {key: value for key, value in given.items() if value != plain[key]}
    options = TrainOptions(**given)
    return train_with(options, resume=resume, said=said, callbacks=callbacks, say=say)


def train_with(
    options: TrainOptions,
    *,
    resume: str | os.PathLike[str] | None = None,
    said: Mapping[str, Any] | None = None,
    callbacks: Sequence[Callback] = (),
    say: Say | None = None,
) -> Run:
    """`train`, by a record of options that names its data.

    Args:
        options: what the user says.
        resume: as for `train`; a run folder knows its data.
        said: those of the options that were said, and must be those of the run folder.
        callbacks, say: as for `train`.

    Raises:
        ArgumentError, DataError, DivergedError, KeyboardInterrupt: as `train`.

    Example:
        >>> train_with(TrainOptions(data="digits", epochs=1)).class_names[:2]
        ('0', '1')
    """
    say = say or silent
    if resume is not None and resume != "auto":
        return resume_run(Path(resume), said or {}, callbacks=callbacks, say=say)
    refuse_inside("train", "runs", options.runs, options.data or "")
    if options.folds and options.fold is None:
        if resume is not None:
            fix = "Resume the run of one fold: --resume runs/classify/NAME-folds-1/fold-2-1."
            _check.fail("train", "resume", "name one run where there are folds", resume, fix)
        return train_folds(options, callbacks=callbacks, say=say)
    choice = choose_net(options)
    data = open_class_data(options.data or "", options, wanted=choice.wanted)
    if resume is not None:
        found = unfinished_like(options, data, choice=choice, say=say)
        if found is not None:
            return resume_run(found, {"data": options.data}, callbacks=callbacks, say=say)
        say("No run of these settings and data was stopped: a new one begins.")
    return train_once(options, data, choice=choice, callbacks=callbacks, say=say)
