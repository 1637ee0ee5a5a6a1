"""Losses with Keras' names and values, as small frozen objects."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn

from .. import _check
from .._registry import Registry
from .base import Loss
from .binary import BinaryCrossentropy
from .categorical import CategoricalCrossentropy, SparseCategoricalCrossentropy
from .dice import Dice
from .focal import BinaryFocalCrossentropy, CategoricalFocalCrossentropy
from .function import FunctionLoss
from .nearest_centre import NearestCentre
from .regression import Huber, MeanAbsoluteError, MeanSquaredError

__all__ = [
    "BinaryCrossentropy",
    "BinaryFocalCrossentropy",
    "CategoricalCrossentropy",
    "CategoricalFocalCrossentropy",
    "Dice",
    "FunctionLoss",
    "Huber",
    "Loss",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "NearestCentre",
    "SparseCategoricalCrossentropy",
    "get",
]

_NAMES: Registry[type[Loss]] = Registry("loss")
_NAMES.register("categorical_crossentropy")(CategoricalCrossentropy)
_NAMES.register("sparse_categorical_crossentropy")(SparseCategoricalCrossentropy)
_NAMES.register("binary_crossentropy")(BinaryCrossentropy)
_NAMES.register("mean_squared_error")(MeanSquaredError)
_NAMES.register("mse")(MeanSquaredError)
_NAMES.register("mean_absolute_error")(MeanAbsoluteError)
_NAMES.register("mae")(MeanAbsoluteError)
_NAMES.register("huber")(Huber)
_NAMES.register("categorical_focal_crossentropy")(CategoricalFocalCrossentropy)
_NAMES.register("binary_focal_crossentropy")(BinaryFocalCrossentropy)
_NAMES.register("dice")(Dice)
_NAMES.register("nearest_centre")(NearestCentre)


def get(loss: str | Loss | Callable[[Tensor, Tensor], Tensor]) -> Loss:
    """A loss by name, the given object as it is, or a function made into a loss.

    Args:
        loss: a name, with the arguments' defaults; a `Loss`; or a function of (y_true, y_pred)
            that gives one number per sample or one for the batch.

    Raises:
        ArgumentError: an unknown name, a class, a loss of torch (which takes the two arguments in
            the other order), or another object.

    Example:
        >>> get("mse")
        MeanSquaredError()
        >>> get("huber").delta
        1.0
    """
    if isinstance(loss, Loss):
        return loss
    if isinstance(loss, str):
        return _NAMES.get(loss, place="compile", argument="loss")()
    if isinstance(loss, nn.Module):
        rule = "be a loss of striate or a function: a torch loss takes (y_pred, y_true)"
        fix = "Wrap it: loss=lambda y_true, y_pred: torch_loss(y_pred, y_true)."
        _check.fail("compile", "loss", rule, loss, fix)
    if isinstance(loss, type) or not callable(loss):
        rule = "be the name of a loss, a loss object, or a function of (y_true, y_pred)"
        fix = 'For example loss="mse" or loss=Huber(delta=0.5).'
        _check.fail("compile", "loss", rule, loss, fix)
    return FunctionLoss(loss)
