"""foreign_state: a model's weights as another library calls and shapes them."""

from __future__ import annotations

import torch
from torch import Tensor

from .. import _check
from ..weights import NameMap
from ..weights.matching import plain_name
from ..weights.names import NAME_MAPS
from .network import Network
from .origin import Origin

__all__ = ["foreign_state"]


def foreign_state(model: Network, to: str) -> dict[str, Tensor]:
    """The state dict of another library's net that computes as a model does.

    Where their net has one weight for several of ours, these stand there one after the other. The
    counters that torch's norms keep are 0.

    Args:
        model: built; a net of `striate.architectures` in the library's dialect.
        to: the library, "torchvision" or "timm", or the author of the names.

    Raises:
        ArgumentError: a library that has no names for the net, or for another dialect of it;
            weights that were added to the net of the paper.

    Example:
        >>> import striate
        >>> net = striate.architectures.sketch("resnet18", dialect="timm")
        >>> list(foreign_state(net, "timm"))[:2]
        ['conv1.weight', 'bn1.weight']
    """
    known = _name_map(model, to)
    state: dict[str, Tensor] = {}
    for key, tensor in model.state_dict().items():
        name = known.called(plain_name(key))
        if name is None:
            rule = f"be a library that has all weights of the net, and {key} too"
            fix = "Leave out what was added, or keep the net by model.save."
            _check.fail(model.place, "to", rule, to, fix)
        shaped = tensor.reshape(known.shape(name, tuple(tensor.shape)))
        state[name] = torch.cat([state[name], shaped]) if name in state else shaped
    counters = [name for name in state if name.endswith(".running_mean")]
    zero = torch.zeros((), dtype=torch.int64)
    return state | {n.replace("running_mean", "num_batches_tracked"): zero for n in counters}


def _name_map(model: Network, to: str) -> NameMap:
    """The names of a library for a net as it is written."""
    origin: Origin | None = getattr(model, "origin", None)
    if origin is None:
        rule = "be a library that has this very net"
        fix = "A net of striate.architectures has names elsewhere; model.save keeps any net."
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
