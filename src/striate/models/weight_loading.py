"""load_weights: numbers into a model that stands, all of them or none."""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from .. import _check
from ..errors import WeightsError
from ..io.foreign.converter import read_foreign
from ..io.store import MANIFEST, read_folder, standing
from ..layers.dense import Dense
from ..layers.reshaping import Flatten
from .network import Network
from .weight_matching import WeightsReport, match_weights

__all__ = ["load_weights"]

_FILE = "model.safetensors"


def load_weights(self: Network, filepath: str | os.PathLike[str]) -> WeightsReport:
    """Copies the weights of a file or folder into the model's own; all fit, or none is changed.

    Names decide which is which: see the report. Numbers are taken as they are, in PyTorch's
    layout, and cast to the model's kind. Where a Dense layer stands behind a Flatten, a file of
    another program counts the inputs channel first, and here the channel is last: such a file is
    warned of. An average that `fit(ema=…)` keeps beside the model belongs to the weights that
    were, and is dropped. The optimizer is left as it is.

    Args:
        filepath: a folder that `save` or a run wrote; a safetensors file; or a state dict that
            `torch.save` wrote, alone or under "state_dict", "model_state_dict" or "model". The
            last is a pickle: it is never followed, but converted by a process that can do nothing
            else, which takes some seconds.

    Returns:
        What was matched with what, and what the file holds besides.

    Raises:
        ArgumentError: no path.
        NotBuiltError: the input shape is not known yet.
        WeightsError: no such file, another format, a damaged or a hostile one; a weight that is
            missing, unlike or unused. The full report is a note of the error.

    Example:
        >>> import striate, torch
        >>> model = striate.Sequential([striate.layers.Dense(1, input_shape=(2,), name="a")])
        >>> torch.save({"a.weight": torch.ones(1, 2), "a.bias": torch.ones(1)}, "weights.pt")
        >>> model.load_weights("weights.pt").matched["_layers.a.bias"]
        'a.bias'
        >>> model(torch.tensor([[2.0, 3.0]])).item()
        6.0
    """
    self._require_built("load_weights")
    if not isinstance(filepath, str | os.PathLike):
        _check.fail(self.place, "filepath", "be the path of a file or folder", filepath)
    wanted: dict[str, Tensor] = self.state_dict()
    place = f'Weights "{os.fspath(filepath)}"'
    given: Mapping[str, Tensor]
    left_out: tuple[str, ...] = ()
    if standing(filepath):
        given = _from_folder(Path(filepath))
    else:
        foreign = read_foreign(filepath)
        given, left_out = foreign.tensors, foreign.left_out
    report = match_weights(wanted, given, left_out=left_out)
    if not report.fits:
        _refuse(place, self, report)
    if not any("_layers." in name for name in given):
        _warn_of_order(place, self)
    with torch.no_grad():
        for name, other in report.matched.items():
            wanted[name].copy_(given[other])
    self.ema = None
    return report


def _from_folder(path: Path) -> Mapping[str, Tensor]:
    """The weights of a model folder, or of the one in a run's folder."""
    inside = standing(path / "model")
    found = standing(path)
    folder = inside if inside and found and not (found / MANIFEST).exists() else path
    given = read_folder(folder, [_FILE])[_FILE]
    if not isinstance(given, dict):
        fix = "Name the folder that model.save made, or a run folder."
        _check.weights_fail(f'Folder "{folder}"', f"hold tensors in {_FILE}", "bytes", fix)
    return given


def _refuse(place: str, model: Network, report: WeightsReport) -> None:
    rule = f"hold the weights of {model.place} and no others; none was changed"
    try:
        _check.weights_fail(place, rule, report, "Rename them, or build the net that they are of.")
    except WeightsError as error:
        error.add_note("\n".join(report.lines()))
        raise


def _warn_of_order(place: str, model: Network) -> None:
    """Warns where another program's Dense weights count the numbers of a picture in other order."""
    numbers = 0
    for layer in model.layers:
        shape = getattr(layer, "built_for", None)
        if isinstance(layer, Flatten) and shape is not None and len(shape) == 4:
            several = None not in shape[1:] and shape[3] > 1 and shape[1] * shape[2] > 1
            numbers = math.prod(shape[1:]) if several else 0
        elif isinstance(layer, Dense):
            if numbers and layer.weight.shape[1] == numbers:
                warnings.warn(
                    f"{place}: {layer.place} stands behind a Flatten, and its inputs were taken in "
                    "the order height, width, channel. If the file is of a net that flattens "
                    "channel first, its numbers are now in wrong places.",
                    stacklevel=3,
                )
            numbers = 0
