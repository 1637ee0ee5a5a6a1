"""export_weights: a model's numbers as a file that another library reads."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from .. import _check
from ..io.durable import write_pieces
from ..io.new_file import new_file
from ..io.tensors import pack
from ..weights import NameMap
from ..weights.matching import plain_name
from ..weights.names import NAME_MAPS
from .network import Network
from .origin import Origin

__all__ = ["export_weights"]

_SUFFIX = ".safetensors"


def export_weights(
    self: Network, filepath: str | os.PathLike[str], *, to: str, overwrite: bool = False
) -> Path:
    """Writes the weights under the names of another library, whose net then computes the same.

    The model is a net of `striate.architectures` in the library's dialect. The file is
    safetensors, in which no program can stand, with the counters that torch's norms keep: there,
    `net.load_state_dict(safetensors.torch.load_file(path))` takes it.

    Args:
        filepath: of the file, which ends with .safetensors.
        to: "torchvision" or "timm"; or the author whose names the net of a paper has elsewhere.
        overwrite: whether a file that stands there may be replaced. Default False.

    Returns:
        The file.

    Raises:
        NotBuiltError: the input shape is not known yet.
        ArgumentError: no path or another ending; a library that has no names for the net, or for
            another dialect of it; weights that were added to the net of the paper.
        WeightsError: something stands there; the disk refuses.

    Example:
        >>> import striate
        >>> net = striate.architectures.resnet18((32, 32, 3), classes=7, dialect="timm")
        >>> path = net.export_weights("resnet18.safetensors", to="timm")
        >>> again = striate.architectures.resnet18((32, 32, 3), classes=7, dialect="timm")
        >>> again.load_weights(path).matched["_layers.predictions.bias"]
        'fc.bias'
    """
    self._require_built("export_weights")
    if not isinstance(filepath, str | os.PathLike):
        _check.fail(self.place, "filepath", "be the path of a file", filepath)
    _check.flag(self.place, "overwrite", overwrite)
    state = _named(self, _name_map(self, to))
    if not os.fspath(filepath).endswith(_SUFFIX):
        fix = f'For example "weights{_SUFFIX}".'
        _check.fail(self.place, "filepath", f"end with {_SUFFIX}", os.fspath(filepath), fix)
    packed = pack(self.place, os.path.basename(filepath), state)
    with new_file(filepath, overwrite=overwrite) as path:
        write_pieces(path, packed.pieces())
    return Path(filepath)


def _name_map(model: Network, to: str) -> NameMap:
    """The names of a library for a net as it is written."""
    origin: Origin | None = getattr(model, "origin", None)
    if origin is None:
        rule = "be a library that has this very net"
        fix = "A net of striate.architectures has names elsewhere; any net is kept by model.save."
        _check.fail(model.place, "to", rule, to, fix)
    maps = NAME_MAPS.get(origin.architecture, ())
    named = [known for known in maps if known.source == to]
    fitting = [known for known in named if known.dialect == origin.dialect]
    if fitting:
        return fitting[0]
    if named:
        rule = f"be a library that computes as {origin}"
        fix = f'Its net is {origin.architecture}(dialect="{named[0].dialect}").'
    else:
        rule = f"be a library that has {origin.architecture}"
        known = dict.fromkeys(f'"{known.source}"' for known in maps)
        fix = f"Use {' or '.join(known)}." if known else "None is known that has it."
    _check.fail(model.place, "to", rule, to, fix)


def _named(model: Network, known: NameMap) -> Mapping[str, Tensor]:
    """The weights under a library's names, in its shapes, with the counters of torch's norms."""
    state: dict[str, Tensor] = {}
    for key, tensor in model.state_dict().items():
        name = known.called(plain_name(key))
        if name is None:
            rule = f"be a library that has all weights of the net; {known.source} lacks {key}"
            fix = "Leave what was added out, or keep the net by model.save."
            _check.fail(model.place, "to", rule, known.source, fix)
        shaped = tensor.reshape(known.shape(name, tuple(tensor.shape)))
        state[name] = torch.cat([state[name], shaped]) if name in state else shaped
    counters = [name for name in state if name.endswith(".running_mean")]
    zero = torch.zeros((), dtype=torch.int64)
    return state | {n.replace("running_mean", "num_batches_tracked"): zero for n in counters}
