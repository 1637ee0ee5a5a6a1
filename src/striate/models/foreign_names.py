"""Which tensor of another program's file is which weight of a model: by the names of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from torch import Tensor

from .. import _check
from ..io.foreign.converter import ForeignWeights
from ..weights import Match, NameMap, match_weights
from ..weights.matching import plain_name, unwrapped
from ..weights.nearest import fitting_maps
from .keras_names import match_keras
from .network import Network
from .origin import Origin

__all__ = ["match_by_names"]

_ALIKE = 0.9  # of the weights, where a file is of this net in another dialect


def match_by_names(model: Network, foreign: ForeignWeights, *, place: str) -> Match:
    """The weights of a file by our own names, else by those of the library that wrote it.

    Args:
        model: built.
        foreign: what the file holds.
        place: the file, for messages.

    Raises:
        WeightsError: the names are those of the model's architecture in another dialect.
    """
    if foreign.keras is not None:
        return match_keras(model, foreign, foreign.keras, place=place)
    wanted: dict[str, Tensor] = model.state_dict()
    plain = match_weights(wanted, foreign.tensors, left_out=foreign.left_out)
    origin: Origin | None = getattr(model, "origin", None)
    if plain.report.fits or origin is None:
        return plain
    maps = fitting_maps(origin.architecture, unwrapped(foreign.tensors))
    found = [(known, _by_map(wanted, foreign.tensors, known, foreign.left_out)) for known in maps]
    own = [match for known, match in found if known.dialect == origin.dialect]
    if not own and any(len(match.tensors) > _ALIKE * len(wanted) for _, match in found):
        _refuse_dialect(place, origin, maps)
    return min([*own, plain], key=_misfits)


def _by_map(
    wanted: Mapping[str, Tensor],
    given: Mapping[str, Tensor],
    known: NameMap,
    left_out: tuple[str, ...],
) -> Match:
    back = dict(zip(unwrapped(given), given, strict=True))
    names = {name: known.called(plain_name(name)) for name in wanted}
    called = {name: their and back.get(their, their) for name, their in names.items()}
    match = match_weights(wanted, given, called=called, source=known.source, left_out=left_out)
    report = match.report
    beside = [
        name for short, name in back.items() if name in report.unused and known.may_lack(short)
    ]
    unused = tuple(name for name in report.unused if name not in beside)
    report = replace(report, unused=unused, left_out=(*report.left_out, *beside))
    return replace(match, report=report)


def _misfits(match: Match) -> int:
    report = match.report
    return len(report.missing) + len(report.unlike) + len(report.unused)


def _refuse_dialect(place: str, origin: Origin, maps: list[NameMap]) -> None:
    sources = " or ".join(dict.fromkeys(known.source for known in maps))
    rule = f'be written for the dialect of the net, "{origin.dialect}"'
    fix = f'Build it as {origin.architecture}(dialect="{maps[0].dialect}").'
    _check.weights_fail(place, rule, f"names of {sources}", fix)
