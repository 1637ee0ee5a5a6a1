"""What may be said about a training: every option with its rule, its flag and its words.

The command line makes its flags of this table, and settings in files are read by it. Importing it
loads neither torch nor pydantic, so that a help is quick.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

from striate import _check

__all__ = [
    "AUGMENTATIONS",
    "BALANCES",
    "FORMATS",
    "OPTIMIZERS",
    "SCHEDULES",
    "TrainOptions",
    "help_of",
    "names_by_flag",
]

AUGMENTATIONS = ("none", "light", "standard", "strong")
BALANCES = ("auto", "none", "weights", "sampling")
FORMATS = ("auto", "folder", "table", "coco", "yolo", "voc", "masks")
ON_OOM = ("stop", "accumulate", "try")
OPTIMIZERS = ("sgd", "adamw")
PRECISIONS = ("auto", "float32", "bfloat16")
SCHEDULES = ("one-cycle", "cosine", "constant")
_PLACE = "train"
_MOST_FOLDS = 20

Rule = Callable[[str, Any], Any]


def _choice(known: tuple[str, ...]) -> Rule:
    return lambda name, value: _check.choice(_PLACE, name, value, known)


def _whole(low: int) -> Rule:
    return lambda name, value: _check.whole(_PLACE, name, value, low)


def _number(low: float, high: float = float("inf")) -> Rule:
    return lambda name, value: _check.number(_PLACE, name, value, low, high)


def _seed(name: str, value: Any) -> Any:
    return _check.seed(_PLACE, value)


def _positive(name: str, value: Any) -> Any:
    return _check.positive_int(_PLACE, name, value)


def _fraction(name: str, value: Any) -> Any:
    return _check.fraction(_PLACE, name, value)


def _flag(name: str, value: Any) -> Any:
    return _check.flag(_PLACE, name, value)


def _text(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        _check.fail(_PLACE, name, "be text", value)
    if value.encode(errors="replace").decode() != value:
        fix = "Rename the file or folder, or go into it and name it by a dot."
        _check.fail(_PLACE, name, "be text in UTF-8", value, fix)
    return value


def _above_0(name: str, value: Any) -> Any:
    return _check.positive(_PLACE, name, value)


def _part(name: str, value: Any) -> Any:
    if _check.positive(_PLACE, name, value) > 1:
        _check.fail(_PLACE, name, "be above 0 and at most 1", value)
    return value


def _rate(name: str, value: Any) -> Any:
    if isinstance(value, str) and value != "auto":
        _check.fail(_PLACE, name, "be a number above 0, or auto: a short search", value)
    return value if value == "auto" else _check.positive(_PLACE, name, value)


def _batch(name: str, value: Any) -> Any:
    if isinstance(value, str) and value != "auto":
        rule = "be a whole number of at least 1, or auto: the largest that fits"
        _check.fail(_PLACE, name, rule, value)
    return value if value == "auto" else _check.positive_int(_PLACE, name, value)


def _decay(name: str, value: Any) -> Any:
    return value if isinstance(value, bool) else _check.fraction(_PLACE, name, value)


def _folds(name: str, value: Any) -> Any:
    if _check.whole(_PLACE, name, value, 0) == 1 or value > _MOST_FOLDS:
        _check.fail(_PLACE, name, f"be 2 to {_MOST_FOLDS}, or 0 for one split", value)
    return value


def _channels(name: str, value: Any) -> Any:
    if value not in (1, 3):
        _check.fail(_PLACE, name, "be 1 (grey) or 3 (colour)", value)
    return value


def _option(default: Any, rule: Rule, help: str, flag: str | None = None) -> Any:
    return field(default=default, metadata={"rule": rule, "help": help, "flag": flag})


@dataclass(frozen=True)
class TrainOptions:
    """What a user says about a training; what is None is chosen from the data.

    Raises:
        ArgumentError: an option that breaks its rule.

    Example:
        >>> TrainOptions(epochs=3).epochs
        3
    """

    data: str | None = _option(None, _text, "Data that is trained on.")
    task: str = _option("classify", _choice(("classify",)), "What is learned.")
    name: str | None = _option(None, _text, "Of the run. Default: the data's.", "--name")
    runs: str = _option("runs", _text, "Folder of runs. Default: runs.", "--runs")
    format: str = _option(
        "auto", _choice(FORMATS), f"Of the data: {', '.join(FORMATS)}.", "--format"
    )
    size_px: int | None = _option(
        None, _whole(8), "Side in pixels. Default: by the pictures, up to 128.", "--size"
    )
    channels: int | None = _option(None, _channels, "1 grey, 3 colour. Default: by the pictures.")
    validation: float | None = _option(
        None,
        _fraction,
        "Fraction held out where the data does not say. Default: 0.2, or 0.1 beside a test part.",
        "--validation",
    )
    group_by: str | None = _option(
        None,
        _text,
        "Pictures that belong together are not divided: parent, a column, or a regex of paths.",
        "--group-by",
    )
    folds: int = _option(0, _folds, "Number of cross-validation folds; 0: one split.", "--folds")
    fold: int | None = _option(None, _positive, "Train only this one of the folds, from 1.")
    on_bad_image: str = _option(
        "fail", _choice(("fail", "skip")), "fail (default) or skip, and say so.", "--on-bad-image"
    )
    model: str = _option(
        "convnet", _text, "convnet (default), or one that striate models ls lists.", "--model"
    )
    pretrained: bool = _option(
        False, _flag, "Begin with public weights: the last layer is trained first.", "--pretrained"
    )
    weights: str | None = _option(
        None, _text, "Begin with these: imagenet, a file, or a model folder.", "--weights"
    )
    weights_sha256: str | None = _option(None, _text, "That the weights must have.")
    freeze_until: str | None = _option(
        None,
        _text,
        "Last stage that keeps its weights: a name, none, or all. Default: by the maps.",
        "--freeze-until",
    )
    head_epochs: int | None = _option(None, _positive, "Passes of the last layer alone.")
    head_learning_rate: float | None = _option(None, _above_0, "Peak, of the last layer alone.")
    depth_decay: float | None = _option(
        None, _part, "Part of the rate that each stage has of that of the next, 0..1."
    )
    filters: int | None = _option(None, _positive, "Of the first block of convnet.")
    dropout: float | None = _option(None, _fraction, "Before the last layer.")
    epochs: int | None = _option(None, _whole(0), "Passes. Default: by the data.", "--epochs")
    batch_size: int | str | None = _option(
        None,
        _batch,
        "Pictures a step, or auto: the largest that fits. Default: 32 or 128.",
        "--batch-size",
    )
    accumulate: int = _option(
        1, _positive, "Parts in which a batch is computed, to save memory.", "--accumulate"
    )
    optimizer: str | None = _option(
        None, _choice(OPTIMIZERS), f"{' or '.join(OPTIMIZERS)}. Default: sgd.", "--optimizer"
    )
    learning_rate: float | str | None = _option(
        None, _rate, "Peak, or auto to search it. Default: by the batch.", "--lr"
    )
    schedule: str | None = _option(
        None, _choice(SCHEDULES), f"{', '.join(SCHEDULES)}. Default: one-cycle.", "--schedule"
    )
    momentum: float | None = _option(None, _fraction, "Of sgd.")
    weight_decay: float | None = _option(
        None,
        _number(0.0),
        "Of kernels; norms and biases have none. Default: by optimizer.",
        "--weight-decay",
    )
    label_smoothing: float | None = _option(
        None,
        _fraction,
        "Default: 0.1; 0 for several classes a picture.",
        "--label-smoothing",
    )
    augment: str | None = _option(
        None, _choice(AUGMENTATIONS), f"{', '.join(AUGMENTATIONS)}. Default: by data.", "--augment"
    )
    mirror: bool | None = _option(
        None, _flag, "Whether left and right may change places.", "--mirror/--no-mirror"
    )
    mixup: float | None = _option(None, _number(0.0), "Alpha of MixUp. Default: 0, off.", "--mixup")
    ema: float | bool | None = _option(
        None, _decay, "Average the weights. Default: yes, where the run is long.", "--ema/--no-ema"
    )
    balance: str = _option(
        "auto", _choice(BALANCES), "none, weights, sampling. Default: auto.", "--balance"
    )
    early_stop: int = _option(
        0,
        _whole(0),
        "End after so many epochs without a better loss, and keep the best.",
        "--early-stop",
    )
    precision: str = _option(
        "auto", _choice(PRECISIONS), f"{', '.join(PRECISIONS)}. Default: auto.", "--precision"
    )
    checkpoint_every: str = _option(
        "epoch, 60s",
        _text,
        "When to save: epoch, a number of steps, a time (60s, 5min). Default: epoch, 60s.",
        "--checkpoint-every",
    )
    on_diverge: str = _option(
        "stop",
        _text,
        "stop (default), or rollback:lr*0.5: go back to the last checkpoint, learn slower.",
        "--on-diverge",
    )
    on_oom: str = _option(
        "stop",
        _choice(ON_OOM),
        "Without memory: stop (default); accumulate: batches in parts; try: begin without a plan.",
        "--on-oom",
    )
    seed: int = _option(0, _seed, "Of weights, order, draws and held-out pictures.", "--seed")

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if value is not None:
                each.metadata["rule"](each.name, value)
        if not (self.epochs is None or self.pretrained or self.weights):
            _check.whole(_PLACE, "epochs", self.epochs, 1)
        if self.fold is not None and self.fold > self.folds:
            rule = f"be at most `folds`, here {self.folds}"
            _check.fail(_PLACE, "fold", rule, self.fold)


def help_of(name: str) -> str:
    """The words of an option.

    Example:
        >>> help_of("accumulate")
        'Parts in which a batch is computed, to save memory.'
    """
    return str(next(each.metadata["help"] for each in fields(TrainOptions) if each.name == name))


def names_by_flag() -> dict[str, str]:
    """The flag of each option that has one -> its name.

    Example:
        >>> names_by_flag()["--lr"]
        'learning_rate'
    """
    return {
        each.metadata["flag"]: each.name for each in fields(TrainOptions) if each.metadata["flag"]
    }
