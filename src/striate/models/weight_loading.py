"""load_weights: numbers into a model that stands, all of them or none."""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from .. import _check
from ..errors import WeightsError
from ..io.foreign.converter import ForeignWeights, read_foreign
from ..io.store import MANIFEST, read_folder, standing
from ..layers.dense import Dense
from ..layers.reshaping import Flatten
from ..weights import Match, WeightsReport, match_weights
from ..weights.nearest import nearest_architectures
from .foreign_names import match_by_names
from .network import Network
from .probing import answers, moved

__all__ = ["load_weights"]

_FILE = "model.safetensors"
_NOTED = 12


def load_weights(
    self: Network, filepath: str | os.PathLike[str], *, skip_mismatch: bool = False
) -> WeightsReport:
    """Copies the weights of a file or folder into the model's own; all fit, or none is changed.

    Names decide which is which. Files of Keras, torchvision and timm, and of the authors of some
    nets, are read by their own names where the model is a net of `striate.architectures` in their
    dialect. Numbers are taken as they are and cast to the model's kind. Where a Dense layer stands
    behind a Flatten, a file of another program may count the inputs channel first, and here the
    channel is last: such a file is warned of. An average that `fit(ema=…)` keeps beside the model
    belongs to the weights that were, and is dropped. The optimizer is left as it is.

    Args:
        filepath: a folder that `save` or a run wrote; a safetensors file; a state dict that
            `torch.save` wrote, alone or under "state_dict", "model_state_dict" or "model"; or
            Keras' `.weights.h5`, `.h5` or `.keras`. All but the first two are converted by a
            process that can do nothing else, which takes some seconds.
        skip_mismatch: whether what does not fit is left alone, and all else is taken. The report
            says what. Default False: it is an error.

    Returns:
        What was matched with what, what was reshaped, what the file holds besides, and how far
        the outputs moved.

    Raises:
        ArgumentError: no path; a model whose dialect is not that of the file's names.
        NotBuiltError: the input shape is not known yet.
        WeightsError: no such file, another format, a damaged or a hostile one; a weight that is
            missing, unlike or unused; nothing that fits. A note of the error lists the first
            of them.
        MissingExtraError: a Keras file, and h5py is not installed.

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
    if standing(filepath):
        given: Mapping[str, Tensor] = _from_folder(Path(filepath))
        found = match_weights(wanted, given)
    else:
        foreign = read_foreign(filepath)
        given = foreign.tensors
        found = match_by_names(self, foreign, place=place)
        if not found.report.source:
            _warn_of_order(place, self, foreign)
    report = found.report
    if not report.fits and not (skip_mismatch and report.matched):
        _refuse(place, self, report, given)
    before = answers(self)
    _copy(wanted, found)
    self.ema = None
    return replace(report, moved=moved(before, answers(self)))


def _copy(wanted: Mapping[str, Tensor], found: Match) -> None:
    with torch.no_grad():
        for name, tensor in found.tensors.items():
            (found.targets or wanted)[name].copy_(tensor)


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


def _refuse(place: str, model: Network, report: WeightsReport, given: Mapping[str, Tensor]) -> None:
    rule = f"hold the weights of {model.place} and no others; none was changed"
    near = ", ".join(nearest_architectures(given))
    fix = "Rename them, or build the net that they are of."
    if report.unlike and not (report.missing or report.unused):
        fix = "Build the net with their sizes, such as `classes`, or say skip_mismatch=True."
    if near:
        fix += f" Nearest by names and size: {near}."
    try:
        _check.weights_fail(place, rule, report, fix)
    except WeightsError as error:
        lines = report.lines()
        more = [f"… and {len(lines) - _NOTED} more"] if len(lines) > _NOTED else []
        error.add_note("\n".join([*lines[:_NOTED], *more]))
        raise


def _warn_of_order(place: str, model: Network, foreign: ForeignWeights) -> None:
    """Warns where another program's Dense weights count the numbers of a picture in other order."""
    if foreign.keras is not None or any("_layers." in name for name in foreign.tensors):
        return
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
