"""Which array of a Keras file is which weight of a model: by the names of layers in Keras."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from torch import Tensor

from .. import _check
from ..io.foreign.converter import ForeignWeights
from ..io.foreign.keras_contents import KerasContents
from ..weights import Match, match_weights
from ..weights.keras_naming import is_counted, ranked
from .keras_layers import (
    KERAS,
    LayerInKeras,
    layers_in_keras,
    map_of,
    networks_in,
    other_dialects,
)
from .network import Network
from .origin import Origin

__all__ = ["match_keras"]

_ALIKE = 0.9  # of the layers, where a file is of this net in another dialect
_ORDERED = ("h5", "keras")  # formats that list the layers in the model's order

Way = dict[str, str]
"""Names of our layers in Keras -> names in the file."""


def match_keras(
    model: Network, foreign: ForeignWeights, contents: KerasContents, *, place: str
) -> Match:
    """The weights of a file by the names of layers in Keras.

    Layers of one name belong together. Names that Keras gives by itself, such as conv2d_7, count
    by their order; where the file has no names, layers of one class do by their place in the model.

    Args:
        model: built.
        foreign: what the file holds.
        contents: which layers.
        place: the file, for messages.

    Raises:
        WeightsError: the file is of the model's net in another dialect; layers without a name of
            their own for which the file has two orders, and both fit.
    """
    ours = layers_in_keras(model)
    theirs = [layer.name for layer in contents.layers]
    is_mapped = any(map_of(getattr(each, "origin", None)) for each in networks_in(model))
    ways = _ways(ours, theirs, is_mapped=is_mapped, is_ordered=foreign.format in _ORDERED)
    found = [_by(way, model, ours, foreign, contents) for way in ways]
    best = min(found, key=_misfits)
    for origin in other_dialects(model):
        if best.report.fits or len(ways[0]) > _ALIKE * len(ours):
            _refuse_dialect(place, origin)
    fitting = {tuple(match.report.matched.values()) for match in found if match.report.fits}
    if not is_mapped and len(fitting) > 1:
        _refuse_two_orders(place)
    return best


def _ways(
    ours: Sequence[LayerInKeras], theirs: Sequence[str], *, is_mapped: bool, is_ordered: bool
) -> list[Way]:
    """The ways in which the layers may belong together, the likeliest first."""
    made = _as_made(ours, theirs)
    if is_counted(theirs) and not is_ordered:
        known = set(theirs)
        by_counters = {each.name: each.counted for each in ours if each.counted in known}
        return [by_counters] if is_mapped else [by_counters, made]
    if not is_mapped:
        return [made, _as_placed(ours, theirs)]
    made |= _of_the_rest(ours, theirs, made)
    if is_ordered and len(ours) == len(theirs):
        return [made, {each.name: name for each, name in zip(ours, theirs, strict=True)}]
    return [made]


def _as_made(ours: Sequence[LayerInKeras], theirs: Sequence[str]) -> Way:
    """By names; those that Keras gave by their numbers' order, in which the layers were made."""
    back = dict(zip(ranked(theirs), theirs, strict=True))
    names = [each.name for each in ours]
    return {name: back[key] for name, key in zip(names, ranked(names), strict=True) if key in back}


def _of_the_rest(ours: Sequence[LayerInKeras], theirs: Sequence[str], way: Way) -> Way:
    """Layers that have a name here and not in Keras, where there are as many of a kind."""
    taken = set(way.values())
    rest = [name for name in theirs if name not in taken]
    groups = _grouped(rest)
    named: dict[str, list[str]] = {}
    for each in ours:
        if each.name not in way:
            front, slash, _ = each.name.rpartition("/")
            named.setdefault(front + slash + each.layer.default_name, []).append(each.name)
    return {
        name: their
        for kind, names in named.items()
        if len(names) == len(groups.get(kind, ()))
        for name, their in zip(names, groups[kind], strict=True)
    }


def _as_placed(ours: Sequence[LayerInKeras], theirs: Sequence[str]) -> Way:
    """By names; those that Keras gave by their order in the model."""
    names = [each.name for each in ours]
    groups = _grouped(theirs)
    return {
        name: groups[key][turn]
        for key, found in _grouped(names).items()
        for turn, name in enumerate(found)
        if turn < len(groups.get(key, ()))
    }


def _grouped(names: Sequence[str]) -> dict[str, list[str]]:
    """Names by what is left of them without the rank of the last one."""
    groups: dict[str, list[str]] = {}
    for name, key in zip(names, ranked(names), strict=True):
        front, slash, last = key.rpartition("/")
        groups.setdefault(front + slash + last.partition("#")[0], []).append(name)
    return groups


def _by(
    way: Way,
    model: Network,
    ours: Sequence[LayerInKeras],
    foreign: ForeignWeights,
    contents: KerasContents,
) -> Match:
    """The match by a way; a layer with another number of arrays than ours has none."""
    state: Mapping[str, Tensor] = model.state_dict(keep_vars=True)
    names = {id(tensor): name for name, tensor in state.items()}
    counts = {layer.name: layer.count for layer in contents.layers}
    wanted = {name: tensor.detach() for name, tensor in state.items()}
    called: dict[str, str | None] = dict.fromkeys(state)
    for each in ours:
        their = way.get(each.name)
        alike = their is not None and counts[their] == len(each.views)
        for number, (tensor, view) in enumerate(zip(each.tensors, each.views, strict=True)):
            name = names[id(tensor)]
            wanted[name] = view
            called[name] = f"{their}/{number}" if alike else None
    match = match_weights(
        wanted, foreign.tensors, called=called, source=KERAS, left_out=foreign.left_out
    )
    return replace(match, targets=wanted)


def _misfits(match: Match) -> int:
    report = match.report
    return len(report.missing) + len(report.unlike) + len(report.unused)


def _refuse_dialect(place: str, origin: Origin) -> None:
    rule = f'be written for the dialect of the net, "{origin.dialect}"'
    fix = f'Build it as {origin.architecture}(dialect="{KERAS}").'
    _check.weights_fail(place, rule, "names of keras", fix)


def _refuse_two_orders(place: str) -> None:
    rule = "name the layers, or list them in the order in which they were made here"
    got = "layers with Keras' own names that fit in two orders"
    fix = "Name the layers in both programs, or save the model as .keras."
    _check.weights_fail(place, rule, got, fix)
