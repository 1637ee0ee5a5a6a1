"""The error tree.

Every error that striate raises on purpose is one sentence (place, rule, value, way out) and
one of these classes:

    StriateError
    ├── ArgumentError (ValueError)       an argument breaks its rule
    ├── ShapeError (ValueError)          a tensor's shape does not fit
    ├── NotBuiltError (RuntimeError)     parameters were asked for before any shape was known
    ├── DataError                        a file or folder of the user's cannot be used
    ├── WeightsError                     weights or a model folder are missing, damaged or refused
    ├── PlanError                        the plan does not fit the machine
    ├── DivergedError                    a value that must be finite is not
    └── MissingExtraError (ImportError)  an optional extra is not installed
"""

from __future__ import annotations

__all__ = [
    "ArgumentError",
    "DataError",
    "DivergedError",
    "MissingExtraError",
    "NotBuiltError",
    "PlanError",
    "ShapeError",
    "StriateError",
    "WeightsError",
]


class StriateError(Exception):
    """Base of every error that striate raises on purpose."""


class ArgumentError(StriateError, ValueError):
    """An argument breaks its rule; the message names argument, rule, value and way out."""


class ShapeError(StriateError, ValueError):
    """A tensor's shape does not fit the place it came to."""


class NotBuiltError(StriateError, RuntimeError):
    """Parameters were asked for before the input shape was known."""


class DataError(StriateError):
    """A file or folder cannot be used as data; the message names it and what to do."""


class WeightsError(StriateError):
    """Weights or a model folder are missing, damaged, refused or do not fit the model."""


class PlanError(StriateError):
    """What was asked for does not fit this machine."""


class DivergedError(StriateError):
    """A loss, gradient or activation is not finite."""


class MissingExtraError(StriateError, ImportError):
    """An optional extra is needed and not installed; the message holds the install command."""
