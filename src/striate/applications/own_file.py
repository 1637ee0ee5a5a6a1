"""A file of the user: in which dialect the net of its weights is written, and what is taken."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from .. import _check
from ..architectures import Architecture, sketch
from ..io.foreign.converter import read_foreign
from ..io.store import standing
from ..models import Backbone
from ..models.loading import read_model_folder
from ..weights.nearest import dialect_of

__all__ = ["is_path", "load_file", "written_in"]

_KERAS = (".h5", ".keras")


def is_path(weights: str | os.PathLike[str]) -> bool:
    """Whether the weights that a user asks for are a file: it exists, or is named like one.

    Example:
        >>> is_path("imagenet"), is_path("mine.safetensors"), is_path("keras/imagenet")
        (False, True, False)
    """
    if not isinstance(weights, str):
        return True
    is_named_so = bool(os.path.splitext(weights)[1]) or os.path.isabs(weights)
    return is_named_so or os.path.exists(weights)


def written_in(architecture: Architecture, path: str | os.PathLike[str]) -> str:
    """The dialect of the net whose weights a file or model folder holds.

    Where neither the folder nor the names in the file tell, it is the architecture's first one.

    Args:
        architecture: of the net.
        path: of the file or folder.

    Raises:
        WeightsError: no such file, or one that cannot be read.
    """
    known = [each.name for each in architecture.dialects]
    if standing(path):
        origin = getattr(read_model_folder(os.fspath(path)).model, "origin", None)
        found = origin.dialect if origin is not None else None
    elif Path(path).suffix.lower() in _KERAS:
        found = "keras"
    else:
        found = dialect_of(architecture.name, read_foreign(path).tensors)
    return found if found in known else known[0]


def load_file(net: Backbone, path: str | os.PathLike[str], *, include_top: bool) -> None:
    """Copies a file's weights into a net; where the net has no top, those of a top are left.

    Args:
        net: of an architecture.
        path: of the file or folder.
        include_top: whether the net has its top.

    Raises:
        WeightsError: what the net needs is missing, or the file holds more than a top besides.
    """
    if include_top:
        net.load_weights(path)
        return
    report = net.load_weights(path, skip_mismatch=True)
    if report.missing or report.unlike or len(report.unused) > _top_count(net):
        rule = f"hold the weights of {net.place}, and of its top at most besides"
        fix = "Name the architecture that they are of."
        _check.weights_fail(f'Weights "{os.fspath(path)}"', rule, report, fix)


def _top_count(net: Any) -> int:
    """How many weights the top has that the net was built without."""
    whole = sketch(net.origin.architecture, dialect=net.origin.dialect)
    return len(whole.state_dict()) - len(net.state_dict())
