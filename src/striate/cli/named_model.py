"""What MODEL of a command means: a model or run folder, or a net's name."""

from __future__ import annotations

import os
from typing import Any

import striate
from striate import _check

__all__ = ["named_model"]


def named_model(place: str, name: str, *, size: int, classes: int, channels: int) -> Any:
    """The model.

    Args:
        place: the command, for the message.
        name: a folder; or "convnet", or a net of the books, with random weights.
        size, classes, channels: of convnet.

    Raises:
        ArgumentError: neither a folder nor a net's name.
        WeightsError: a folder that holds no whole model.
    """
    if os.path.exists(name) or os.sep in name:
        return striate.load_model(name)
    if name == "convnet":
        return striate.tasks.convnet.convnet((size, size, channels), classes)
    if name in striate.recipes.NETS:
        return striate.recipes.NETS.get(name)()
    known = ", ".join(["convnet", *striate.recipes.NETS])
    rule = f"be a run folder, a model folder or one of {known}"
    _check.fail(place, "model", rule, name, "Is the path of the folder right?")
