"""The settings of a classification run, and how they are chosen where the user leaves them out."""

from __future__ import annotations

from dataclasses import dataclass

from striate import _check

__all__ = ["ClassifyConfig", "epochs_for", "resolve_config"]

_EPOCHS = ((2_000, 40), (10_000, 25), (30_000, 15))
"""(fewer training pictures than this, epochs): small sets need more passes."""

_EPOCHS_OF_LARGE_SETS = 10
_SMALL_SET = 10_000


@dataclass(frozen=True)
class ClassifyConfig:
    """Every setting of a classification run.

    Args:
        data: as the user named it.
        name: of the run.
        epochs: passes over the training pictures.
        batch_size: pictures a step.
        size_px: (h, w) of the pictures.
        channels: 1 grey, 3 colour.
        learning_rate: the peak of the one-cycle schedule.
        momentum: of gradient descent, Nesterov's.
        weight_decay: see `striate.optimizers`.
        label_smoothing: of the cross-entropy.
        dropout: before the last layer.
        precision: "float32" or "bfloat16".
        seed: of weights, order, draws and held-out pictures.
    """

    data: str
    name: str
    epochs: int
    batch_size: int
    size_px: tuple[int, int]
    channels: int
    learning_rate: float
    precision: str
    seed: int
    task: str = "classify"
    net: str = "convnet"
    optimizer: str = "sgd"
    schedule: str = "one-cycle"
    momentum: float = 0.9
    weight_decay: float = 5e-4
    label_smoothing: float = 0.1
    dropout: float = 0.3


def epochs_for(pictures: int) -> int:
    """How often a net of ours should see a training set of so many pictures.

    Example:
        >>> epochs_for(640), epochs_for(60_000)
        (40, 10)
    """
    for limit, epochs in _EPOCHS:
        if pictures < limit:
            return epochs
    return _EPOCHS_OF_LARGE_SETS


def resolve_config(
    data: str,
    name: str,
    *,
    pictures: int,
    input_shape: tuple[int, int, int],
    epochs: int | None,
    batch_size: int | None,
    learning_rate: float | None,
    precision: str,
    seed: int,
) -> ClassifyConfig:
    """The settings of a run: the user's, and for the rest those that fit the training set.

    Args:
        data, name: what is trained on, and what the run is called.
        pictures: in the training part.
        input_shape: (h, w, c) of the pictures.
        epochs: Default None: `epochs_for(pictures)`.
        batch_size: Default None: 32 below 10,000 pictures, else 128.
        learning_rate: Default None: 0.05 at batches of 32, 0.1 at 128: as the square root.
        precision: resolved already.
        seed: any whole number.

    Raises:
        ArgumentError: a number out of its range.
    """
    place = "train"
    size = batch_size
    if size is None:
        size = 32 if pictures < _SMALL_SET else 128
    size = _check.positive_int(place, "batch_size", size)
    rate = 0.05 * (size / 32) ** 0.5 if learning_rate is None else learning_rate
    return ClassifyConfig(
        data=data,
        name=name,
        epochs=_check.positive_int(
            place, "epochs", epochs_for(pictures) if epochs is None else epochs
        ),
        batch_size=size,
        size_px=input_shape[:2],
        channels=input_shape[2],
        learning_rate=_check.positive(place, "learning_rate", rate),
        precision=precision,
        seed=_check.whole(place, "seed", seed, 0),
    )
