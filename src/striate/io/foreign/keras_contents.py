"""What a Keras file says beside its numbers: which layers it holds, and the model's own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["HDF5_START", "TOP", "KerasContents", "KerasLayer"]

HDF5_START = b"\x89HDF\r\n\x1a\n"
"""The first bytes of the files in which Keras keeps numbers."""

TOP = "top_level_model_weights"
"""The name under which stand variables of the model itself, as in Keras' `.h5`."""


@dataclass(frozen=True)
class KerasLayer:
    """A layer whose variables a Keras file holds.

    Args:
        name: in Keras; of a layer in a nested model "outer/inner". Where the file knows no names,
            the counter of its class, such as "conv2d_3".
        kind: the class as Keras writes it in names, such as "conv2d"; "" where it is not known.
        count: of variables, stored as "<name>/0", "<name>/1", … in Keras' order.
    """

    name: str
    kind: str
    count: int


@dataclass(frozen=True)
class KerasContents:
    """What a Keras file holds beside its numbers.

    Args:
        layers: those with variables, in the model's order where the file knows it, else by path
            and counter.
        config: the model as Keras describes it, plain data; None in a file of weights alone.
    """

    layers: tuple[KerasLayer, ...]
    config: dict[str, Any] | None = None
