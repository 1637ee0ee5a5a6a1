"""striate: convolutional vision for Python.

The Keras vocabulary on native PyTorch: `striate.Input`, `striate.Model`, `striate.Sequential`,
`striate.layers`, and `compile`, `fit`, `evaluate`, `predict`. Everything is imported when it is
first used, so that `import striate` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from ._version import __version__

if TYPE_CHECKING:
    from . import (
        activations,
        applications,
        architectures,
        books,
        callbacks,
        data,
        datasets,
        errors,
        explain,
        initializers,
        io,
        layers,
        losses,
        metrics,
        models,
        ops,
        optimizers,
        plan,
        recipes,
        records,
        regularizers,
        settings,
        shapes,
        tasks,
        train,
        utils,
        weights,
        world,
    )
    from .layers.base import register_layer
    from .models import Input, Model, Sequential, load_model
    from .tasks.classify.estimator import ImageClassifier

__all__ = [
    "ImageClassifier",
    "Input",
    "Model",
    "Sequential",
    "__version__",
    "activations",
    "applications",
    "architectures",
    "books",
    "callbacks",
    "data",
    "datasets",
    "errors",
    "explain",
    "initializers",
    "io",
    "layers",
    "load_model",
    "losses",
    "metrics",
    "models",
    "ops",
    "optimizers",
    "plan",
    "recipes",
    "records",
    "register_layer",
    "regularizers",
    "settings",
    "shapes",
    "tasks",
    "train",
    "utils",
    "weights",
    "world",
]

_FROM = {
    "ImageClassifier": "tasks.classify.estimator",
    "Input": "models",
    "Model": "models",
    "Sequential": "models",
    "load_model": "models",
    "register_layer": "layers",
}
"""Names that live in a room of their own: name -> the room."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'striate' has no attribute {name!r}")
    room = importlib.import_module(f".{_FROM.get(name, name)}", __name__)
    return getattr(room, name) if name in _FROM else room


def __dir__() -> list[str]:
    return sorted(__all__)
