"""export_weights: a model's numbers as a file that another library reads."""

from __future__ import annotations

import os
from pathlib import Path

from .. import _check
from ..io.durable import write_pieces
from ..io.new_file import new_file
from ..io.tensors import pack
from .foreign_state import foreign_state
from .keras_export import export_to_keras
from .keras_layers import KERAS
from .network import Network

__all__ = ["export_weights"]

_SUFFIX = ".safetensors"


def export_weights(
    self: Network, filepath: str | os.PathLike[str], *, to: str, overwrite: bool = False
) -> Path:
    """Writes the weights under the names of another library, whose net then computes the same.

    The model is a net of `striate.architectures` in the library's dialect. The file is
    safetensors, in which no program can stand, with the counters that torch's norms keep: there,
    `net.load_state_dict(safetensors.torch.load_file(path))` takes it.

    For Keras any model of layers that Keras has will do, of Keras' nets in its dialect. There,
    `net.load_weights(path)` takes the file where the net is made of the same layers, joined in the
    same way: Keras finds a layer by the counter of its class in `net.layers`.

    Args:
        filepath: of the file, which ends with .safetensors; for Keras with .weights.h5.
        to: "keras", "torchvision" or "timm"; or the author whose names the net of a paper has
            elsewhere.
        overwrite: whether a file that stands there may be replaced. Default False.

    Returns:
        The file.

    Raises:
        NotBuiltError: the input shape is not known yet.
        ArgumentError: no path or another ending; a library that has no names for the net, or for
            another dialect of it; weights that were added to the net of the paper; for Keras
            layers with weights that it lacks, or joined by `call`.
        MissingExtraError: for Keras, h5py is not installed.
        WeightsError: something stands there; the disk refuses.

    Example:
        >>> import striate
        >>> net = striate.architectures.squeezenet_1_1(classes=7, dialect="torchvision")
        >>> path = net.export_weights("net.safetensors", to="torchvision")
        >>> again = striate.architectures.squeezenet_1_1(classes=7, dialect="torchvision")
        >>> again.load_weights(path).matched["_layers.conv10.bias"]
        'classifier.1.bias'
    """
    self._require_built("export_weights")
    if not isinstance(filepath, str | os.PathLike):
        _check.fail(self.place, "filepath", "be the path of a file", filepath)
    _check.flag(self.place, "overwrite", overwrite)
    if to == KERAS:
        return export_to_keras(self, filepath, overwrite=overwrite)
    state = foreign_state(self, to)
    if not os.fspath(filepath).endswith(_SUFFIX):
        fix = f'For example "weights{_SUFFIX}".'
        _check.fail(self.place, "filepath", f"end with {_SUFFIX}", os.fspath(filepath), fix)
    packed = pack(self.place, os.path.basename(filepath), state)
    with new_file(filepath, overwrite=overwrite) as path:
        write_pieces(path, packed.pieces())
    return Path(filepath)
