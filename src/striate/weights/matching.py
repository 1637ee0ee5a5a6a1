"""Which weight of a model is which tensor of a file: by name, then by shape and kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from .. import _check

__all__ = [
    "Match",
    "WeightsReport",
    "called_as_they_are",
    "match_weights",
    "plain_name",
    "unwrapped",
]

_WRAPPERS = ("module.", "_orig_mod.")
_HOLDER = "_layers."
_COUNTER = "num_batches_tracked"
_SHOWN = 6
_NEAREST = 20


@dataclass(frozen=True)
class WeightsReport:
    """How the tensors of a file fit the weights of a model.

    Args:
        matched: the model's names -> the file's.
        missing: weights of the model that the file does not have -> the nearest name that is
            left, or "".
        unlike: weights of the model whose tensor has another shape or kind -> (the model's, the
            file's).
        unused: the file's tensors that the model has no place for.
        left_out: what stands in the file beside the weights, and the counters that torch keeps
            and no layer here needs.
        reshaped: weights whose tensor has axes of size 1 more or less there -> (theirs, ours).
        source: whose names they are: "keras", "torchvision", "timm" …; "" for our own.
        moved: how far the largest change of an output is of the largest output, on one picture
            of noise, before and after; None where the net was not asked.
    """

    matched: Mapping[str, str]
    missing: Mapping[str, str]
    unlike: Mapping[str, tuple[str, str]]
    unused: tuple[str, ...]
    left_out: tuple[str, ...]
    reshaped: Mapping[str, tuple[tuple[int, ...], tuple[int, ...]]] = field(default_factory=dict)
    source: str = ""
    moved: float | None = None

    @property
    def fits(self) -> bool:
        """Whether every weight has its tensor, and every tensor its weight."""
        return not (self.missing or self.unlike or self.unused)

    def lines(self) -> list[str]:
        """One line for each weight and tensor that does not fit."""
        rows = []
        for name, near in self.missing.items():
            rows.append(f"missing  {name}" + (f"  nearest {_printable(near)}" if near else ""))
        for name, (mine, given) in self.unlike.items():
            rows.append(f"unlike   {name}  {mine}, not {given}")
        return rows + [f"unused   {_printable(name)}" for name in self.unused]

    def __str__(self) -> str:
        parts = [f"{len(self.matched)} that fit"]
        for word, names in (("missing", self.missing), ("unlike", self.unlike)):
            parts += _some(word, names)
        return ", ".join([*parts, *_some("unused", self.unused)])


@dataclass(frozen=True)
class Match:
    """A report, and for each weight that fits what is to be copied into it.

    Args:
        report: how the names fit.
        tensors: the model's names -> a tensor of its shape.
        targets: where these go, if not into the model's weights as they lie: views of them.
    """

    report: WeightsReport
    tensors: Mapping[str, Tensor]
    targets: Mapping[str, Tensor] = field(default_factory=dict)


def match_weights(
    wanted: Mapping[str, Tensor],
    given: Mapping[str, Tensor],
    *,
    called: Mapping[str, str | None] | None = None,
    source: str = "",
    left_out: Iterable[str] = (),
) -> Match:
    """Finds for each weight the tensor of its name.

    Where `called` leads several weights to one name, they stand there one after the other. With
    it, shapes may differ in axes of size 1.

    Args:
        wanted: the model's weights by state name.
        given: the file's tensors by name.
        called: the model's names -> the file's, None where it has none. Default: the same names,
            see `called_as_they_are`.
        source: whose names `called` leads to.
        left_out: what the file holds besides, for the report.

    Example:
        >>> import torch
        >>> found = match_weights({"_layers.a.weight": torch.ones(2)}, {"a.weight": torch.ones(2)})
        >>> found.report.matched, found.report.fits
        ({'_layers.a.weight': 'a.weight'}, True)
    """
    names = called_as_they_are(wanted, given) if called is None else called
    used = {name for name in names.values() if name is not None}
    counters = [n for n in given if n.rpartition(".")[2] == _COUNTER and n not in used]
    unused = [name for name in given if name not in used and name not in counters]
    parts = _parts(wanted, names, given)
    matched: dict[str, str] = {}
    missing: dict[str, str] = {}
    unlike: dict[str, tuple[str, str]] = {}
    reshaped: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {}
    tensors: dict[str, Tensor] = {}
    for name, mine in wanted.items():
        their, tensor = names.get(name), parts.get(name)
        if their is None or tensor is None:
            key = their or plain_name(name)
            near = _check.nearest(key, unused, 1) if len(missing) < _NEAREST else []
            missing[name] = near[0] if near else ""
            continue
        if called is not None and _is_reshaped(mine, tensor):
            reshaped[name] = tuple(tensor.shape), tuple(mine.shape)
            tensor = tensor.reshape(mine.shape)
        if not _alike(mine, tensor):
            unlike[name] = _described(mine), _described(tensor)
        else:
            matched[name], tensors[name] = their, tensor
    report = WeightsReport(
        matched, missing, unlike, tuple(unused), (*left_out, *counters), reshaped, source
    )
    return Match(report, tensors)


def called_as_they_are(wanted: Iterable[str], given: Iterable[str]) -> dict[str, str | None]:
    """For each of our names the same name in a file.

    Names are compared as they are where all agree. Else the part `_layers.`, which striate writes
    before the name of a model's layer, is left out on both sides, and the prefix `module.` or
    `_orig_mod.`, which torch's wrappers write before every name, on the file's.

    Example:
        >>> called_as_they_are(["_layers.a.weight"], ["module.a.weight"])
        {'_layers.a.weight': 'module.a.weight'}
    """
    mine = {name: name for name in wanted}
    counters = {n for n in given if n.rpartition(".")[2] == _COUNTER and n not in mine}
    names = [name for name in given if name not in counters]
    theirs = {name: name for name in names}
    if set(mine) != set(theirs):
        plain = [plain_name(name) for name in mine], [plain_name(n) for n in unwrapped(names)]
        if len(set(plain[0])) == len(mine) and len(set(plain[1])) == len(names):
            mine = dict(zip(mine, plain[0], strict=True))
            theirs = dict(zip(plain[1], names, strict=True))
    return {name: theirs.get(key) for name, key in mine.items()}


def plain_name(name: str) -> str:
    """A state name without the holders of layers.

    Example:
        >>> plain_name("_layers.a._layers.b.weight")
        'a.b.weight'
    """
    return name.replace(_HOLDER, "")


def unwrapped(names: Iterable[str]) -> list[str]:
    """A file's names without the prefix that torch's wrappers write before every one.

    Example:
        >>> unwrapped(["module.a", "module.b"]), unwrapped(["module.a", "b"])
        (['a', 'b'], ['module.a', 'b'])
    """
    found = list(names)
    for wrapper in (*_WRAPPERS, *_WRAPPERS):
        if found and all(name.startswith(wrapper) for name in found):
            found = [name.removeprefix(wrapper) for name in found]
    return found


def _parts(
    wanted: Mapping[str, Tensor], names: Mapping[str, str | None], given: Mapping[str, Tensor]
) -> dict[str, Tensor]:
    """For each weight its tensor; where several share one, its rows of it."""
    sharing: dict[str, list[str]] = {}
    for name in wanted:
        their = names.get(name)
        if their is not None and their in given:
            sharing.setdefault(their, []).append(name)
    parts: dict[str, Tensor] = {}
    for their, mine in sharing.items():
        tensor = given[their]
        rows = [wanted[name].shape[0] if wanted[name].dim() else 1 for name in mine]
        if len(mine) > 1 and tensor.dim() and tensor.shape[0] == sum(rows):
            parts |= dict(zip(mine, torch.split(tensor, rows), strict=True))
        else:
            parts |= dict.fromkeys(mine, tensor)
    return parts


def _is_reshaped(mine: Tensor, given: Tensor) -> bool:
    if mine.shape == given.shape:
        return False
    return [n for n in mine.shape if n != 1] == [n for n in given.shape if n != 1]


def _alike(mine: Tensor, given: Tensor) -> bool:
    return mine.shape == given.shape and mine.is_floating_point() == given.is_floating_point()


def _described(tensor: Tensor) -> str:
    return f"{str(tensor.dtype).removeprefix('torch.')} {tuple(tensor.shape)}"


def _some(word: str, names: Iterable[str]) -> list[str]:
    listed = list(names)
    if not listed:
        return []
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return [f"{len(listed)} {word} ({', '.join(map(_printable, listed[:_SHOWN]))}{more})"]


def _printable(name: str) -> str:
    """A name from a file, as it may stand on a line."""
    return (name if name.isprintable() else ascii(name))[:80]
