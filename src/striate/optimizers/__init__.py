"""Optimizers with Keras' names, arguments and update rules, as `torch.optim.Optimizer`s."""

from __future__ import annotations

from collections.abc import Callable

import torch

from .. import _check
from .._registry import Registry
from . import schedules
from .adagrad import Adagrad
from .adam import Adam, AdamW
from .base import Optimizer
from .nadam import Nadam
from .rmsprop import RMSprop
from .sgd import SGD

__all__ = [
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "Nadam",
    "Optimizer",
    "RMSprop",
    "get",
    "schedules",
]

_NAMES: Registry[Callable[[], Optimizer]] = Registry("optimizer")
_NAMES.register("sgd")(SGD)
_NAMES.register("rmsprop")(RMSprop)
_NAMES.register("adam")(Adam)
_NAMES.register("adamw")(AdamW)
_NAMES.register("nadam")(Nadam)
_NAMES.register("adagrad")(Adagrad)


def get(optimizer: str | torch.optim.Optimizer, *, place: str = "compile") -> torch.optim.Optimizer:
    """A fresh optimizer with its defaults by name, or the given object as it is.

    Args:
        optimizer: "sgd", "rmsprop", "adam", "adamw", "nadam" or "adagrad", in upper or lower
            case; or an optimizer, also one of torch's that already holds its parameters.
        place: whose argument the messages say it is. Default "compile".

    Raises:
        ArgumentError: an unknown name, a class, or another object.

    Example:
        >>> get("RMSprop")
        RMSprop(learning_rate=0.001, rho=0.9, momentum=0.0, epsilon=1e-07, centered=False)
    """
    if isinstance(optimizer, torch.optim.Optimizer):
        return optimizer
    if not isinstance(optimizer, str):
        rule = "be the name of an optimizer, or an optimizer object"
        fix = 'For example optimizer="adam" or optimizer=Adam(learning_rate=0.001).'
        _check.fail(place, "optimizer", rule, optimizer, fix)
    lower = optimizer.lower()
    name = lower if lower in _NAMES else optimizer
    return _NAMES.get(name, place=place, argument="optimizer")()
